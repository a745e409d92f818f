"""What a caller writes down: how it ended by one key, and only if they like a note and an own next step."""

from __future__ import annotations

from typing import Any

from django import forms

from leadloop.front.work.forms import Moment
from leadloop.loop.commands import CallIn
from leadloop.selling.contracts import ActivityKind
from leadloop.selling.outcomes import OUTCOMES

LANGUAGES = [("en", "English"), ("de", "German"), ("fr", "French"), ("es", "Spanish"), ("it", "Italian")]


class OutcomeForm(forms.Form):
    """How a call ended."""

    outcome = forms.ChoiceField(choices=[(code, one.label) for code, one in OUTCOMES[ActivityKind.CALL].items()])
    note = forms.CharField(required=False, max_length=5000)
    next_note = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["next_at"] = Moment(zone=zone, required=False)

    def call(self, lead_id: int) -> CallIn:
        """The call as the command takes it."""
        given = self.cleaned_data
        return CallIn(
            lead_id=lead_id,
            outcome=given["outcome"],
            note=given["note"],
            next_step_at=given["next_at"],
            next_step_note=given["next_note"],
        )


class GuideForm(forms.Form):
    """The call guide in one language."""

    language = forms.ChoiceField(label="Language", choices=LANGUAGES)
    body = forms.CharField(
        label="Text", widget=forms.Textarea(attrs={"rows": 18}),
        help_text="Blank lines part it; a first line in **two stars** is the title of a part. Merge fields stand like "
        "{{ person.name | there }}: the value, or the words behind the bar where it is not known",
    )  # fmt: skip
