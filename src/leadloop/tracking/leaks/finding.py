"""Finding the leaks of a period: how many leads, whose, in which part of the loop, and what they cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import ibis.expr.types as ir

from leadloop.kernel.values import dataclass
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened
from leadloop.tracking.leaks.rules import Group, Loss, Treated, Worth, loss, prior
from leadloop.tracking.leaks.sources import HISTORY, LEAKS, lost, number, treated

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
    """Every leak of the period by part, the dearest first. Ten statements.

    The chances come from the leads of the year up to the end of the period whose outcome is known.
    """
    return leaks_since(copy, asked, [asked.start])[0]


def leaks_since(copy: Opened, asked: Asked, starts: Sequence[datetime]) -> list[list[Leak]]:
    """The leaks of several periods with the end of the one that is asked for, in as many statements as those of one.

    `starts` are moments as in `asked`.
    """
    worth, before = _worth(copy, asked), prior(*_decided(copy, asked))
    found: list[list[Leak]] = [[] for _ in starts]
    for kind, rows_of in LEAKS.items():
        rows = rows_of(copy, asked)
        groups = _by_part(copy.rows(treated(copy, asked, rows)))
        for part, ours in _by_part(copy.rows(_by_owner(lost(rows), starts))).items():
            for place, leaks in enumerate(found):
                leaks.append(_leak(kind, part, groups.get(part, []), _affected(ours, place), worth, before))
    return [_dearest_first(leaks) for leaks in found]


def affected(copy: Opened, asked: Asked, kind: str, part: str, owner_id: int | None = None) -> list[int]:
    """Ids of the leads behind a leak, the newest first. One statement."""
    rows = lost(LEAKS[kind](copy, asked))
    rows = rows.filter(rows["at"] >= asked.start, rows.part == part)
    if owner_id is not None:
        rows = rows.filter(rows.owner_id == owner_id)
    return [row["id"] for row in copy.rows(rows.select("id").order_by(rows.id.desc()))]


def _dearest_first(found: Iterable[Leak]) -> list[Leak]:
    return sorted((leak for leak in found if leak.affected), key=lambda leak: -(leak.loss.expected if leak.loss else 0))


def _by_owner(rows: ir.Table, starts: Sequence[datetime]) -> ir.Table:
    return rows.group_by(["part", "alike", "owner_id"]).aggregate(
        **{f"since_{place}": number(rows["at"] >= start) for place, start in enumerate(starts)}
    )


def _by_part(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["part"], []).append(row)
    return found


def _affected(rows: list[dict[str, Any]], place: int) -> Counter[tuple[str, int | None]]:
    """How many leads were lost since a start, by what is alike and by owner."""
    return Counter({(row["alike"], row["owner_id"]): int(row[f"since_{place}"]) for row in rows})


def _leak(
    kind: str,
    part: str,
    groups: list[dict[str, Any]],
    affected: Counter[tuple[str, int | None]],
    worth: Worth,
    before: float,
) -> Leak:
    alike: Counter[str] = Counter()
    owners: Counter[int | None] = Counter()
    for (key, owner), count in affected.items():
        alike[key] += count
        owners[owner] += count
    treated_so = {row["alike"]: row for row in groups}
    known = [_treated(treated_so.get(key, {}), alike[key]) for key in sorted({*alike, *treated_so})]
    well, badly = sum((one.well for one in known), Group(0, 0)), sum((one.badly for one in known), Group(0, 0))
    return Leak(kind, part, alike.total(), dict(+owners), well, badly, loss(known, worth=worth, before=before))


def _treated(row: dict[str, Any], affected: int) -> Treated:
    well, well_won, badly, badly_won = (int(row.get(name) or 0) for name in ("well", "well_won", "badly", "badly_won"))
    return Treated(affected, Group(well, well_won), Group(badly, badly_won))


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
