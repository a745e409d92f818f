"""What people fill in about users, tokens and themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms

from leadloop.platform.contracts import UserRow, Viewer
from leadloop.platform.queries import calendar_rows, teams
from leadloop.platform.roles import ROLE_LABELS
from leadloop.platform.services import TOKEN_SCOPES

LANGUAGES = {"en": "English", "de": "Deutsch"}
SCOPES = {
    "leads:see": "See leads",
    "people:see": "See people",
    "inquiries:see": "See inquiries",
    "programmes:see": "See programmes",
    "activities:edit": "Log activities",
    "leads:edit": "Change leads",
    "portals:edit": "Report counts of portals",
}
LASTS = {"30": "30 days", "90": "90 days", "365": "One year"}
ZONE_HELP = "Such as Europe/Berlin"


class UserForm(forms.Form):
    """Somebody who may sign in."""

    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail", max_length=254, help_text="They sign in with it")
    team_id = forms.TypedChoiceField(label="Team", coerce=int, required=False, empty_value=None)
    calendar_id = forms.TypedChoiceField(
        label="Working hours", coerce=int, required=False, empty_value=None, help_text="Their promises run in them"
    )
    zone = forms.CharField(label="Time zone", max_length=60, help_text=ZONE_HELP)
    language = forms.ChoiceField(label="Language of messages")
    roles = forms.MultipleChoiceField(
        label="Roles", choices=[(str(k), v) for k, v in ROLE_LABELS.items()], widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, user: UserRow | None = None, zone: str = "UTC") -> None:
        begin = {name: getattr(user, name) for name in self.base_fields} if user else {"zone": zone, "language": "en"}
        super().__init__(data, initial=begin)
        _offer(self.fields["team_id"], [("", "None"), *((str(k), team.name) for k, team in teams().items())])
        hours = [(str(k), row.name) for k, row in calendar_rows().items()]
        _offer(self.fields["calendar_id"], [("", "The company's"), *hours])
        _offer(self.fields["language"], _languages(begin["language"]))

    def short(self) -> list[forms.BoundField]:
        """Everything but the roles."""
        return [field for field in self.visible_fields() if field.name != "roles"]


class HandOverForm(forms.Form):
    """Who takes over what somebody leaves behind."""

    to_user = forms.TypedChoiceField(label="Give it to", coerce=int)

    def __init__(self, data: Any = None, *, colleagues: Mapping[int, str]) -> None:
        super().__init__(data)
        _offer(self.fields["to_user"], [("", "Please choose"), *((str(k), name) for k, name in colleagues.items())])


class MeForm(forms.Form):
    """What everybody sets for themselves."""

    name = forms.CharField(label="Name", max_length=120)
    zone = forms.CharField(label="Time zone", max_length=60, help_text=ZONE_HELP)
    language = forms.ChoiceField(label="Language of messages to you")
    shortcuts = forms.BooleanField(
        label="Single keys work as shortcuts", required=False, help_text="Press ? on any page to see them"
    )

    def __init__(self, data: Any = None, *, me: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(me))
        _offer(self.fields["language"], _languages(me["language"]))


class TokenForm(forms.Form):
    """A key for the application's API, within what its owner may do."""

    name = forms.CharField(label="What it is for", max_length=120)
    days = forms.ChoiceField(label="It lasts", choices=list(LASTS.items()), initial="90")
    scopes = forms.MultipleChoiceField(label="It may", widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        _offer(self.fields["scopes"], [pair for pair in SCOPES.items() if viewer.may(*TOKEN_SCOPES[pair[0]])])

    def lasts(self) -> timedelta:
        """How long it is good for."""
        return timedelta(days=int(self.cleaned_data["days"]))


def _offer(field: forms.Field, choices: Sequence[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def _languages(current: str) -> list[tuple[str, str]]:
    return list(({current: current} | LANGUAGES).items())
