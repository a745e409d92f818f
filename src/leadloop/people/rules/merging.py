"""What a merge changes in the rows of two persons: nothing is lost, and every change can be told back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leadloop.people.contracts import RowChange
from leadloop.people.rules.filling import TEXTS, UNKNOWN_ROLE
from leadloop.people.rules.names import filled_name, search_text

Row = Mapping[str, Any]  # as PostgreSQL's to_jsonb gives it

PERSON = "people_person"
POINT = "people_contactpoint"
POSITION = "people_position"
CONSENT = "people_consent"
EXTERNAL = "people_externalid"
TABLES = (PERSON, POINT, POSITION, CONSENT, EXTERNAL)


@dataclass(slots=True)
class Holdings:
    """The rows of one person; `shells` are persons merged into this one before."""

    person: Row
    points: Sequence[Row] = ()
    positions: Sequence[Row] = ()
    consents: Sequence[Row] = ()
    external: Sequence[Row] = ()
    shells: Sequence[Row] = ()


@dataclass(slots=True)
class _Changes:
    """Changes by the step in which they are safe to write: no step meets a unique index on the way."""

    deleted: list[RowChange] = field(default_factory=list)
    demoted: list[RowChange] = field(default_factory=list)
    filled: list[RowChange] = field(default_factory=list)
    moved: list[RowChange] = field(default_factory=list)

    def set(self, step: list[RowChange], table: str, row: Row, column: str, new: Any) -> None:
        if row[column] != new:
            step.append(RowChange(table, row["id"], column, row[column], new))

    def in_order(self) -> list[RowChange]:
        return [*self.deleted, *self.demoted, *self.filled, *self.moved]


def merged(survivor: Holdings, loser: Holdings) -> list[RowChange]:
    """Return the changes that make one person of two, in the order in which they are to be written.

    What the survivor says stays; its gaps are filled from the loser. The loser's rows move over; one that would
    stand twice (same address, same firm) is deleted after its knowledge went to the survivor's. Consents are all
    kept: the latest word rules.
    """
    changes = _Changes()
    into, out_of = survivor.person["id"], loser.person["id"]
    _join(changes, POINT, survivor.points, loser.points, into, _address, _better_address, kind_of_primary=_kind)
    _join(changes, POSITION, survivor.positions, loser.positions, into, _firm, _better_place, kind_of_primary=_one)
    for table, rows in ((CONSENT, loser.consents), (EXTERNAL, loser.external)):
        for row in rows:
            changes.set(changes.moved, table, row, "person_id", into)
    _join_persons(changes, survivor, loser)
    for shell in (loser.person, *loser.shells):
        changes.set(changes.moved, PERSON, shell, "merged_into_id", into)
    assert into != out_of
    return changes.in_order()


def _join(
    changes: _Changes,
    table: str,
    kept: Sequence[Row],
    coming: Sequence[Row],
    into: int,
    same: Callable[[Row], Any],
    better: Callable[[Row, Row], Mapping[str, Any]],
    *,
    kind_of_primary: Callable[[Row], Any],
) -> None:
    standing = {same(row): row for row in kept}
    with_primary = {kind_of_primary(row) for row in kept if row["is_primary"]}
    for row in coming:
        if (twin := standing.get(same(row))) is not None:
            changes.deleted.append(RowChange(table, row["id"], "*", dict(row), None))
            for column, value in better(twin, row).items():
                changes.set(changes.filled, table, twin, column, value)
            continue
        if row["is_primary"] and kind_of_primary(row) in with_primary:
            changes.set(changes.demoted, table, row, "is_primary", new=False)
        changes.set(changes.moved, table, row, "person_id", into)


def _address(point: Row) -> tuple[str, str]:
    return point["kind"], point["norm"]


def _kind(point: Row) -> str:
    return str(point["kind"])


def _firm(position: Row) -> int | None:
    company_id: int | None = position["company_id"]
    return company_id


def _one(_: Row) -> None:
    return None


def _better_address(kept: Row, other: Row) -> dict[str, Any]:
    """A failure learnt on either row is one of the address."""
    if kept["bad_since"] or not other["bad_since"]:
        return {}
    return {"bad_since": other["bad_since"], "bad_why": other["bad_why"]}


def _better_place(kept: Row, other: Row) -> dict[str, Any]:
    known_role = kept["buying_role"] != UNKNOWN_ROLE
    return {
        "title": kept["title"] or other["title"],
        "buying_role": kept["buying_role"] if known_role else other["buying_role"],
        "since": kept["since"] or other["since"],
    }


def _name(person: Row) -> tuple[str, str]:
    return person["given_name"], person["family_name"]


def _join_persons(changes: _Changes, survivor: Holdings, loser: Holdings) -> None:
    kept, other = survivor.person, loser.person
    texts = {column: kept[column] or other[column] for column in TEXTS}
    texts["given_name"], texts["family_name"] = filled_name(_name(kept), _name(other))
    for column, value in texts.items():
        changes.set(changes.filled, PERSON, kept, column, value)
    changes.set(changes.filled, PERSON, kept, "attributes", {**other["attributes"], **kept["attributes"]})
    norms = dict.fromkeys(point["norm"] for point in (*survivor.points, *loser.points))
    found_by = search_text(texts["given_name"], texts["family_name"], norms)
    changes.set(changes.filled, PERSON, kept, "search", found_by)
    changes.set(changes.filled, PERSON, other, "search", "")
