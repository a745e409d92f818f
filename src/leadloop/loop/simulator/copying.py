"""Writing what was told in memory into the tables, by COPY.

The rooms' services write what happens, one transaction after the other; a history of hundreds of thousands of leads is
written at once instead. Tables are named by model and reached through Django's registry, so nothing of a room is
imported; columns that are left out get what the database gives them. That these are the rows which the services
would have written is proven by `loop/tests/test_history.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from leadloop.ledger.reader import subscribe
from leadloop.loop.routes import ROUTES, Route
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.rows import EVENT, NUMBERED
from leadloop.loop.simulator.house.state import Activity, Deal, Enrolment, Lead, Offer, Owed

Table = tuple[str, Sequence[str], Iterable[Sequence[Any]]]

PLAIN: Mapping[str, Sequence[str]] = {
    "people.Company": (
        *("id", "name", "name_key", "domain", "website", "industry", "employees", "country", "city", "created_at"),
    ),
    "people.Person": (
        *("id", "given_name", "family_name", "language", "zone", "country", "city", "search", "lookalike"),
        *("attributes", "created_at"),
    ),
    "people.ContactPoint": ("person_id", "kind", "value", "norm", "is_primary", "disposable"),
    "people.Position": ("person_id", "company_id", "title", "buying_role", "is_primary"),
    "people.Consent": ("state", "person_id", "channel", "purpose", "wording", "source", "at"),
    "identity.MatchKey": ("kind", "value", "person_id"),
    "identity.CompanyKey": ("kind", "value", "company_id"),
    "identity.MatchDecision": ("inquiry_id", "person_id", "outcome", "keys", "reasons", "at"),
    "capture.Submission": (
        *("id", "portal_id", "state", "delivery_key", "digest", "body", "content_type", "context", "received_at"),
        *("settled_at", "reason_code", "reason_text"),
    ),
    "capture.Inquiry": (
        *("id", "portal_id", "kind", "person_id", "lead_id", "interest_id", "programme_id", "source_id"),
        *("external_id", "happened_at", "received_at", "outcome", "answers", "message", "touch", "asset_id"),
        "place_id",
    ),
    "outreach.Message": (
        *("id", "occasion", "purpose", "person_id", "user_id", "about_person_id", "lead_id", "to_address"),
        *("reply_to", "language", "subject", "text", "html", "template_key", "auto_answer", "state", "detail"),
        *("not_before", "fence", "first_tried_at", "admitted_at", "queued_at", "sent_at"),
    ),
}
LEAD = (
    *("id", "interest_id", "stage", "stage_since", "owner_id", "team_id", "due_at", "due_kind", "fit", "grade"),
    *("engagement", "readiness", "expected_value", "buying_stage", "programme_id", "source_id", "handover", "why"),
    *("last_touch_at", "touches", "recycled", "exception_code", "opened_at", "closed_at", "close_reason"),
    "follows_id",
)
PROMISE = (
    *("id", "lead_id", "kind", "owner_id", "made_at", "due_at", "state", "note", "evidence", "broken_at"),
    "settled_at",
)
OFFER = (
    *("id", "lead_id", "pool_id", "user_id", "from_user_id", "routing_version", "rule", "how", "state"),
    *("offered_at", "settled_at", "reason"),
)
ENROLMENT = (
    *("id", "journey_id", "lead_id", "person_id", "node", "state", "due_at", "entered_at", "left_at", "reason"),
    "steps",
)
ACTIVITY = (
    *("id", "lead_id", "opportunity_id", "person_id", "user_id", "kind", "outcome", "contacted", "note", "minutes"),
    *("next_step", "next_step_at", "happened_at"),
)
DEAL = (
    *("id", "name", "company_id", "person_id", "owner_id", "team_id", "stage_since", "state", "minor", "currency"),
    *("base_minor", "close_on", "pushed", "next_step", "next_step_at", "position", "opened_at", "closed_at"),
    "close_reason",
)
LINE = ("opportunity_id", "product_id", "name", "quantity", "unit_minor", "months", "terms_id")
ASSESSMENT = (
    *("lead_id", "rules_version", "fit", "fit_reasons", "readiness", "readiness_reasons", "engagement"),
    *("engagement_reasons", "qualified", "why", "disqualifier", "assessed_at"),
)


def write(house: House) -> None:
    """Write everything that was told, in one transaction; what the house holds is no longer needed afterwards."""
    with transaction.atomic():
        for label, columns, rows in _tables(house):
            copy(label, columns, rows)
        _write_turns(house)


def commit_lightly() -> None:
    """Don't wait for the disk at every commit: a story that is broken off is told anew anyway.

    But wait for a lock as long as it takes: nobody else is at work here who could hold one for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit to off; set lock_timeout to 0")


def settle_routes(routes: Iterable[Route] = ROUTES) -> None:
    """These routes begin with the next fact: what was written has been heard already."""
    for route in routes:
        subscribe(route.name, kinds=route.kinds, from_start=False)


