"""What the other side says it sent: one day, or lines pasted from its report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

_EXAMPLE = "2026-03-02,14"


class CountsForm(forms.Form):
    """A day with its number, or lines of day and number."""

    day = forms.DateField(label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    count = forms.IntegerField(label="They sent", required=False, min_value=0)
    lines = forms.CharField(
        label="Or lines of a report", required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _EXAMPLE}),
        help_text="Day and number, separated by a comma, semicolon or tab",
    )  # fmt: skip

    def clean_lines(self) -> dict[date, int]:
        """Each line that says a day and a number; a first line of headings is passed over."""
        found: dict[date, int] = {}
        for number, line in enumerate(str(self.cleaned_data["lines"]).splitlines(), 1):
            cells = [one.strip().strip('"') for one in line.replace(";", ",").replace("\t", ",").split(",")]
            if not any(cells):
                continue
            try:
                found[date.fromisoformat(cells[0])] = int(cells[1])
            except (ValueError, IndexError):
                if number > 1 or found:
                    raise forms.ValidationError(f"Line {number} can’t be read. Write it like {_EXAMPLE}.") from None
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for something to count."""
        given = self.cleaned_data
        if not self.errors and not given.get("lines") and (given.get("day") is None or given.get("count") is None):
            self.add_error("day", "Give a day and its number, or paste lines.")
        return given

    def counted(self) -> dict[date, int]:
        """The numbers by day, once the form is valid."""
        given = self.cleaned_data
        single = {given["day"]: given["count"]} if given.get("day") and given.get("count") is not None else {}
        return {**given["lines"], **single}
