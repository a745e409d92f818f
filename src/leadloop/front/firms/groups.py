"""A company and its group: figures of both, each opening its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce

from leadloop.front.cells import Piece, cell, heads
from leadloop.front.templatetags.ui import money_short
from leadloop.kernel.money import Money
from leadloop.people.contracts import CompanyRow
from leadloop.people.queries import companies, group_of, people_at
from leadloop.platform.contracts import Viewer
from leadloop.selling.contracts import AccountSums
from leadloop.selling.queries import account_sums

HEADS = heads(
    "Whose", ("People", "number"), ("Open leads", "number"), ("Open deals", "number"), ("In sight", "money"),
    ("Won", "money"),
)  # fmt: skip
SHOWN = 50


def group_piece(viewer: Viewer, firm: CompanyRow, *, now: datetime, currency: str) -> Piece:
    """The tree of the group and the figures of this company beside those of all. Empty where it stands alone."""
    ids = group_of(firm.id)
    if len(ids) < 2:
        return {}
    rows, sums, staff = companies(ids), account_sums(viewer, ids, now=now), people_at(ids)
    together = reduce(_added, sums.values(), AccountSums())
    return {
        "table": {
            "caption": "Figures of the group",
            "columns": HEADS,
            "total": 2,
            "rows": [
                {"cells": ["This company", *_own(firm.id, sums[firm.id], staff.get(firm.id, 0), currency)]},
                {"cells": [f"All {len(ids)} companies", *_all(firm.id, together, sum(staff.values()), currency)]},
            ],
        },
        "tree": _tree([rows[i] for i in ids if i in rows], firm.id),
        "url": f"/companies?group={firm.id}",
    }


def _own(company_id: int, sums: AccountSums, staff: int, currency: str) -> list[Piece]:
    """Each figure opens its leads, deals or people."""
    leads, deals = f"/leads?company={company_id}&open=1", f"/deals?company={company_id}"
    money = ((sums.open_minor, sums.open_deals, "open"), (sums.won_minor, sums.won_deals, "won"))
    return [
        cell(staff, link=f"/companies/{company_id}/people"),
        cell(sums.open_leads, url=leads, value=sums.open_leads, text=""),
        cell(sums.open_deals, url=f"{deals}&state=open", value=sums.open_deals, text=""),
        *(
            cell(Money(minor, currency), url=f"{deals}&state={state}", value=count, text=money_short(minor, currency))
            for minor, count, state in money
        ),
    ]


def _all(company_id: int, sums: AccountSums, staff: int, currency: str) -> list[Piece]:
    """Each figure opens the companies of the group that it is made of."""
    base = f"/companies?group={company_id}"
    return [
        cell(staff, link=base),
        cell(sums.open_leads, link=f"{base}&having=leads"),
        cell(sums.open_deals, link=f"{base}&having=deals"),
        cell(
            Money(sums.open_minor, currency), link=f"{base}&having=deals", text=money_short(sums.open_minor, currency)
        ),
        cell(Money(sums.won_minor, currency), link=f"{base}&having=won", text=money_short(sums.won_minor, currency)),
    ]


def _added(one: AccountSums, other: AccountSums) -> AccountSums:
    return AccountSums(
        open_leads=one.open_leads + other.open_leads,
        open_deals=one.open_deals + other.open_deals,
        open_minor=one.open_minor + other.open_minor,
        won_minor=one.won_minor + other.won_minor,
    )


def _tree(rows: Sequence[CompanyRow], here: int) -> list[Piece]:
    """The companies of the group with the one above each, from the top."""
    names = {row.id: row.name for row in rows}
    return [
        {
            "name": row.name,
            "url": "" if row.id == here else f"/companies/{row.id}",
            "above": f"part of {names[row.parent_id]}" if row.parent_id in names else "at the top",
        }
        for row in rows[:SHOWN]
    ]
