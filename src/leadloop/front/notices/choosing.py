"""Everybody's own choice of what they get by e-mail, and when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from leadloop.front.access import everybody, viewer_of
from leadloop.kernel import clock
from leadloop.loop.digest.sending import reads
from leadloop.loop.notices.choosing import choices, choose
from leadloop.loop.notices.contracts import Choice, Topic, Way
from leadloop.loop.notices.rules import usual_way
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability as Can

WAYS = {
    Way.PAGE: "By no letter",
    Way.MAIL: "By e-mail at once",
    Way.DAILY: "In the letter of the day",
    Way.WEEKLY: "In the letter of the week",
}
ABOUT = {
    Topic.LEAD: ("New leads", "A lead is handed over to you. Of many at once there is one letter."),
    Topic.LATE: ("Promises of yours", "The time for an answer, a contact or a next step of yours ran out."),
    Topic.BACK: ("Leads pulled back", "You did not answer a hand-over in time, so it went to somebody else."),
    Topic.WATCH: ("Late in your stages", "Somebody else’s lead is late in a stage of yours. The page Loop shows it."),
    Topic.APPEAL: ("Appeals", "An appeal waits for you to decide, or one that concerns you was decided."),
    Topic.MAILING: ("Stopped mailings", "A mailing that you made or confirmed was stopped."),
    Topic.REPLY: ("Answers by e-mail", "Somebody answered by e-mail on a lead of yours."),
    Topic.IMPORT: ("Imports", "Rows of an import of yours are in quarantine."),
    Topic.PORTAL: ("Portals", "Fewer inquiries came in through a portal of yours than its sender counted."),
}
ASKED_FOR = {Topic.MAILING: Can.MAILINGS, Topic.IMPORT: Can.IMPORTS, Topic.PORTAL: Can.PORTALS}


class ChoiceForm(forms.Form):
    """A way for each topic that may concern the viewer."""

    def __init__(self, data: QueryDict | None, *, viewer: Viewer, choice: Choice) -> None:
        super().__init__(data, initial=_initial(choice))
        for topic in topics(viewer):
            label, about = ABOUT[topic]
            usual = WAYS[usual_way(topic, viewer.roles)]
            self.fields[topic] = forms.ChoiceField(
                label=label,
                help_text=f"{about} Usual for your role: {usual[0].lower()}{usual[1:]}.",
                choices=[(str(way), words) for way, words in WAYS.items()],
            )
        self.fields["waits"] = forms.BooleanField(
            label="Letters wait for my working time",
            help_text="Only what would break before you are back comes at once.",
            required=False,
        )

    def ways(self) -> dict[Topic, Way]:
        """What was chosen, once the form is valid."""
        return {topic: Way(self.cleaned_data[topic]) for topic in Topic if topic in self.cleaned_data}


def topics(viewer: Viewer) -> list[Topic]:
    """What may concern somebody of these rights."""
    return [topic for topic in ABOUT if topic not in ASKED_FOR or viewer.may(ASKED_FOR[topic], "edit")]


@require_http_methods(["GET", "POST"])
@everybody
def page(request: HttpRequest) -> HttpResponse:
    """The choice as it stands, or kept anew."""
    viewer = viewer_of(request)
    choice = choices([viewer.user_id])[viewer.user_id]
    form = ChoiceForm(request.POST if request.method == "POST" else None, viewer=viewer, choice=choice)
    if request.method == "POST" and form.is_valid():
        choose(viewer.user_id, form.ways(), any_hour=not form.cleaned_data["waits"], now=clock.now())
        messages.success(request, "Saved. It holds for what happens from now on.")
        return redirect("/me/notices")
    context = {
        "form": form,
        "topics": [form[topic] for topic in topics(viewer)],
        "no_server": settings.CONFIG.mail() is None,
        "reads_week": reads(viewer.roles),
        "page": "me",
    }
    return render(request, "notices/choices.html", context, status=422 if form.is_bound else 200)


def _initial(choice: Choice) -> dict[str, Any]:
    return {**{str(topic): str(way) for topic, way in choice.ways.items()}, "waits": not choice.any_hour}
