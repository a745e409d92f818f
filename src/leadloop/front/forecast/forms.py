"""What people fill in about the months to come. Amounts are in the company's currency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from leadloop.front.work.forms import amount_style
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money
from leadloop.platform.contracts import TeamRow, UserRow


class AmountForm(forms.Form):
    """A form with amounts of money: those named in `amounts` become minor units."""

    amounts: tuple[str, ...] = ()

    def __init__(self, *args: Any, language: str, currency: str, months: Sequence[date], **options: Any) -> None:
        super().__init__(*args, **options)
        self.style, self.currency = amount_style(language), currency
        for name in self.amounts:
            self.fields[name].help_text = f"{currency}, written like {self.style}"
        month = self.fields["month"]
        assert isinstance(month, forms.ChoiceField)
        month.choices = [(f"{one:%Y-%m-%d}", f"{one:%B %Y}") for one in months]

    def clean(self) -> dict[str, Any]:
        """Amounts as minor units, the month as a day."""
        given = super().clean() or self.cleaned_data
        for name in self.amounts:
            if name in given:
                given[name] = self._minor(name, given[name])
        if "month" in given:
            given["month"] = date.fromisoformat(given["month"])
        return given

    def _minor(self, name: str, text: str) -> int:
        plain = text.strip().replace("−", "-")
        sign = -1 if plain.startswith("-") else 1
        try:
            return sign * Money.parse(plain.lstrip("+-"), self.currency, style=self.style).minor
        except Invalid as wrong:
            self.add_error(name, f"{wrong.problem}. {wrong.mend}")
            return 0


class SubmitForm(AmountForm):
    """What a salesperson says of a month."""

    amounts = ("commit", "best")
    month = forms.ChoiceField(label="Month")
    commit = forms.CharField(label="Commit: what you answer for, won deals included", max_length=40)
    best = forms.CharField(label="Best case: if all goes well, the commit included", max_length=40)


class AdjustForm(AmountForm):
    """What a manager adds to somebody's commit, or takes off, and why."""

    amounts = ("delta",)
    month = forms.ChoiceField(label="Month")
    who = forms.ChoiceField(label="Whose forecast")
    delta = forms.CharField(label="Add, or take off with a minus; 0 takes an adjustment back", max_length=40)
    note = forms.CharField(label="Why", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, staff: Sequence[UserRow], teams: Sequence[TeamRow], **options: Any) -> None:
        super().__init__(*args, **options)
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        named = [(f"team-{team.id}", f"Team {team.name}") for team in teams]
        who.choices = [*((f"user-{user.id}", user.name) for user in staff), *named]


class PlanForm(AmountForm):
    """What is to be won in a month by the company or a team."""

    amounts = ("minor",)
    month = forms.ChoiceField(label="Month")
    team = forms.ChoiceField(label="For", required=False)
    minor = forms.CharField(label="Plan", max_length=40)

    def __init__(self, *args: Any, teams: Sequence[TeamRow], **options: Any) -> None:
        super().__init__(*args, **options)
        team = self.fields["team"]
        assert isinstance(team, forms.ChoiceField)
        team.choices = [("", "The company"), *((str(one.id), one.name) for one in teams)]
