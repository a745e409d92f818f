"""The board: open deals by column, with figures over all of them and cards for the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.kernel.errors import NotFound
from leadloop.leads.contracts import Page
from leadloop.leads.queries import Condition
from leadloop.leads.queries.paging import Key, behind, cursor_of, order_by, size
from leadloop.platform.contracts import Company, Viewer
from leadloop.platform.queries import company
from leadloop.selling.contracts import Card, Column, StageRow
from leadloop.selling.queries.deals import DEAL_COLUMNS, WIDTH, deal_row
from leadloop.selling.queries.figures import NOTHING, Figures, figures, in_base
from leadloop.selling.queries.stages import pipeline_stages
from leadloop.selling.queries.visibility import visible_to
from leadloop.selling.rules import risks, weighted
from leadloop.selling.sql import fetch

_KEYS = (Key("o.position", "float8"), Key("o.id", "bigint"))
_EXTRA = """
(select k.lead_id from selling_opportunitylead k where k.opportunity_id = o.id and k.is_primary) as primary_lead_id,
(select max(a.happened_at) from selling_activity a where a.opportunity_id = o.id and a.undone_at is null) as last_at
"""
_POSITION, _STAGE = (DEAL_COLUMNS.split(", ").index(name) for name in ("o.position", "s.key"))


def board(viewer: Viewer, *, now: datetime, per_column: int = 25) -> list[Column]:
    """Every column from left to right: how many, what they sum up to, and the first cards. Five queries."""
    stages, us, reach = pipeline_stages(), company(), visible_to(viewer)
    counted = figures(reach, now)
    today = _today(us, now)
    sums = in_base(counted, today)
    shown = _first_cards(stages, reach, size(per_column))
    return [
        _column(stage, counted.get(stage.id, NOTHING), sums.get(stage.id, {}), shown[stage.key], per_column, us, now)
        for stage in stages
    ]


def cards(viewer: Viewer, stage: str, *, now: datetime, after: str | None = None, limit: int = 25) -> Page[Card]:
    """Further cards of one column, behind a cursor of it. Raises NotFound for an unknown column. Three queries."""
    found = next((one for one in pipeline_stages() if one.key == stage), None)
    if found is None:
        raise NotFound(f"There is no column “{stage}”", field="stage", mend="Load the board again")
    us, every = company(), [visible_to(viewer), behind(_KEYS, after, _order(stage))]
    values = fetch(
        f"""
        select {DEAL_COLUMNS}, {_EXTRA} from selling_opportunity o
          join selling_pipelinestage s on s.id = o.stage_id
         where o.stage_id = %s and o.state = 'open' and {" and ".join(one.sql for one in every)}
         order by {order_by(_KEYS)} limit %s
        """,
        [found.id, *(value for one in every for value in one.params), size(limit) + 1],
    )
    return Page(*_page(stage, values, size(limit), us, now))


def _first_cards(stages: Sequence[StageRow], reach: Condition, limit: int) -> dict[str, list[Sequence[Any]]]:
    found = fetch(
        f"""
        select c.* from selling_pipelinestage s
         cross join lateral (
               select {DEAL_COLUMNS}, {_EXTRA} from selling_opportunity o
                where o.stage_id = s.id and o.state = 'open' and {reach.sql}
                order by {order_by(_KEYS)} limit %s) c
        """,
        [*reach.params, limit + 1],
    )
    shown: dict[str, list[Sequence[Any]]] = {stage.key: [] for stage in stages}
    for values in sorted(found, key=lambda values: (values[_POSITION], values[0])):
        shown[values[_STAGE]].append(values)
    return shown


def _column(
    stage: StageRow,
    held: Figures,
    sums: Mapping[str, int | None],
    values: Sequence[Sequence[Any]],
    per_column: int,
    us: Company,
    now: datetime,
) -> Column:
    total = sum(minor for minor in sums.values() if minor is not None)
    shown, cursor = _page(stage.key, values, size(per_column), us, now)
    return Column(
        stage=stage,
        count=held.count,
        sum_minor=total,
        weighted_minor=weighted(total, stage.win_percent),
        currency=us.currency,
        unconverted=tuple(sorted(code for code, minor in sums.items() if minor is None)),
        median_days=held.days,
        cards=tuple(shown),
        next_cursor=cursor,
    )


def _page(
    stage: str, values: Sequence[Sequence[Any]], limit: int, us: Company, now: datetime
) -> tuple[list[Card], str | None]:
    shown, today = values[:limit], _today(us, now)
    found = [_card(one, now, today) for one in shown]
    more = len(values) > limit
    return found, cursor_of(_order(stage), (found[-1].row.position, found[-1].row.id)) if more else None


def _card(values: Sequence[Any], now: datetime, today: date) -> Card:
    row, (primary_lead_id, last_at) = deal_row(values), values[WIDTH:]
    return Card(row, primary_lead_id, last_at, risks(row, last_at, now, today))


def _order(stage: str) -> str:
    return f"board-{stage}"


def _today(us: Company, now: datetime) -> date:
    return now.astimezone(ZoneInfo(us.zone)).date()
