"""What people fill in about a deal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms

from leadloop.agreement.contracts import Terms
from leadloop.front.work.forms import Moment, amount_style, choices_of
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money
from leadloop.platform.contracts import Viewer


class DealForm(forms.Form):
    """A new opportunity: what, how much, until when, and the next step."""

    name = forms.CharField(label="What is it about?", max_length=200)
    amount = forms.CharField(label="Amount", max_length=40)
    currency = forms.CharField(label="Currency", max_length=3, min_length=3)
    close_on = forms.DateField(label="Expected to close on", widget=forms.DateInput(attrs={"type": "date"}))
    next_step = forms.CharField(label="Next step", max_length=200)

    def __init__(self, *args: Any, viewer: Viewer, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.style = amount_style(viewer.language)
        self.fields["amount"].help_text = f"Written like {self.style}"
        step_at = Moment(zone=viewer.zone, label="Next step on")
        step_at.initial = step_at.shown(now + timedelta(days=2))
        self.fields["next_step_at"] = step_at

    def clean(self) -> dict[str, Any]:
        """Amount and currency make sense only together."""
        given = super().clean() or self.cleaned_data
        if "amount" in given and "currency" in given:
            try:
                given["minor"] = Money.parse(given["amount"], given["currency"].upper(), style=self.style).minor
            except Invalid as wrong:
                self.add_error("amount", f"{wrong.problem}. {wrong.mend}")
        return given


class LoseForm(forms.Form):
    """Why a deal was lost, and whether its leads are lost with it."""

    reason = forms.ChoiceField(label="Why was it lost?", widget=forms.RadioSelect)
    fate = forms.ChoiceField(
        label="And the people?",
        choices=[("lost", "Lost too"), ("recycled", "Back to nurturing, to be looked at again")],
        initial="lost",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, terms: Terms, **options: Any) -> None:
        super().__init__(*args, **options)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = choices_of(terms, "lose")


class WinForm(forms.Form):
    """The day the deal was closed: its money is counted at that day's rate."""

    closed_on = forms.DateField(label="Signed on", widget=forms.DateInput(attrs={"type": "date"}))
