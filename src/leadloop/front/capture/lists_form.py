"""Putting lines on a block or allow list."""

from __future__ import annotations

from typing import Any

from django import forms

from leadloop.capture.lists.contracts import Kind, NewEntry
from leadloop.capture.lists.forms import LONGEST_REASON, entries
from leadloop.capture.queries import portals

KINDS = {
    Kind.ADDRESS: "E-mail address",
    Kind.DOMAIN: "Domain",
    Kind.NETWORK: "Network",
    Kind.WORDS: "Words in what is written",
}
_LOOKS = "What it looks like"


class ListForm(forms.Form):
    """Lines, what they are, for which portal, and why."""

    lines = forms.CharField(
        label="One in each line",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="anna@example.com, example.com, 198.51.100.0/24, or words; in words * stands for the rest of a word",
        max_length=2_000_000,
    )
    kind = forms.ChoiceField(label="Each is", required=False)
    portal = forms.TypedChoiceField(label="For", coerce=int, required=False, empty_value=None)
    reason = forms.CharField(label="Why", max_length=LONGEST_REASON)

    def __init__(self, data: Any = None, *, allows: bool) -> None:
        super().__init__(data)
        self.allows = allows
        self._offer("kind", [("", _LOOKS), *((str(kind), words) for kind, words in KINDS.items())])
        self._offer("portal", [("", "Every portal"), *((str(i), row.name) for i, row in portals().items())])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def wanted(self) -> list[NewEntry]:
        """The entries meant. Raises Invalid for a line that can't be one."""
        given = self.cleaned_data
        return entries(
            given["lines"],
            kind=Kind(given["kind"]) if given["kind"] else None,
            reason=given["reason"],
            portal_id=given["portal"],
            allows=self.allows,
        )
