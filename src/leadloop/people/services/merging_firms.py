"""Making one firm of two in this room's own tables; what stood before is the journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from leadloop.kernel.errors import Conflict, NotFound
from leadloop.ledger.sql import fetch
from leadloop.people.apart import LOSER, SURVIVOR
from leadloop.people.contracts import RowChange
from leadloop.people.rules.firms import Firm
from leadloop.people.rules.joining_firms import VALUES, FirmHeld, firm_offers, joined
from leadloop.people.rules.merging import POSITION, Row, better_place
from leadloop.people.rules.survivorship import USUAL, Offer
from leadloop.people.services.locking import lock_hierarchy
from leadloop.people.services.merging import write_changes
from leadloop.people.services.offering import told_last
from leadloop.people.sql import run, to_json

COMPANY = "people_company"
_STANDING = f"select id, merged_into_id from {COMPANY} where id = any(%s) order by id for update"
_HELD = f"""
select c.id, to_jsonb(c),
       coalesce((select jsonb_agg(to_jsonb(o) order by o.id) from people_position o where o.company_id = c.id), '[]'),
       coalesce((select jsonb_agg(e.id order by e.id) from people_externalid e where e.company_id = c.id), '[]'),
       coalesce((select jsonb_agg(b.id order by b.id) from {COMPANY} b where b.parent_id = c.id), '[]'),
       coalesce((select jsonb_agg(s.id order by s.id) from {COMPANY} s where s.merged_into_id = c.id), '[]')
  from {COMPANY} c where c.id = any(%s)
"""
_MARK = "select coalesce(max(id), 0) from people_fieldhistory where subject = 'company' and subject_id = any(%s)"
WRITE_FIRMS = f"""
update {COMPANY} c set {", ".join(f"{name} = n.{name}" for name in VALUES)}, attributes = n.attributes
  from jsonb_populate_recordset(null::{COMPANY}, %s::jsonb) as n where c.id = n.id
"""
_SHELLS = f"update {COMPANY} set merged_into_id = %s where id = %s or merged_into_id = %s"
_CHILDREN = f"update {COMPANY} set parent_id = %s where parent_id = %s and id <> %s"
_EXTERNAL = "update people_externalid set company_id = %s where company_id = %s"
_PLACES = "update people_position set company_id = %s where company_id = %s"


def lock_firms(survivor_id: int, loser_id: int, *, merged: bool = False) -> None:
    """Lock two firms, and who stands above whom; with `merged` two that are one.

    Raises NotFound, and Conflict for one that was merged already.
    """
    lock_hierarchy()
    standing = dict(fetch(_STANDING, [[survivor_id, loser_id]]))
    if len({survivor_id, loser_id} & standing.keys()) < len({survivor_id, loser_id}):
        raise NotFound("There is no such company.", field="company")
    if survivor_id == loser_id or (not merged and any(into is not None for into in standing.values())):
        raise Conflict("These are one company already.", field="company")


def offers_of_firms(
    survivor_id: int, loser_id: int, *, rule: str = USUAL, chosen: Mapping[str, str] | None = None
) -> list[Offer]:
    """Every field of two firms with the value that would stay, and why. Two queries."""
    held = firm_rows([survivor_id, loser_id])
    told = told_last([survivor_id, loser_id], "company")
    return firm_offers(firm_held(held[survivor_id]), firm_held(held[loser_id]), told, rule=rule, chosen=chosen)


def merge_firms(survivor_id: int, loser_id: int, taken: Collection[str]) -> dict[str, Any]:
    """Move what the loser has to the survivor and return how both stood, JSON-ready, for `part_firms`.

    Both must be locked (`lock_firms`). Ten statements at most, whatever they hold.
    """
    held = firm_rows([survivor_id, loser_id])
    ((mark,),) = fetch(_MARK, [[survivor_id, loser_id]])
    survivor, loser = held[survivor_id], held[loser_id]
    bettered, twice = _met(survivor["positions"], loser["positions"])
    run("delete from people_position where id = any(%s)", [twice])
    write_changes(bettered)
    run(_PLACES, [survivor_id, loser_id])
    run(_EXTERNAL, [survivor_id, loser_id])
    run(_CHILDREN, [survivor_id, loser_id, survivor_id])
    run(_SHELLS, [survivor_id, loser_id, loser_id])
    write_firms({survivor_id: joined(firm_held(survivor), firm_held(loser), taken)})
    return {
        "held": {SURVIVOR: survivor, LOSER: loser},
        "history": mark,
        "bettered": [change.as_json() for change in bettered],
    }


def firm_rows(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The rows that hang on each firm, as JSON gives them, the places whole and of others the ids. One query."""
    return {
        row[0]: dict(zip(("company", "positions", "external", "below", "shells"), row[1:], strict=True))
        for row in fetch(_HELD, [list(ids)])
    }


def firm_held(rows: Mapping[str, Any]) -> FirmHeld:
    """A firm of `firm_rows`."""
    row = rows["company"]
    values = {name: row[name] for name in VALUES}
    return FirmHeld(row["id"], datetime.fromisoformat(row["created_at"]), Firm(values, row["attributes"]))


def write_firms(firms: Mapping[int, Firm]) -> None:
    """Write the values of firms by id. One statement."""
    rows = [{"id": i, **firm.values, "attributes": firm.attributes} for i, firm in firms.items()]
    run(WRITE_FIRMS, [to_json(rows)])


def _met(kept: Sequence[Row], coming: Sequence[Row]) -> tuple[list[RowChange], list[int]]:
    """Where one person has a place at both: what the survivor's gains, and the ids of the loser's, which go."""
    standing = {row["person_id"]: row for row in kept}
    changes: list[RowChange] = []
    twice = []
    for row in coming:
        if (own := standing.get(row["person_id"])) is None:
            continue
        twice.append(row["id"])
        better = {**better_place(own, row), "is_primary": own["is_primary"] or row["is_primary"]}
        changes += (RowChange(POSITION, own["id"], name, own[name], v) for name, v in better.items() if own[name] != v)
    return sorted(changes, key=lambda change: change.column), twice
