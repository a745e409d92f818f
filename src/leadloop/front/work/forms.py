"""What people fill in while they work a lead. Times are typed in the viewer's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from leadloop.agreement.contracts import ReasonUse, Terms
from leadloop.platform.contracts import Viewer
from leadloop.selling.contracts import ActivityIn, ActivityKind
from leadloop.selling.outcomes import OUTCOMES

MOMENT = "%Y-%m-%dT%H:%M"


class Moment(forms.Field):
    """A day and time in a zone; cleaned into UTC."""

    def __init__(self, *, zone: str, **options: Any) -> None:
        self.zone = ZoneInfo(zone)
        super().__init__(widget=forms.TextInput(attrs={"type": "datetime-local"}), **options)

    def to_python(self, value: Any) -> datetime | None:
        """UTC, or None when nothing was typed."""
        if not value:
            return None
        try:
            return datetime.strptime(str(value)[:16], MOMENT).replace(tzinfo=self.zone).astimezone(UTC)
        except ValueError:
            raise forms.ValidationError("Type a day and a time, such as 2026-11-23 15:00") from None

    def shown(self, moment: datetime) -> str:
        """The moment as the control wants it."""
        return moment.astimezone(self.zone).strftime(MOMENT)


def amount_style(language: str) -> str:
    """How somebody of this language writes amounts, so that 40,000 is never guessed at."""
    return "1.234,56" if language[:2] in ("de", "es", "it", "nl", "pt") else "1,234.56"


class LogForm(forms.Form):
    """Log a call, mail, meeting or social touch: how it ended, and what comes next."""

    outcome = forms.ChoiceField(label="How did it end?", widget=forms.RadioSelect)
    note = forms.CharField(label="What did you learn?", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    minutes = forms.IntegerField(label="Minutes", required=False, min_value=0, max_value=1440)

    def __init__(self, *args: Any, kind: ActivityKind, viewer: Viewer, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [(code, one.label) for code, one in OUTCOMES[kind].items()]
        step_at = Moment(zone=viewer.zone, label="Next step on", required=False)
        step_at.initial = step_at.shown(_tomorrow(now, viewer.zone))
        self.fields["next_step_at"] = step_at
        self.fields["next_step_note"] = forms.CharField(
            label="Next step", required=False, initial="Call again", max_length=200
        )
        if kind is not ActivityKind.CALL and kind is not ActivityKind.MEETING:
            del self.fields["minutes"]

    def activity(self, lead_id: int) -> ActivityIn:
        """The contract that selling takes."""
        given = self.cleaned_data
        return ActivityIn(
            lead_id=lead_id,
            kind=self.kind,
            outcome=given["outcome"],
            note=given["note"],
            minutes=given.get("minutes"),
            next_step_at=given["next_step_at"],
            next_step_note=given["next_step_note"] if given["next_step_at"] else "",
        )


def _tomorrow(now: datetime, zone: str) -> datetime:
    """Ten o'clock on the next weekday: a sensible offer, to be changed."""
    day = now.astimezone(ZoneInfo(zone)) + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def choices_of(terms: Terms, use: ReasonUse) -> list[tuple[str, str]]:
    """Codes and labels of the agreement's reasons for something, by label."""
    return sorted(terms.reasons_for(use).items(), key=lambda pair: pair[1])


class ReasonForm(forms.Form):
    """Choose one of the agreement's reasons."""

    reason = forms.ChoiceField(label="Reason", widget=forms.RadioSelect)

    def __init__(self, *args: Any, terms: Terms, use: ReasonUse, **options: Any) -> None:
        super().__init__(*args, **options)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = choices_of(terms, use)


class SnoozeForm(forms.Form):
    """Put off what is due next."""

    def __init__(self, *args: Any, viewer: Viewer, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        until = Moment(zone=viewer.zone, label="Remind me on")
        until.initial = until.shown(_tomorrow(now, viewer.zone))
        self.fields["until"] = until


class AssignForm(forms.Form):
    """Name the new owner."""

    user_id = forms.ChoiceField(label="Give it to")

    def __init__(self, *args: Any, people: dict[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.fields["user_id"]
        assert isinstance(chosen, forms.ChoiceField)
        by_name = sorted(people.items(), key=lambda pair: pair[1])
        chosen.choices = [(str(key), name) for key, name in by_name]


class NoteForm(forms.Form):
    """A note from the composer."""

    kind = forms.CharField(required=False)
    text = forms.CharField(max_length=4000, label="Note")
