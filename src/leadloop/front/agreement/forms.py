"""The form in which a change of the agreement is written. Its fields are named by the clauses they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from leadloop.agreement.contracts import Clauses, PromiseClause, StageClause
from leadloop.criteria.compile import explain
from leadloop.front.agreement.words import HANDOVERS, LEADERSHIPS, PLACES

MOST_MINUTES = 525_600  # a year
MOST_DAYS = 3650
Choices = list[tuple[str, str]]


class DraftForm(forms.Form):
    """A whole text to sign, beginning from `clauses`; `staff` are the active users by id."""

    leadership = forms.ChoiceField(label="Who leads", choices=list(LEADERSHIPS.items()))
    handover = forms.ChoiceField(label="Handing over", choices=list(HANDOVERS.items()))
    reopen_days = forms.IntegerField(
        label="Days to pick a closed lead up again", min_value=0, max_value=MOST_DAYS, help_text="0: never"
    )
    note = forms.CharField(
        label="Why this change?", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, clauses: Clauses, staff: Mapping[int, str]) -> None:
        super().__init__(data)
        self.clauses = clauses
        for name in ("leadership", "handover", "reopen_days"):
            self.fields[name].initial = getattr(clauses, name)
        people = [(str(user_id), name) for user_id, name in staff.items()]
        for key, stage in clauses.stages.items():
            self.fields |= _stage_fields(f"stages.{key}", stage, people)
        for key, promise in clauses.promises.items():
            self.fields[f"promises.{key}.minutes"] = _minutes(promise)
        for key, user_id in clauses.places.items():
            self.fields[f"places.{key}"] = _person(PLACES.get(key, key), user_id, people)

    def stages(self) -> Iterator[dict[str, Any]]:
        """The stages with their fields, in the order of the text."""
        for key, stage in self.clauses.stages.items():
            path = f"stages.{key}"
            yield {
                "label": stage.label,
                "rule": explain(stage.enters_when) if stage.enters_when else "",
                "short": [self[f"{path}.{name}"] for name in ("label", "keeper_id", "deputy_id")],
                "means": self[f"{path}.means"],
            }

    def promises(self) -> list[forms.BoundField]:
        """The times that are promised."""
        return [self[f"promises.{key}.minutes"] for key in self.clauses.promises]

    def places(self) -> list[forms.BoundField]:
        """Who looks after what is not about buying."""
        return [self[f"places.{key}"] for key in self.clauses.places]

    def whole(self) -> list[forms.BoundField]:
        """What concerns the agreement as a whole."""
        return [self[name] for name in ("leadership", "handover", "reopen_days", "note")]

    def changes(self) -> dict[str, Any]:
        """What was filled in, in the form that `agreement.reading.changed` takes."""
        found: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if name == "note":
                continue
            *path, last = name.split(".")
            part = found
            for step in path:
                part = part.setdefault(step, {})
            part[last] = value
        return found


def _stage_fields(path: str, stage: StageClause, people: Choices) -> dict[str, forms.Field]:
    means = forms.Textarea(attrs={"rows": 2})
    return {
        f"{path}.label": forms.CharField(label="Name", max_length=60, initial=stage.label),
        f"{path}.keeper_id": _person("Keeper", stage.keeper_id, people),
        f"{path}.deputy_id": _person("Deputy", stage.deputy_id, people, nobody=True),
        f"{path}.means": forms.CharField(label="What it means", max_length=400, initial=stage.means, widget=means),
    }


def _person(label: str, user_id: int | None, people: Choices, *, nobody: bool = False) -> forms.Field:
    """A colleague; one who has left is not offered any more, so that somebody else must be chosen."""
    first = [("", "Nobody" if nobody else "Please choose")]
    known = user_id is not None and str(user_id) in dict(people)
    offered = people if known and not nobody else [*first, *people]
    return forms.TypedChoiceField(
        label=label, choices=offered, coerce=int, empty_value=None, required=not nobody,
        initial=str(user_id) if known else "",
    )  # fmt: skip


def _minutes(promise: PromiseClause) -> forms.Field:
    kind = "working minutes" if promise.working_time else "minutes by the clock"
    return forms.IntegerField(
        label=promise.label, min_value=1, max_value=MOST_MINUTES, initial=promise.minutes,
        help_text=f"In {kind}; {promise.minutes} are {promise.text()}",
    )  # fmt: skip
