"""What the stories of this room share: a desk with leads on it, and looking at what became of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.agreement.queries import in_force
from leadloop.leads.tests.world import World
from leadloop.platform.models import Rate
from leadloop.selling import queries, services
from leadloop.selling.contracts import ActivityIn, ActivityKind, Card, Deal, LineIn, Logged

CALL, MAIL, MEETING, SOCIAL, NOTE = (ActivityKind(kind) for kind in ("call", "mail", "meeting", "social", "note"))
JUNE = date(2026, 6, 30)


class Desk(World):
    """A desk in sales; everything is done by Kim unless said otherwise."""

    def __init__(self, cast: Any) -> None:
        super().__init__(cast, in_force())

    @property
    def kim(self) -> dict[str, Any]:
        return {"actor": self.by("kim"), "now": self.now}

    @property
    def acting(self) -> dict[str, Any]:
        return {"terms": self.terms, **self.kim}

    def in_hours(self, hours: float) -> datetime:
        return self.now + timedelta(hours=hours)

    def log(self, lead_id: int, kind: ActivityKind, outcome: str = "", **more: Any) -> Logged:
        (logged,) = services.log([self.activity(lead_id, kind, outcome, **more)], **self.acting)
        return logged

    def activity(self, lead_id: int, kind: ActivityKind, outcome: str = "", **more: Any) -> ActivityIn:
        if kind is not NOTE and "next_step_at" not in more:
            more = {"next_step_at": self.in_hours(24), "next_step_note": "Call again", **more}
        return ActivityIn(lead_id=lead_id, kind=kind, outcome=outcome, **more)

    def deal(self, *lead_ids: int, **more: Any) -> int:
        given: dict[str, Any] = {
            "name": "Pumps for the new line",
            "currency": "EUR",
            "close_on": JUNE,
            "next_step": "Send the drawing",
            "next_step_at": self.in_hours(48),
            **more,
        }
        if "lines" not in given and "amount" not in given:
            given["amount"] = 100_000
        return services.open_opportunity(lead_ids=lead_ids, **given, **self.acting)

    def look(self, opportunity_id: int, who: str = "grace") -> Deal:
        return queries.opportunity(self.viewer(who), opportunity_id)

    def cards(self, stage: str, who: str = "grace") -> list[Card]:
        return queries.cards(self.viewer(who), stage, now=self.now).rows

    def rate(self, currency: str, day: date, value: str) -> None:
        Rate.objects.create(day=day, currency=currency, base="EUR", rate=Decimal(value))

    def unsound(self) -> list[tuple[Any, ...]]:
        """Deals whose amounts are not what their lines or the ledger say. Must be empty after every story."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                select o.id, o.minor, l.minor, e.minor, o.base_minor, e.base
                  from selling_opportunity o
                  left join lateral (
                       select sum(round(quantity * unit_minor * coalesce(months, 1))) as minor
                         from selling_line where opportunity_id = o.id) l on true
                  left join lateral (
                       select sum(amount) filter (where kind in ('opportunity.opened', 'opportunity.changed')) as minor,
                              sum(base_amount) as base
                         from ledger_event where opportunity_id = o.id) e on true
                 where o.minor <> e.minor or o.minor <> l.minor or coalesce(o.base_minor, 0) <> coalesce(e.base, 0)
                """
            )
            return cursor.fetchall()


def line(quantity: str, unit_minor: int, months: int | None = None, **more: Any) -> LineIn:
    return LineIn(name="Pump 100", quantity=Decimal(quantity), unit_minor=unit_minor, months=months, **more)


def counted(work: Any) -> int:
    """How many queries `work` takes."""
    with CaptureQueriesContext(connection) as seen:
        work()
    return len([one for one in seen if "SAVEPOINT" not in one["sql"]])
