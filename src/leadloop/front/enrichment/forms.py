"""How a field is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from leadloop.enrichment.contracts import Overwrite, Policy
from leadloop.front.enrichment.words import FIELDS, OVERWRITES


class PolicyForm(forms.Form):
    """The policy of one field."""

    overwrite = forms.ChoiceField(label="Written", choices=[(str(one), words) for one, words in OVERWRITES.items()])
    days = forms.IntegerField(label="Days", min_value=1, max_value=3650)
    over_people = forms.BooleanField(label="Also over what people said or entered", required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, standing: Policy) -> None:
        self.field = standing.field
        self.name = FIELDS[standing.field]
        initial = {"overwrite": standing.overwrite, "days": standing.days, "over_people": standing.over_people}
        super().__init__(data, prefix=standing.field.replace(".", "-"), initial=initial)
        self.fields["overwrite"].label = self.name

    def policy(self) -> Policy:
        """As the service takes it."""
        said = self.cleaned_data
        return Policy(
            field=self.field,
            overwrite=Overwrite(said["overwrite"]),
            days=said["days"],
            over_people=said["over_people"],
        )
