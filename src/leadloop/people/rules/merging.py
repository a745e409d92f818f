"""What a merge changes in the rows of two persons: nothing is lost, and every change can be told back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from leadloop.people.contracts import RowChange
from leadloop.people.rules.changing import ATTRIBUTE, poses
from leadloop.people.rules.filling import TEXTS, UNKNOWN_ROLE
from leadloop.people.rules.names import filled_name, search_text

Row = Mapping[str, Any]  # as PostgreSQL's to_jsonb gives it

PERSON = "people_person"
POINT = "people_contactpoint"
POSITION = "people_position"
CONSENT = "people_consent"
EXTERNAL = "people_externalid"
TABLES = (PERSON, POINT, POSITION, CONSENT, EXTERNAL)
MAIN_PLACE = "position"  # the name of the choice; that of a main address is its kind


@dataclass(slots=True)
class Holdings:
    """The rows of one person; `shells` are persons merged into this one before."""

    person: Row
    points: Sequence[Row] = ()
    positions: Sequence[Row] = ()
    consents: Sequence[Row] = ()
    external: Sequence[Row] = ()
    shells: Sequence[Row] = ()

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of one table that hang on the person."""
        return {POINT: self.points, POSITION: self.positions, CONSENT: self.consents, EXTERNAL: self.external}[table]

    def as_json(self) -> dict[str, Any]:
        """Return the rows JSON-ready; `holdings_of` reads them again."""
        return asdict(self)


def holdings_of(stored: Mapping[str, Any]) -> Holdings:
    """Return what `Holdings.as_json` wrote."""
    return Holdings(**stored)


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


def merged(survivor: Holdings, loser: Holdings, taken: Collection[str] = ()) -> list[RowChange]:
    """Return the changes that make one person of two, in the order in which they are to be written.

    What the survivor says stays, but for what is `taken` from the loser: fields by name ("attributes.<key>" for the
    company's own), a main address by its kind, the main position as "position". Gaps are filled. The loser's rows
    move over; one that would stand twice (same address, same firm) is deleted after its knowledge went to the
    survivor's. Consents are all kept: the latest word rules.
    """
    changes = _Changes()
    into, out_of = survivor.person["id"], loser.person["id"]
    points = _Joint(POINT, _address, _better_address, _kind, taken)
    places = _Joint(POSITION, _firm, better_place, _main_place, taken)
    _join(changes, points, survivor.points, loser.points, into)
    _join(changes, places, survivor.positions, loser.positions, into)
    for table, rows in ((CONSENT, loser.consents), (EXTERNAL, loser.external)):
        for row in rows:
            changes.set(changes.moved, table, row, "person_id", into)
    _join_persons(changes, survivor, loser, taken)
    for shell in (loser.person, *loser.shells):
        changes.set(changes.moved, PERSON, shell, "merged_into_id", into)
    assert into != out_of
    return changes.in_order()


@dataclass(frozen=True, slots=True)
class _Joint:
    """How the rows of a table come together: which are the same, what one adds to the other, and which is the main."""

    table: str
    same: Callable[[Row], Any]
    better: Callable[[Row, Row], Mapping[str, Any]]
    kind_of_primary: Callable[[Row], str]
    taken: Collection[str]

    def wins(self, row: Row) -> bool:
        """Whether this row of the loser's is to be the main one of its kind."""
        return row["is_primary"] and self.kind_of_primary(row) in self.taken


def _join(changes: _Changes, joint: _Joint, kept: Sequence[Row], coming: Sequence[Row], into: int) -> None:
    standing = {joint.same(row): row for row in kept}
    primary = {joint.kind_of_primary(row): row for row in kept if row["is_primary"]}
    for row in coming:
        twin, first = standing.get(joint.same(row)), primary.get(joint.kind_of_primary(row))
        wins = joint.wins(row)
        if wins and first is not None and first is not twin:
            changes.set(changes.demoted, joint.table, first, "is_primary", new=False)
        if twin is not None:
            changes.deleted.append(RowChange(joint.table, row["id"], "*", dict(row), None))
            better = {**joint.better(twin, row), **({"is_primary": True} if wins else {})}
            for column, value in better.items():
                changes.set(changes.filled, joint.table, twin, column, value)
            continue
        if row["is_primary"] and first is not None and not wins:
            changes.set(changes.demoted, joint.table, row, "is_primary", new=False)
        changes.set(changes.moved, joint.table, row, "person_id", into)


def _address(point: Row) -> tuple[str, str]:
    return point["kind"], point["norm"]


def _kind(point: Row) -> str:
    return str(point["kind"])


def _firm(position: Row) -> int | None:
    company_id: int | None = position["company_id"]
    return company_id


def _main_place(_: Row) -> str:
    return MAIN_PLACE


def _better_address(kept: Row, other: Row) -> dict[str, Any]:
    """A failure learnt on either row is one of the address."""
    if kept["bad_since"] or not other["bad_since"]:
        return {}
    return {"bad_since": other["bad_since"], "bad_why": other["bad_why"]}


def better_place(kept: Row, other: Row) -> dict[str, Any]:
    """Return what a place gains by another row for the same person and firm."""
    known_role = kept["buying_role"] != UNKNOWN_ROLE
    return {
        "title": kept["title"] or other["title"],
        "buying_role": kept["buying_role"] if known_role else other["buying_role"],
        "since": kept["since"] or other["since"],
    }


def _name(person: Row) -> tuple[str, str]:
    return person["given_name"], person["family_name"]


def joined_texts(kept: Row, other: Row, taken: Collection[str] = ()) -> dict[str, str]:
    """Return name, place and language of the one person: the first's, filled and with what is taken of the other's.

    A name is taken whole or not at all, so that nobody gets half of one.
    """
    texts = {
        column: other[column] if column in taken and other[column] else kept[column] or other[column]
        for column in TEXTS
    }
    whole = any(_name(other)) and {"given_name", "family_name"} <= set(taken)
    name = _name(other) if whole else filled_name(_name(kept), _name(other))
    return texts | dict(zip(("given_name", "family_name"), name, strict=True))


def _join_persons(changes: _Changes, survivor: Holdings, loser: Holdings, taken: Collection[str]) -> None:
    kept, other = survivor.person, loser.person
    texts = joined_texts(kept, other, taken)
    for column, value in texts.items():
        changes.set(changes.filled, PERSON, kept, column, value)
    own = {key: value for key, value in other["attributes"].items() if ATTRIBUTE + key in taken}
    changes.set(changes.filled, PERSON, kept, "attributes", {**other["attributes"], **kept["attributes"], **own})
    if _name(kept) != (texts["given_name"], texts["family_name"]):
        changes.set(changes.filled, PERSON, kept, "lookalike", poses(texts["given_name"], texts["family_name"]))
    norms = dict.fromkeys(point["norm"] for point in (*survivor.points, *loser.points))
    found_by = search_text(texts["given_name"], texts["family_name"], norms)
    changes.set(changes.filled, PERSON, kept, "search", found_by)
    changes.set(changes.filled, PERSON, other, "search", "")
