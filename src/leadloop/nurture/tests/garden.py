"""What the stories of this room share: leads that are not ready yet, journeys, and time that goes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import log2
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.agreement.queries import in_force
from leadloop.content.services import save_template
from leadloop.leads.contracts import LeadRow, Score, Stage
from leadloop.leads.queries import rows
from leadloop.leads.services import score
from leadloop.leads.tests.world import World
from leadloop.ledger.contracts import by_system
from leadloop.ledger.models import Event
from leadloop.nurture import queries, services
from leadloop.nurture.contracts import EnrolmentRow
from leadloop.nurture.sql import fetch
from leadloop.nurture.standard import FIRST_JOURNEY

CLOCK = by_system("clock")
HALF_LIFE_DAYS = 30.0
READY = {"facet": "score.readiness", "op": ">=", "value": 2}


def wait(next_: str, **much: int) -> dict[str, Any]:
    return {"do": "wait", "next": next_, **(much or {"days": 1})}


def send(template: str, next_: str) -> dict[str, Any]:
    return {"do": "send", "template": template, "next": next_}


def decide(yes: str, no: str, when: Mapping[str, Any] = READY) -> dict[str, Any]:
    return {"do": "decide", "when": when, "yes": yes, "no": no}


HAND_OVER: dict[str, Any] = {"do": "hand_over"}
RECYCLE: dict[str, Any] = {"do": "recycle", "reason": "not_now", "days": 90}


def graph(start: str, **nodes: dict[str, Any]) -> dict[str, Any]:
    return {"start": start, "nodes": nodes}


HELLO = "Hello {{ person.given_name | there }}."


class Garden(World):
    """Leads in nurturing; the clock does what the clock does."""

    def __init__(self, cast: Any) -> None:
        super().__init__(cast, in_force())

    @property
    def acting(self) -> dict[str, Any]:
        return {"terms": self.terms, "actor": self.by("tomas"), "now": self.now}

    def standard(self) -> int:
        return services.install_standard(owner_id=self.user("tomas"), **self.acting)

    def text(self, key: str, subject: str = "Hello", language: str = "en", body: str = HELLO) -> None:
        save_template(
            key=key,
            language=language,
            subject=subject,
            body=body,
            owner_id=self.user("tomas"),
            actor=CLOCK,
            now=self.now,
        )

    def draft(self, graph: Mapping[str, Any], key: str = "spring") -> int:
        return services.install(key=key, name="Spring", graph=graph, owner_id=self.user("tomas"))

    def publish(self, graph: Mapping[str, Any], key: str = "spring", **more: Any) -> int:
        journey_id = self.draft(graph, key)
        services.publish(journey_id, **self.acting, **more)
        return journey_id

    def sown(self, count: int, stage: Stage = Stage.INQUIRY) -> list[LeadRow]:
        return self.leads_in(stage, ["kim"] * count)

    def enrol(self, leads: Iterable[LeadRow], key: str = FIRST_JOURNEY, **more: Any) -> dict[int, int]:
        pairs = [(lead.id, lead.person_id) for lead in leads]
        return services.enrol(pairs, journey_key=key, **self.acting, **more)

    def tick(self, limit: int = 1000) -> int:
        return services.advance(limit=limit, terms=self.terms, actor=CLOCK, now=self.now, half_life_days=HALF_LIFE_DAYS)

    def after(self, **much: float) -> int:
        self.later(**much)
        return self.tick()

    def scored(self, lead_id: int, *, readiness: int = 0, engagement: float | None = None) -> None:
        stored = None if engagement is None else log2(engagement) + self.now.timestamp() / (HALF_LIFE_DAYS * 86_400)
        score(
            [Score(lead_id=lead_id, readiness=readiness, engagement=stored)],
            rules_version=1,
            qualified={},
            actor=CLOCK,
            now=self.now,
        )

    def way(self, lead_id: int) -> EnrolmentRow:
        """The last journey of a lead."""
        return queries.enrolments([lead_id])[lead_id][0]

    def at(self, lead_id: int) -> tuple[str, datetime | None]:
        found = queries.on_journeys([lead_id])[lead_id]
        return found.node, found.due_at

    def mail(self) -> list[tuple[int, str, str]]:
        """Lead, occasion's node and template of every message in the outbox, in the order they were put there."""
        found = fetch("select lead_id, split_part(occasion, ':', 3), template_key from outreach_message order by id")
        return [tuple(one) for one in found]  # type: ignore[misc]  # three columns

    def told(self, lead_id: int) -> list[tuple[str, str]]:
        """Kind and the node or reason of what was recorded of journeys."""
        events = Event.objects.filter(lead_id=lead_id, kind__startswith="journey.").order_by("id")
        return [(e.kind, e.reason if e.kind == "journey.left" else e.payload["node"]) for e in events]

    def unsound(self) -> list[tuple[Any, ...]]:
        """Leads on a journey without being nurtured, or without owing its next step an hour after it is due."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                select e.id, e.lead_id, l.stage, e.due_at, p.due_at
                  from nurture_enrolment e join leads_lead l on l.id = e.lead_id
                  left join leads_promise p on p.lead_id = l.id and p.kind = 'nurture' and p.state = 'running'
                 where e.state = 'waiting' and l.stage = 'nurturing' and p.id is null
                """
            )
            return cursor.fetchall()


def stage(lead_id: int) -> Stage:
    return rows([lead_id])[lead_id].stage


def counted(work: Any) -> int:
    """How many queries `work` takes."""
    with CaptureQueriesContext(connection) as seen:
        work()
    return len([one for one in seen if "SAVEPOINT" not in one["sql"]])


HOUR = timedelta(hours=1)
