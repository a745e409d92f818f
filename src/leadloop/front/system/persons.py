"""Pages for requests about personal data: look somebody up, see what is kept, hand it out, erase them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.front.access import needs, viewer_of
from leadloop.front.system.system_page import tabs
from leadloop.kernel import clock
from leadloop.kernel.text import email, phone
from leadloop.ledger.contracts import by_user
from leadloop.loop.erasing import REASONS, Outlook, erase, hand_out, outlook
from leadloop.people.contracts import Channel, PersonRow
from leadloop.people.queries import erased, people, search, with_address
from leadloop.platform.queries import company
from leadloop.platform.roles import Capability as Can

SHOWN = 20


class EraseForm(forms.Form):
    """Why, how open leads end, and the typed word that says who is meant."""

    reason = forms.ChoiceField(label="Why", choices=list(REASONS.items()), help_text="It stands on the ledger.")

    def __init__(self, *args: Any, about: Outlook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word = word_for(about.person)
        if about.ending:
            self.fields["ending"] = forms.ChoiceField(
                label="Their open leads end as",
                choices=list(about.endings.items()),
                initial=about.usual_ending,
            )
        self.fields["typed"] = forms.CharField(
            label=f"Type {self.word} to erase them", widget=forms.TextInput(attrs={"autocomplete": "off"})
        )

    def clean_typed(self) -> str:
        """Refuse what is not the word, whatever its case."""
        typed = str(self.cleaned_data["typed"]).strip()
        if typed.casefold() != self.word.casefold():
            raise forms.ValidationError(f"This is not {self.word}.")
        return typed


def word_for(person: PersonRow) -> str:
    """What has to be typed: their address, else their number, else their name."""
    return person.email or person.phone or person.name


@require_GET
@needs(Can.SYSTEM, "edit")
def persons(request: HttpRequest) -> HttpResponse:
    """Look somebody up by address, number or name."""
    asked = request.GET.get("q", "").strip()[:200]
    found = _found(asked) if asked else []
    context = {
        "q": asked,
        "found": [{"id": row.id, "name": row.name, "detail": _detail(row)} for row in found],
        "was_erased": bool(asked) and not found and _was_erased(asked),
        "tabs": tabs(viewer_of(request), "persons"),
        "page": "system",
    }
    return render(request, "system/persons.html", context)


@require_GET
@needs(Can.SYSTEM, "edit")
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """What is kept about somebody, and what erasing would do."""
    about = outlook(person_id)
    if about.person.id != person_id:
        return redirect(f"/system/persons/{about.person.id}")
    return _page(request, about, EraseForm(about=about))


@require_POST
@needs(Can.SYSTEM, "edit")
def taken_out(request: HttpRequest, person_id: int) -> HttpResponse:
    """The file with everything that is kept; it is noted on the ledger that it was handed out."""
    file = hand_out(person_id, actor=by_user(viewer_of(request).user_id), now=clock.now())
    answer = HttpResponse(file, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="person-{person_id}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@needs(Can.SYSTEM, "edit")
def erased_now(request: HttpRequest, person_id: int) -> HttpResponse:
    """Erase them, once the word is typed."""
    about = outlook(person_id)
    form = EraseForm(request.POST, about=about)
    if not form.is_valid():
        return _page(request, about, form, status=422)
    given = form.cleaned_data
    erase(
        person_id=person_id,
        reason=given["reason"],
        ending=given.get("ending", ""),
        actor=by_user(viewer_of(request).user_id),
        now=clock.now(),
    )
    messages.success(request, "They are erased. Nothing that names them is left here.")
    return redirect(f"/system/persons/{about.person.id}")


def _page(request: HttpRequest, about: Outlook, form: EraseForm, *, status: int = 200) -> HttpResponse:
    context = {
        "about": about,
        "going_on": len(about.going_on),
        "form": form,
        "tabs": tabs(viewer_of(request), "persons"),
        "page": "system",
    }
    return render(request, "system/person.html", context, status=status)


def _found(asked: str) -> list[PersonRow]:
    exact = with_address(asked, company().country)
    return list(people(exact).values()) if exact else search(asked, limit=SHOWN)


def _detail(row: PersonRow) -> str:
    return " · ".join(part for part in (row.company_name, row.email, row.phone) if part)


def _was_erased(asked: str) -> bool:
    """Whether somebody of this very address was erased: only its hash is left to tell."""
    mail, number = email(asked), phone(asked, company().country)
    return bool(mail and erased([mail], Channel.EMAIL)) or bool(number and erased([number], Channel.CALL))
