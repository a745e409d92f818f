"""What must hold once everything has come to rest, whatever was killed on the way."""

from __future__ import annotations

from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from leadloop.ledger.queries import parked
from leadloop.loop import check
from leadloop.loop.routes import ROUTES, Route

SETTLED = {"new", "joined", "other", "quarantined"}


def ask(question: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Rows of the installation that Django points at."""
    with connection.cursor() as cursor:
        cursor.execute(question, list(parameters))
        return list(cursor.fetchall())


def waiting() -> int:
    """Deliveries that have not been taken in."""
    return int(ask("select count(*) from capture_submission where state = 'received'")[0][0])


def behind() -> dict[str, int]:
    """By route and lane, how many facts it has yet to take; less than nothing would mean that some came twice."""
    handled = {(name, lane): count for name, lane, count in ask("select name, lane, handled from ledger_subscription")}
    left = {
        f"{route.name} {lane}": asked_for(route, lane) - handled.get((route.name, lane), 0)
        for route in ROUTES
        for lane in (0, 1)
    }
    return {name: count for name, count in left.items() if count}


def asked_for(route: Route, lane: int) -> int:
    """How many facts a route is to be handed in all."""
    question = "select count(*) from ledger_event where kind = %s and lane = %s and coalesce(payload, '{}') @> %s"
    only = route.only or {}
    return sum(int(ask(question, kind, lane, Jsonb(dict(only.get(kind, {}))))[0][0]) for kind in route.kinds)


def mail_due() -> int:
    """Messages that could go out now."""
    return int(ask("select count(*) from outreach_message where state = 'queued' and not_before <= now()")[0][0])


def mail_held() -> int:
    """Messages that a worker has taken, alive or dead."""
    return int(ask("select count(*) from outreach_message where state = 'sending'")[0][0])


def unsettled(submission_ids: set[str]) -> list[tuple[Any, ...]]:
    """Those of these deliveries that are missing or in no final state."""
    return ask(
        "select told.id, s.state from unnest(%s::bigint[]) as told (id) left join capture_submission s using (id)"
        " where s.state is null or not s.state = any(%s)",
        [int(one) for one in submission_ids],
        sorted(SETTLED),
    )


def everything_adds_up() -> None:
    """Nothing parked, no route behind or ahead, every portal's balance zero, every promise of the product kept."""
    assert parked() == []
    assert behind() == {}
    assert out_of_balance() == []
    assert check.run() == []


def out_of_balance() -> list[tuple[Any, ...]]:
    """Portals where received is not new + joined + other + quarantined, each with its inquiries and facts."""
    return ask(
        """
        select portal_id, received, settled, inquiries, facts from (
            select s.portal_id, count(*) as received, count(*) filter (where s.state = any(%s)) as settled,
                   count(*) filter (where s.state <> 'quarantined') as readable,
                   (select count(*) from capture_inquiry i where i.portal_id = s.portal_id) as inquiries,
                   (select count(*) from ledger_event e where e.kind = 'inquiry.received'
                       and (e.payload ->> 'portal_id')::bigint = s.portal_id) as facts
              from capture_submission s group by s.portal_id) b
         where received <> settled or readable <> inquiries or inquiries <> facts
        """,
        sorted(SETTLED),
    )
