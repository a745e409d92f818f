"""The cost book and the budgets."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection

from leadloop.programmes.contracts import Allocation, BudgetRow, CostKind, CostRow, Total
from leadloop.programmes.models import Budget, Cost

COLUMNS = (
    "id",
    "programme_id",
    "kind",
    "minor",
    "currency",
    "base_minor",
    "booked_on",
    "paid_on",
    "allocation",
    "note",
    "corrects_id",
)
_TOTALS = """
with recursive tree as (
    select id as top, id from programmes_programme
     union
    select t.top, p.id from programmes_programme p join tree t on p.parent_id = t.id
), own as (
    select programme_id, sum(base_minor) as minor from programmes_cost
     where programme_id is not null and booked_on between %s and %s group by programme_id
)
select t.top, coalesce(sum(o.minor) filter (where o.programme_id = t.top), 0)::bigint, sum(o.minor)::bigint
  from tree t join own o on o.programme_id = t.id
 group by t.top
"""


def to_row(row: tuple[Any, ...]) -> CostRow:
    """From the values of COLUMNS."""
    i, programme_id, kind, minor, currency, base, booked, paid, allocation, note, corrects_id = row
    return CostRow(
        i,
        programme_id,
        CostKind(kind),
        minor,
        currency,
        base,
        booked,
        paid,
        Allocation(allocation),
        note,
        corrects_id,
    )


def costs(programme_ids: Collection[int] | None, from_: date, to: date) -> list[CostRow]:
    """Lines booked from one day to another, both included, in order of day: of these programmes, or all of the book.

    None takes the shared lines in too. Summing `base_minor` gives the cost in the company's currency.
    """
    found = Cost.objects.filter(booked_on__range=(from_, to)).order_by("booked_on", "id")
    if programme_ids is not None:
        found = found.filter(programme_id__in=list(programme_ids))
    return [to_row(row) for row in found.values_list(*COLUMNS)]


def totals(from_: date, to: date) -> dict[int, Total]:
    """Cost of every node in the company's currency, own and with all below it; nodes without any are left out.

    Shared lines belong to no node: they are in `costs` only, with the rule by which reports spread them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [from_, to])
        return {row[0]: Total(row[1], row[2]) for row in cursor.fetchall()}


def budgets(programme_ids: Collection[int] | None = None) -> list[BudgetRow]:
    """What was asked for and approved, the newest first: for these programmes, or for all."""
    found = Budget.objects.order_by("-asked_at", "-id")
    if programme_ids is not None:
        found = found.filter(programme_id__in=list(programme_ids))
    rows = found.values_list(
        "id",
        "programme_id",
        "minor",
        "currency",
        "asked_by_id",
        "asked_at",
        "approved_by_id",
        "approved_at",
        "approved_minor",
    )
    return [BudgetRow(*row) for row in rows]
