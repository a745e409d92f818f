"""Making many of what was told: the same history lived by other people, copy by copy, within the database.

A million leads told one by one would take most of an hour. Beyond some tens of thousands, different stories teach a
benchmark nothing new, so they are repeated: every copy has persons, firms, leads and facts of its own, with the same
moments and amounts. Raw deliveries keep the words of the first copy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from leadloop.loop.simulator import copying

_MAIL = "replace({}, '.example', '-' || %(copy)s || '.example')"
_COPIED = "{} || ' ' || %(copy)s"


def _later(column: str, table: str) -> str:
    return f"{column} + %({table})s"


_PERSON, _COMPANY, _LEAD = (_later(f"{name}_id", name) for name in ("person", "company", "lead"))
_DEAL = _later("opportunity_id", "opportunity")
_REASONS = """
(select coalesce(jsonb_agg(case when r ? 'inquiry_id' then jsonb_set(r, '{inquiry_id}', to_jsonb(
                           (r ->> 'inquiry_id')::bigint + %(submission)s)) else r end order by n), '[]')
   from jsonb_array_elements(engagement_reasons) with ordinality as j (r, n))
"""
_EVIDENCE = """
case split_part(evidence, ':', 1)
when 'activity' then 'activity:' || (split_part(evidence, ':', 2)::bigint + %(activity)s)
when 'enrolment' then 'enrolment:' || (split_part(evidence, ':', 2)::bigint + %(enrolment)s)
                      || ':' || split_part(evidence, ':', 3)
else evidence end
"""


def _moved(**fields: str) -> str:
    """A payload in which these ids are those of the copy."""
    parts = ", ".join(f"'{field}', (payload ->> '{field}')::bigint + %({table})s" for field, table in fields.items())
    return f"payload || jsonb_build_object({parts})"


_EVIDENCE_OF_FACT = _EVIDENCE.replace("evidence", "(payload ->> 'evidence')").replace("else (payload", "else (payload")
_KEPT = f"{_moved(promise_id='promise')} || jsonb_build_object('evidence', {_EVIDENCE_OF_FACT})"
_LEAD_IDS = """
payload || jsonb_build_object('lead_ids', (select coalesce(jsonb_agg(i::bigint + %(lead)s), '[]')
                                             from jsonb_array_elements_text(payload -> 'lead_ids') i))
"""
_OUTCOMES = """
payload || jsonb_build_object('outcomes', (select coalesce(jsonb_object_agg(o.key::bigint + %(lead)s, o.value), '{}')
                                             from jsonb_each(payload -> 'outcomes') o))
