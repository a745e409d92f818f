"""The name of a segment and who answers for it."""

from __future__ import annotations

from typing import Any

from django import forms

from leadloop.platform.queries import users


class SegmentForm(forms.Form):
    """What stands beside the conditions."""

    name = forms.CharField(label="Name", max_length=80)
    owner_id = forms.TypedChoiceField(label="Answers for it", coerce=int)
    note = forms.CharField(label="What it is for", max_length=500, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        owner = self.fields["owner_id"]
        assert isinstance(owner, forms.ChoiceField)
        by_name = sorted(users(active=True).values(), key=lambda row: row.name)
        owner.choices = [(str(row.id), row.name) for row in by_name]
