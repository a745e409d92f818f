"""How the rows of one import are read: its reading, compiled once per batch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from leadloop.capture.parse.dates import Style
from leadloop.capture.parse.fields import Field
from leadloop.kernel.clock import time_zone
from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import Stage


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a lead stood before it was imported: an open stage, or how and why it was closed."""

    stage: Stage | None
    closed_as: Stage | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RowPlan:
    """A reading in the form the parser needs. Texts of owners, statuses and sources are keyed as they stand.

    `consent` is the wording to which everybody in the file agreed, "" when nobody says so.
    """

    fields: tuple[tuple[int, Field], ...]
    attributes: tuple[tuple[int, str], ...]
    style: Style | None
    zone: tzinfo
    country: str
    owners: Mapping[str, int]
    fallback_owner: int | None
    statuses: Mapping[str, Standing]
    converted: Standing | None
    sources: Mapping[str, int]
    fresh: bool
    headers: Mapping[str, int]
    on_known: str = ""
    consent: str = ""

    @property
    def overwrites(self) -> bool:
        """Whether what a row says counts more than what is known."""
        return self.on_known == "overwrite"


def compile_plan(reading: Mapping[str, Any]) -> RowPlan:
    """Compile the stored form of a reading (see `imports.reading`)."""
    columns = reading["columns"]
    taken = [(c["index"], Field(c["field"])) for c in columns if c["field"]]
    dates = (c["style"] for c in columns if c["field"] == Field.CREATED_AT and c["style"])
    style = next(dates, None)
    return RowPlan(
        fields=tuple((index, field) for index, field in taken if field != Field.IGNORE),
        attributes=tuple((c["index"], c["header"]) for c in columns if not c["field"] and c["fill"] > 0),
        style=Style(style) if style else None,
        zone=time_zone(reading["zone"]),
        country=reading["country"],
        owners={row["text"]: row["user_id"] for row in reading["owners"]},
        fallback_owner=reading["fallback_owner"],
        statuses={row["text"]: _standing(row) for row in reading["statuses"]},
        converted=_standing(reading["converted"]) if reading["converted"] else None,
        sources={row["text"]: row["source_id"] for row in reading["sources"] if row["source_id"]},
        fresh=reading["fresh"],
        headers={c["header"]: c["index"] for c in columns},
        on_known=reading.get("on_known", ""),
        consent=reading.get("basis_words", ""),
    )


def _standing(row: Mapping[str, Any]) -> Standing:
    return Standing(
        stage=Stage(row["stage"]) if row["stage"] else None,
        closed_as=Stage(row["closed_as"]) if row["closed_as"] else None,
        reason=row["reason"],
    )