def copy(label: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into the table of a model."""
    table = apps.get_model(label)._meta.db_table
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as into:
        for row in rows:
            into.write_row(row)


def next_ids() -> dict[str, int]:
    """The first free id of each table whose rows are named by others."""
    found = {}
    with connection.cursor() as cursor:
        for label in NUMBERED:
            table = sql.Identifier(apps.get_model(label)._meta.db_table)
            cursor.execute(sql.SQL("select coalesce(max(id), 0) + 1 from {}").format(table))
            ((found[label],),) = cursor.fetchall()
    return found


def move_sequences_on(labels: Iterable[str] = NUMBERED) -> None:
    """Draw the ids that were given out from the sequences too, so that nobody gets them again.

    The application may only draw from sequences, not set them.
    """
    with connection.cursor() as cursor:
        for label in labels:
            table = apps.get_model(label)._meta.db_table
            cursor.execute(
                sql.SQL(
                    "with drawn as materialized (select nextval(pg_get_serial_sequence(%s, 'id')) as id)"
                    " select count(nextval(pg_get_serial_sequence(%s, 'id')))"
                    "   from generate_series((select id + 1 from drawn), (select max(id) from {}))"
                ).format(sql.Identifier(table)),
                [table, table],
            )


def _tables(house: House) -> Iterator[Table]:
    rows = house.rows
    plain = rows.plain
    for label in ("people.Company", "people.Person", "people.ContactPoint", "people.Position", "people.Consent"):
        yield label, PLAIN[label], plain[label]
    for label in ("identity.MatchKey", "identity.CompanyKey", "identity.MatchDecision", "capture.Submission"):
        yield label, PLAIN[label], plain[label]
    yield "leads.Lead", (*LEAD, "person_id", "company_id"), map(_lead, rows.leads)
    yield "leads.Promise", (*PROMISE, "created_at"), map(_promise, rows.promises)
    yield "capture.Inquiry", PLAIN["capture.Inquiry"], plain["capture.Inquiry"]
    yield "qualification.Assessment", ASSESSMENT, _assessments(rows.leads)
    yield "distribution.Assignment", (*OFFER, "log", "created_at"), map(_offer, rows.offers)
    yield "nurture.Enrolment", ENROLMENT, map(_enrolment, rows.enrolments)
    stages = {key: row.id for key, row in house.around.board.items()}
    yield "selling.Opportunity", (*DEAL, "stage_id"), (_deal(deal, stages) for deal in rows.deals)
    yield "selling.Line", LINE, (_line(deal, line) for deal in rows.deals for line in deal.lines)
    yield (
        "selling.OpportunityLead",
        ("opportunity_id", "lead_id", "role", "is_primary"),
        ((deal.id, lead.id, "unknown", lead is deal.primary) for deal in rows.deals for lead in deal.leads),
    )
    yield "selling.Activity", (*ACTIVITY, "step_before", "created_at"), map(_activity, rows.activities)
    yield (
        "outreach.Message",
        (*PLAIN["outreach.Message"], "begun_at"),
        ((*row, row[-1]) for row in plain["outreach.Message"]),
    )
    yield "ledger.Event", EVENT, rows.facts


def _values(one: Any, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple([getattr(one, name) for name in names])


def _lead(lead: Lead) -> tuple[Any, ...]:
    return (*_values(lead, LEAD), lead.person.id, lead.company_id)


def _promise(owed: Owed) -> tuple[Any, ...]:
    return (*_values(owed, PROMISE), owed.made_at)


def _offer(offer: Offer) -> tuple[Any, ...]:
    return (*_values(offer, OFFER), _json(offer.log), offer.offered_at)


def _enrolment(enrolment: Enrolment) -> tuple[Any, ...]:
    return _values(enrolment, ENROLMENT)


def _activity(activity: Activity) -> tuple[Any, ...]:
    before = _json(activity.step_before) if activity.step_before else None
    return (*_values(activity, ACTIVITY), before, activity.happened_at)


def _deal(deal: Deal, stages: Mapping[str, int]) -> tuple[Any, ...]:
    return (*_values(deal, DEAL), stages[deal.stage_key])


def _line(deal: Deal, line: Any) -> tuple[Any, ...]:
    return (deal.id, line.product_id, line.name, line.quantity, line.unit_minor, line.months, line.terms_id)


def _assessments(leads: Iterable[Lead]) -> Iterator[tuple[Any, ...]]:
    for lead in leads:
        one = lead.assessment
        if one is not None:
            yield (
                lead.id,
                one.rules_version,
                one.fit,
                _json(one.fit_reasons),
                len(one.stated),
                _json(one.stated),
                one.engagement,
                _json(one.touched),
                one.qualified,
                one.why,
                one.disqualifier,
                one.at,
            )


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _write_turns(house: House) -> None:
    """How often everybody was served, so that the rotation goes on where it stands."""
    table = sql.Identifier(apps.get_model("distribution.Member")._meta.db_table)
    statement = sql.SQL("update {} set taken = %s, today = %s, taken_today = %s where id = %s").format(table)
    with connection.cursor() as cursor:
        for turn in house.turns.values():
            cursor.execute(statement, [turn.taken, turn.day, turn.today, turn.member_id])
