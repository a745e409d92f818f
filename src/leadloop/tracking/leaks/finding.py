"""Finding the leaks of a period: how many leads, whose, in which part of the loop, and what they cost."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from leadloop.kernel.values import dataclass
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened
from leadloop.tracking.leaks.rules import Group, Loss, Treated, Worth, loss, prior
from leadloop.tracking.leaks.sources import HISTORY, LEAKS

WORDS = {
    "unfollowed": ("Never followed up", "Handed over a day ago or longer, and nobody spoke with them or wrote"),
    "late": ("Followed up late", "The first contact came more than a day after the hand-over"),
    "rejected": ("Given back", "Sales gave the lead back, or it was pulled back"),
    "stuck": ("Stuck", "Longer than 30 days in one stage"),
}


@dataclass(frozen=True, slots=True)
class Leak:
    """One leak in one part of the loop. `owners` are the affected leads by whose they were last, user ids.

    `loss` is None where nothing was won yet.
    """

    kind: str
    part: str
    affected: int
    owners: dict[int | None, int]
    well: Group
    badly: Group
    loss: Loss | None


def leaks(copy: Opened, asked: Asked) -> list[Leak]:
    """Every leak of the period by part, the dearest first. Six statements.

    The chances come from the leads of the year up to the end of the period whose outcome is known.
    """
    worth, before = _worth(copy, asked), prior(*_decided(copy, asked))
    found = [
        _leak(kind, part, rows, worth, before)
        for kind, rows_of in LEAKS.items()
        for part, rows in _by_part(copy.rows(_counted(rows_of(copy, asked)))).items()
    ]
    return sorted((leak for leak in found if leak.affected), key=lambda leak: -(leak.loss.expected if leak.loss else 0))


def affected(copy: Opened, asked: Asked, kind: str, part: str, owner_id: int | None = None) -> list[int]:
    """Ids of the leads behind a leak, the newest first. One statement."""
    rows = LEAKS[kind](copy, asked)
    rows = rows.filter(rows.affected, rows.part == part)
    if owner_id is not None:
        rows = rows.filter(rows.owner_id == owner_id)
    return [row["id"] for row in copy.rows(rows.select("id").order_by(rows.id.desc()))]


def _counted(rows: ir.Table) -> ir.Table:
    def number(flag: ir.BooleanValue) -> ir.Value:
        return flag.cast("int64").sum()

    return rows.group_by(["part", "alike", "owner_id"]).aggregate(
        affected=number(rows.affected),
        well=number(rows.well),
        well_won=number(rows.well & rows.won),
        badly=number(rows.badly),
        badly_won=number(rows.badly & rows.won),
    )


def _by_part(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["part"], []).append(row)
    return found


def _leak(kind: str, part: str, rows: list[dict[str, Any]], worth: Worth, before: float) -> Leak:
    alike: dict[str, list[dict[str, Any]]] = {}
    owners: dict[int | None, int] = {}
    for row in rows:
        alike.setdefault(row["alike"], []).append(row)
        if row["affected"]:
            owners[row["owner_id"]] = owners.get(row["owner_id"], 0) + int(row["affected"])
    groups = [_treated(alike[key]) for key in sorted(alike)]
    well, badly = sum((one.well for one in groups), Group(0, 0)), sum((one.badly for one in groups), Group(0, 0))
    number = sum(one.affected for one in groups)
    return Leak(kind, part, number, owners, well, badly, loss(groups, worth=worth, before=before))


def _treated(rows: list[dict[str, Any]]) -> Treated:
    def total(name: str) -> int:
        return sum(int(row[name] or 0) for row in rows)

    return Treated(
        total("affected"), Group(total("well"), total("well_won")), Group(total("badly"), total("badly_won"))
    )


def _worth(copy: Opened, asked: Asked) -> Worth:
    won = copy["win"]
    won = won.filter(won.is_primary, won.won_at >= asked.end - HISTORY, won.won_at < asked.end)
    minor = won.base_minor.cast("float64")
    (row,) = copy.rows(won.aggregate(mean=minor.mean(), deviation=minor.std(how="pop"), wins=won.count()))
    return Worth(row["mean"] or 0.0, row["deviation"] or 0.0, int(row["wins"]))


def _decided(copy: Opened, asked: Asked) -> tuple[int, int]:
    deal = copy["opportunity"]
    deal = deal.filter(deal.closed_at >= asked.end - HISTORY, deal.closed_at < asked.end)
    rows = {row["state"]: int(row["deals"]) for row in copy.rows(deal.group_by("state").aggregate(deals=deal.count()))}
    return rows.get("won", 0), rows.get("lost", 0)
