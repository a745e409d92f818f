"""What goes on with firms: leads and deals added up, of what somebody sees."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.leads.queries import visible_to as leads_visible_to
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import base_amounts, company
from leadloop.selling.contracts import AccountSums
from leadloop.selling.queries.visibility import visible_to
from leadloop.selling.sql import fetch


def account_sums(viewer: Viewer, company_ids: Collection[int], *, now: datetime) -> dict[int, AccountSums]:
    """Figures by firm, of all that are asked for. Three queries, besides the company's settings."""
    sums = {company_id: AccountSums() for company_id in company_ids}
    reach = leads_visible_to(viewer)
    for company_id, *figures in fetch(
        f"""
        select l.company_id, count(*), count(*) filter (where l.is_open), max(greatest(l.last_touch_at, (
               select max(a.happened_at) from selling_activity a
                where a.lead_id = l.lead_id and a.undone_at is null)))
          from leads_facet_lead l where l.company_id = any(%s) and {reach.sql} group by 1
        """,
        [list(sums), *reach.params],
    ):
        sums[company_id] = AccountSums(*figures)
    deals = _deals(viewer, list(sums))
    today = now.astimezone(ZoneInfo(company().zone)).date()
    worth = base_amounts([(minor, currency, today) for _, currency, _, minor, *_ in deals])
    for (company_id, currency, opened, _, won, won_minor, lost), minor in zip(deals, worth, strict=True):
        one = sums[company_id]
        sums[company_id] = replace(
            one,
            open_deals=one.open_deals + opened,
            open_minor=one.open_minor + (minor or 0),
            won_deals=one.won_deals + won,
            won_minor=one.won_minor + int(won_minor),
            lost_deals=one.lost_deals + lost,
            unconverted=(*one.unconverted, currency) if minor is None and opened else one.unconverted,
        )
    return sums


def _deals(viewer: Viewer, company_ids: list[int]) -> list[tuple[Any, ...]]:
    """By firm and currency: how many are open, their sum, how many won, their worth, how many lost."""
    reach = visible_to(viewer)
    return fetch(
        f"""
        select o.company_id, o.currency, count(*) filter (where o.state = 'open'),
               coalesce(sum(o.minor) filter (where o.state = 'open'), 0)::bigint,
               count(*) filter (where o.state = 'won'), coalesce(sum(o.base_minor), 0)::bigint,
               count(*) filter (where o.state = 'lost')
          from selling_opportunity o where o.company_id = any(%s) and {reach.sql} group by 1, 2 order by 1, 2
        """,
        [company_ids, *reach.params],
    )