"""
# What names ids in the payload of a fact, by kind; other payloads are taken over as they are.
_PAYLOADS = {
    ("promise.kept",): _KEPT,
    ("promise.made", "promise.broken", "promise.dropped"): _moved(promise_id="promise"),
    ("inquiry.received", "inquiry.quarantined"): _moved(inquiry_id="submission"),
    ("lead.opened",): _moved(follows_id="lead"),
    ("lead.assigned", "lead.accepted", "lead.rejected", "lead.pulled_back"): _moved(assignment_id="assignment"),
    ("journey.entered", "journey.stepped", "journey.left"): _moved(enrolment_id="enrolment"),
    ("activity.logged",): _moved(activity_id="activity"),
    ("opportunity.opened", "opportunity.won"): _LEAD_IDS,
    ("opportunity.lost",): _OUTCOMES,
}
_PAYLOAD = "case " + " ".join(
    f"when kind in ({', '.join(repr(kind) for kind in kinds)}) then {expression}"
    for kinds, expression in _PAYLOADS.items()
)

# By table, in the order of their foreign keys: how columns of a copy differ. An `id` not named is drawn anew.
CHANGES: Mapping[str, Mapping[str, str]] = {
    "people.Company": {
        "id": _later("id", "company"),
        "name": _COPIED.format("name"),
        "name_key": _COPIED.format("name_key"),
        "domain": _MAIL.format("domain"),
        "website": _MAIL.format("website"),
    },
    "people.Person": {"id": _later("id", "person"), "search": _MAIL.format("search")},
    "people.ContactPoint": {
        "person_id": _PERSON,
        "value": _MAIL.format("value"),
        "norm": _MAIL.format("norm"),
    },
    "people.Position": {"person_id": _PERSON, "company_id": _COMPANY},
    "people.Consent": {"person_id": _PERSON},
    "identity.MatchKey": {"value": _MAIL.format("value"), "person_id": _PERSON},
    "identity.CompanyKey": {
        "value": "case kind when 'domain' then "
        + _MAIL.format("value")
        + " else regexp_replace(value, '[|]([^|]*)$', ' ' || %(copy)s || '|\\1') end",
        "company_id": _COMPANY,
    },
    "identity.MatchDecision": {"inquiry_id": _later("inquiry_id", "submission"), "person_id": _PERSON},
    "capture.Submission": {
        "id": _later("id", "submission"),
        "delivery_key": "delivery_key || '-' || %(copy)s",
    },
    "leads.Lead": {
        "id": _later("id", "lead"),
        "person_id": _PERSON,
        "company_id": _COMPANY,
        "follows_id": _later("follows_id", "lead"),
    },
    "leads.Promise": {"id": _later("id", "promise"), "lead_id": _LEAD, "evidence": _EVIDENCE},
    "capture.Inquiry": {"id": _later("id", "submission"), "person_id": _PERSON, "lead_id": _LEAD},
    "qualification.Assessment": {"lead_id": _LEAD, "engagement_reasons": _REASONS},
    "distribution.Assignment": {"id": _later("id", "assignment"), "lead_id": _LEAD},
    "nurture.Enrolment": {"id": _later("id", "enrolment"), "lead_id": _LEAD, "person_id": _PERSON},
    "selling.Opportunity": {
        "id": _later("id", "opportunity"),
        "company_id": _COMPANY,
        "person_id": _PERSON,
        "position": "position + %(copy)s::int * 100000",
    },
    "selling.Line": {"opportunity_id": _DEAL},
    "selling.OpportunityLead": {"opportunity_id": _DEAL, "lead_id": _LEAD},
    "selling.Activity": {
        "id": _later("id", "activity"),
        "lead_id": _LEAD,
        "opportunity_id": _DEAL,
        "person_id": _PERSON,
    },
    "ledger.Event": {
        "person_id": _PERSON,
        "company_id": _COMPANY,
        "lead_id": _LEAD,
        "opportunity_id": _DEAL,
        "payload": f"{_PAYLOAD} else payload end",
    },
}
# Keys that have no column `id` of their own, and what stands for it in saying what is copied.
_KEYED_BY = {"qualification.Assessment": "lead_id"}
_DRAWN_ANEW = {"id", "xid", "epoch", "dedupe_key"}  # besides ids: what belongs to the transaction that writes


def marks() -> dict[str, int]:
    """The last id of each table before a story is told, so that only what it adds is copied."""
    found = {}
    with connection.cursor() as cursor:
        for label in CHANGES:
            model = apps.get_model(label)
            cursor.execute(f"select coalesce(max({_KEYED_BY.get(label, 'id')}), 0) from {model._meta.db_table}")
            ((found[label],),) = cursor.fetchall()
    return found


def multiply(
    before: Mapping[str, int], copies: int, *, at_once: int = 2, on: Callable[[int], None] | None = None
) -> None:
    """Bring what came after `before` to so many copies in all, some of them at the same time.

    `on` hears how many there are. For a company in which nothing else goes on.
    """
    after = marks()
    spans = {label.split(".")[1].lower(): after[label] - before[label] for label in CHANGES}
    with ThreadPoolExecutor(at_once) as pool:
        running = [pool.submit(_copy, number, before, after, spans) for number in range(2, copies + 1)]
        for done, one in enumerate(as_completed(running), start=2):
            one.result()
            if on:
                on(done)
    _take_turns(copies)
    copying.move_sequences_on()


def _copy(number: int, before: Mapping[str, int], after: Mapping[str, int], spans: Mapping[str, int]) -> None:
    """One more copy, in one transaction."""
    later = {table: span * (number - 1) for table, span in spans.items()}
    try:
        copying.commit_lightly()
        with transaction.atomic(), connection.cursor() as cursor:
            for label in CHANGES:
                values: dict[str, Any] = {**later, "copy": str(number), "from": before[label], "to": after[label]}
                cursor.execute(_statement(label), values)
    finally:
        connection.close()


def _statement(label: str) -> str:
    model, changes = apps.get_model(label), CHANGES[label]
    key = _KEYED_BY.get(label, "id")
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if field.column in changes or field.column not in _DRAWN_ANEW
    ]
    named = ", ".join(f'"{column}"' for column in columns)
    said = ", ".join(changes.get(column, f'"{column}"') for column in columns)
    table = model._meta.db_table
    return (
        f"insert into {table} ({named}) select {said} from {table}"
        f" where {key} > %(from)s and {key} <= %(to)s order by {key}"
    )


def _take_turns(copies: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {apps.get_model('distribution.Member')._meta.db_table} set taken = taken * %s", [copies]
        )
