"""A call came in: one form, who has the number while it is typed, and the lead at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from leadloop.catalogue.queries import families
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number as whole
from leadloop.front.mistakes import blame
from leadloop.front.work.forms import Moment
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.leads.queries import open_of, rows, visible
from leadloop.loop import commands
from leadloop.loop.commands import CameIn, Taken
from leadloop.people.queries import people, with_address
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import company, names
from leadloop.platform.roles import Capability as Can

SHORTEST = 6  # digits; with less nobody is looked up
MOST_KNOWN = 6
ELSE = "0"
LOOK_UP = {
    "type": "tel",
    "inputmode": "tel",
    "autocomplete": "off",
    "autofocus": True,
    "hx-get": "/calls/in/known",
    "hx-trigger": "input changed delay:250ms",
    "hx-target": "#known",
    "hx-include": "this",
}


class CameInForm(forms.Form):
    """What is written down while somebody talks; the number alone is needed."""

    phone = forms.CharField(label="Number", max_length=60, widget=forms.TextInput(attrs=LOOK_UP))
    person_id = forms.CharField(required=False, max_length=20)
    name = forms.CharField(label="Name", max_length=200, required=False)
    company = forms.CharField(label="Company", max_length=200, required=False)
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    interest_id = forms.TypedChoiceField(label="What is it about?", coerce=int, required=False, empty_value=None)
    message = forms.CharField(
        label="What do they want?", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    next_step_note = forms.CharField(label="Next step", max_length=500, required=False)

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.viewer = viewer
        interest = self.fields["interest_id"]
        assert isinstance(interest, forms.ChoiceField)
        active = [(str(one.id), one.name) for one in families().values() if one.is_active]
        interest.choices = [("", "As usual"), *active]
        self.fields["next_step_at"] = Moment(zone=viewer.zone, label="Next step on", required=False)

    def clean_phone(self) -> str:
        """Enough of a number that somebody could ring back."""
        given = str(self.cleaned_data["phone"])
        if sum(map(str.isdigit, given)) < SHORTEST:
            raise forms.ValidationError("Type the number they called from.")
        return given

    def clean(self) -> dict[str, Any]:
        """Where several may be meant, ask who it is. A next step needs its time."""
        said = self.cleaned_data
        if said.get("next_step_note") and not said.get("next_step_at") and "next_step_at" not in self.errors:
            self.add_error("next_step_at", "Say when.")
        known = {str(one["id"]) for one in known_by(self.viewer, said.get("phone", ""))}
        if known and said.get("person_id") not in {*known, ELSE}:
            self.add_error(None, "The number is known. Say who it is.")
        return said

    def call(self) -> CameIn:
        """The call as the command takes it."""
        given = dict(self.cleaned_data)
        person_id = whole(given.pop("person_id")) or None
        return CameIn(**given, person_id=person_id)


@require_http_methods(["GET", "POST"])
@needs(Can.ACTIVITIES, "edit")
def came_in(request: HttpRequest) -> HttpResponse:
    """The form; POST takes the call in and opens its lead."""
    viewer = viewer_of(request)
    form = CameInForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        try:
            taken = commands.call_came_in(viewer, form.call(), now=clock.now())
        except (Invalid, Conflict) as wrong:
            blame(form, wrong, portal="phone")
        else:
            return _opened(request, viewer, taken)
    typed = str(form["phone"].value() or "")
    chosen = str(form["person_id"].value() or "")
    context = {"form": form, "page": "calls", "known": _choices(known_by(viewer, typed), chosen)}
    return render(request, "calls/came_in.html", context, status=422 if form.is_bound else 200)


@require_GET
@needs(Can.ACTIVITIES, "edit")
def known(request: HttpRequest) -> HttpResponse:
    """Who has the number that is being typed."""
    found = known_by(viewer_of(request), request.GET.get("phone", ""))
    return render(request, "calls/_known.html", {"known": _choices(found, "")})


def known_by(viewer: Viewer, typed: str) -> list[dict[str, Any]]:
    """Persons who have this number, with their open leads as far as the viewer sees those. At most six queries."""
    if sum(map(str.isdigit, typed)) < SHORTEST:
        return []
    ids = with_address(typed, company().country or None)[:MOST_KNOWN]
    if not ids:
        return []
    leads = open_of(ids)
    seen = visible(viewer, [lead.id for lead in leads])
    staff, about = names({lead.owner_id for lead in leads}), families()
    persons = people(ids)
    return [
        {
            "id": person_id,
            "name": persons[person_id].name,
            "company": persons[person_id].company_name,
            "leads": [
                {
                    "about": about[lead.interest_id].name,
                    "owner": staff.get(lead.owner_id, ""),
                    "url": f"/leads/{lead.id}" if lead.id in seen else "",
                }
                for lead in leads
                if lead.person_id == person_id
            ],
        }
        for person_id in ids
    ]


def _choices(found: list[dict[str, Any]], chosen: str) -> list[dict[str, Any]]:
    """The same to choose from; the only one is chosen unless somebody else was."""
    alone = len(found) == 1 and not chosen
    return [{**one, "chosen": alone or str(one["id"]) == chosen, "else": chosen == ELSE} for one in found]


def _opened(request: HttpRequest, viewer: Viewer, taken: Taken) -> HttpResponse:
    """On to the lead; who may not see it hears who has it."""
    if taken.lead_id is None:
        messages.success(request, "The call is noted.")
        return redirect("/calls")
    if taken.lead_id in visible(viewer, [taken.lead_id]):
        messages.success(request, "The call is taken in.")
        return redirect(f"/leads/{taken.lead_id}")
    owner_id = rows([taken.lead_id])[taken.lead_id].owner_id
    messages.success(request, f"The call is taken in. {names([owner_id])[owner_id]} has it.")
    return redirect("/calls")
