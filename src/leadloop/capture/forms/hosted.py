"""The form we host for a portal, and how what is sent with it becomes a delivery. Bots are held, never dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import orjson
from django import forms
from django.core import signing

from leadloop.capture.contracts import PortalRow
from leadloop.capture.forms.layouts import LONG, STANDARD, Layout, Question
from leadloop.capture.forms.shared import PURPOSES, asked
from leadloop.capture.forms.words import words
from leadloop.capture.parse.fields import Field
from leadloop.capture.proofs import LONGEST
from leadloop.capture.services.receive import receive
from leadloop.kernel import clock

_SALT = "leadloop.capture.forms"
_ONE_LINE, _MESSAGE = 200, 5_000
_LONGEST = {"email": 254, "phone": 60}


class HostedForm(forms.Form):
    """What the portal's layout asks, and consent in the portal's own wording.

    `homepage` is a trap: pages hide it from people, so only a program fills it in. `started` tells, signed, when the
    form was shown; pages of others send none. `proof` is the solution where the form sets a riddle.
    """

    consent = forms.BooleanField(required=False)
    homepage = forms.CharField(label="Leave this empty", required=False, max_length=_ONE_LINE)
    started = forms.CharField(required=False, max_length=_ONE_LINE, widget=forms.HiddenInput)
    proof = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput)

    TRAP: ClassVar[str] = "homepage"
    AROUND: ClassVar[tuple[str, ...]] = ("consent", "homepage", "started", "proof")

    def __init__(
        self,
        portal: PortalRow,
        interests: Mapping[str, str],
        data: Mapping[str, Any] | None = None,
        *,
        layout: Layout = STANDARD,
    ) -> None:
        """`interests` are the names of families by key; a choice is offered only when there are several."""
        super().__init__(data, initial={"started": stamp(clock.now())})
        self.portal, self.layout, self.words = portal, layout, words(layout.language)
        shown = layout.shown()
        for one in asked(layout, interests):
            if one in shown:
                self.fields[one.key] = self._field(one, interests)
        if portal.consent_wording:
            self.fields["consent"].label = portal.consent_wording
        else:
            del self.fields["consent"]

    def _field(self, one: Question, interests: Mapping[str, str]) -> forms.Field:
        said = {"label": one.label, "help_text": one.help, "required": one.required}
        options = interests.items() if one.key == "interest" else [(text, text) for text in one.options]
        made: forms.Field
        if options:
            made = forms.ChoiceField(choices=[("", self.words["choose"]), *options], **said)  # type: ignore[arg-type]
        elif one.key == "email":
            made = forms.EmailField(max_length=_LONGEST["email"], **said)  # type: ignore[arg-type]
        elif one.key in LONG:
            made = forms.CharField(max_length=_MESSAGE, widget=forms.Textarea, **said)  # type: ignore[arg-type]
        else:
            made = forms.CharField(max_length=_LONGEST.get(one.key, _ONE_LINE), **said)  # type: ignore[arg-type]
        if purpose := PURPOSES.get(one.key):
            made.widget.attrs["autocomplete"] = purpose
        return made

    def questions(self) -> list[forms.BoundField]:
        """What people fill in, without consent and what guards the form."""
        return [field for field in self.visible_fields() if field.name not in self.AROUND]

    def clean(self) -> dict[str, Any]:
        """Ask people for a way to answer them. Whoever stepped into the trap is not taught how to do better."""
        said = self.cleaned_data
        if not (said.get("email") or said.get("phone") or said.get("homepage") or self.errors):
            self.add_error("email" if "email" in self.fields else "phone", self.words["contact"])
        return said


def submit(
    *,
    form: HostedForm,
    context: Mapping[str, str],
    now: datetime,
    foreign: bool = False,
    more: Mapping[str, str] | None = None,
) -> int:
    """Store a valid form and return the id of the delivery, whoever or whatever filled it in.

    `foreign`: it was sent from a page of another site that may deliver, which can't know when it was shown. `more` is
    what the page that held it says of itself, by fields; nothing that was typed counts in its place.
    """
    said = form.cleaned_data
    body = {one.key: said[one.key] for one in form.layout.questions if said.get(one.key)} | dict(more or {})
    if said.get("consent"):
        body |= {str(Field.CONSENT): "yes", str(Field.CONSENT_WORDING): form.portal.consent_wording}
    if said.get("homepage"):
        body[str(Field.TRAP)] = said["homepage"]
    if said.get("proof"):
        body[str(Field.PROOF)] = said["proof"]
    if said.get("started") or not foreign:
        body[str(Field.ELAPSED)] = str(elapsed(said.get("started", ""), now))
    return receive(portal=form.portal, body=orjson.dumps(body), context=context, now=now)


def stamp(now: datetime) -> str:
    """Return when a form is shown, signed so that nobody can pretend to have taken longer."""
    return signing.dumps(now.timestamp(), salt=_SALT)


def elapsed(started: str, now: datetime) -> float:
    """Return the seconds since a form was shown; 0 for a stamp that isn't ours, as no page sends one."""
    try:
        shown = float(signing.loads(started, salt=_SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return 0.0
    return round(max(0.0, now.timestamp() - shown), 3)
