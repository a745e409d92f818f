"""The form we host for a portal, and how what is sent with it becomes a delivery. Bots are held, never dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import orjson
from django import forms
from django.core import signing

from leadloop.capture.contracts import PortalRow
from leadloop.capture.parse.fields import Field
from leadloop.capture.services.receive import receive
from leadloop.kernel import clock

_SALT = "leadloop.capture.forms"
_ONE_LINE, _MESSAGE = 200, 5_000


class HostedForm(forms.Form):
    """Name, ways to answer, company, message, interest and consent, in the portal's own wording.

    `homepage` is a trap: pages hide it from people, so only a program fills it in. `started` tells, signed, when the
    form was shown.
    """

    name = forms.CharField(label="Your name", max_length=_ONE_LINE, required=False)
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    company = forms.CharField(label="Company", max_length=_ONE_LINE, required=False)
    phone = forms.CharField(label="Phone", max_length=60, required=False)
    interest = forms.ChoiceField(label="What is it about?", required=False)
    message = forms.CharField(label="Message", max_length=_MESSAGE, required=False, widget=forms.Textarea)
    consent = forms.BooleanField(required=False)
    homepage = forms.CharField(label="Leave this empty", required=False, max_length=_ONE_LINE)
    started = forms.CharField(required=False, max_length=_ONE_LINE, widget=forms.HiddenInput)

    TRAP: ClassVar[str] = "homepage"

    def __init__(self, portal: PortalRow, interests: Mapping[str, str], data: Mapping[str, Any] | None = None) -> None:
        """`interests` are the names of families by key; a choice is offered only when there are several."""
        super().__init__(data, initial={"started": stamp(clock.now())})
        self.portal = portal
        if len(interests) > 1:
            choices = [("", "Please choose"), *interests.items()]
            self.fields["interest"] = forms.ChoiceField(label="What is it about?", required=False, choices=choices)
        else:
            del self.fields["interest"]
        if portal.consent_wording:
            self.fields["consent"].label = portal.consent_wording
        else:
            del self.fields["consent"]

    def clean(self) -> dict[str, Any]:
        """Ask people for a way to answer them. Whoever stepped into the trap is not taught how to do better."""
        said = self.cleaned_data
        if not (said.get("email") or said.get("phone") or said.get("homepage") or self.errors):
            self.add_error("email", "Please leave an e-mail address or a phone number, so that we can answer.")
        return said


def submit(*, form: HostedForm, context: Mapping[str, str], now: datetime) -> int:
    """Store a valid form and return the id of the delivery, whoever or whatever filled it in."""
    said = form.cleaned_data
    body = {key: said[key] for key in ("name", "email", "company", "phone", "interest", "message") if said.get(key)}
    if said.get("consent"):
        body |= {str(Field.CONSENT): "yes", str(Field.CONSENT_WORDING): form.portal.consent_wording}
    if said.get("homepage"):
        body[str(Field.TRAP)] = said["homepage"]
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
