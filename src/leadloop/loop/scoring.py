"""Between intake and qualification: what an inquiry tells about a lead, in the words that scoring rules use."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from leadloop.agreement.contracts import Terms
from leadloop.agreement.queries import in_force
from leadloop.capture.contracts import InquiryRow, Parsed
from leadloop.capture.queries import inquiries, portals
from leadloop.kernel import clock
from leadloop.kernel.text import is_free_mail
from leadloop.leads import services as leads
from leadloop.leads.contracts import CLOSED_STAGES, Move, Opened, Stage
from leadloop.ledger.contracts import Actor, Event, by_system
from leadloop.ledger.parking import park
from leadloop.ledger.queries import events_with
from leadloop.people.contracts import CompanyRow, PersonRow
from leadloop.people.queries import companies, people
from leadloop.qualification import services as qualification
from leadloop.qualification.contracts import Touch

SCORE = "score"
EARLY = (Stage.INQUIRY, Stage.NURTURING)


def judge(
    parsed: Sequence[Parsed], opened: Mapping[int, Opened], *, terms: Terms, actor: Actor, now: datetime
) -> list[int]:
    """Assess the open leads of these inquiries, and move on those that the agreement calls qualified; returns these."""
    touches = [
        Touch(
            lead_id=opened[p.ref].lead_id,
            inquiry_id=p.ref,
            at=p.happened_at,
            values=touch_values(p),
            weight_key="asset" if p.asset_id else p.portal.key,
            answers=p.answers,
        )
        for p in parsed
        if opened[p.ref].stage not in CLOSED_STAGES
    ]
    stages = {one.lead_id: one.stage for one in opened.values()}
    return _qualify(touches, stages, terms, actor, now)


def warm_up(touches: Sequence[Touch], *, actor: Actor, now: datetime) -> list[int]:
    """Add touches that are no inquiries to open leads, and move on those that the agreement calls qualified now."""
    stages = {lead_id: lead.stage for lead_id, lead in leads.lock({touch.lead_id for touch in touches}).items()}
    return _qualify(
        [one for one in touches if stages[one.lead_id] not in CLOSED_STAGES], stages, in_force(), actor, now
    )


def _qualify(
    touches: Sequence[Touch], stages: Mapping[int, Stage], terms: Terms, actor: Actor, now: datetime
) -> list[int]:
    assessed = qualification.assess(touches, terms=terms, actor=actor, now=now)
    early = {lead_id: one for lead_id, one in sorted(assessed.items()) if stages[lead_id] in EARLY}
    moves = [Move(lead_id=lead_id, to=Stage.QUALIFIED) for lead_id, one in early.items() if one.qualified]
    # A rule that rules out names a reason of the agreement; where the agreement has no such reason, the lead stays.
    moves += [
        Move(lead_id=lead_id, to=Stage.DISQUALIFIED, reason=one.disqualifier)
        for lead_id, one in early.items()
        if one.disqualifier
    ]
    moved = leads.move(moves, terms=terms, actor=actor, now=now, skip_refused=True)
    return [one.lead_id for one in moved if one.moved and one.stage is Stage.QUALIFIED]


def touch_values(parsed: Parsed) -> dict[str, Any]:
    """What an inquiry tells, keyed as scoring rules ask for it."""
    who = parsed.candidate
    domain = who.email.rpartition("@")[2] if who.email else ""
    free = bool(domain) and is_free_mail(domain)
    return {
        "touch.title": who.title,
        "touch.country": who.country,
        "touch.industry": who.industry,
        "touch.employees": who.employees,
        "touch.company": who.company_name,
        "touch.domain": domain,
        "touch.business_mail": bool(domain) and not free and not who.disposable,
        "touch.free_mail": free,
        "touch.disposable": who.disposable,
        "touch.phone": who.phone is not None,
        "touch.portal": parsed.portal.key,
        "touch.message": bool(parsed.message),
    }


def leave_unscored(refs: Collection[int], error: Exception) -> None:
    """The lead stands; its scoring waits, visible among the parked facts, until somebody replays it."""
    facts = events_with(kind="inquiry.received", name="inquiry_id", values=refs)
    park(SCORE, facts, error)


def rescore(events: Sequence[Event]) -> None:
    """Score from what is stored: the handler for parked scorings. Of `inquiry.received` facts."""
    now, terms = clock.now(), in_force()
    found = inquiries(ids=[e.payload["inquiry_id"] for e in events])
    rows = [row for row in found if row.lead_id is not None and row.person_id is not None]
    standing = leads.lock({row.lead_id for row in rows if row.lead_id})
    persons = people({row.person_id for row in rows if row.person_id})
    firms = companies({person.company_id for person in persons.values() if person.company_id})
    keys = {portal.id: portal.key for portal in portals().values()}
    touches = [
        Touch(
            lead_id=row.lead_id,
            inquiry_id=row.id,
            at=row.happened_at,
            values=_stored(row, persons[row.person_id], firms, keys),
            weight_key="asset" if row.asset_id else keys[row.portal_id],
            answers=row.answers,
        )
        for row in rows
        if row.lead_id and row.person_id and standing[row.lead_id].stage not in CLOSED_STAGES
    ]
    stages = {lead_id: lead.stage for lead_id, lead in standing.items()}
    _qualify(touches, stages, terms, by_system("intake"), now)


def _stored(
    row: InquiryRow, person: PersonRow, firms: Mapping[int, CompanyRow], portal_keys: Mapping[int, str]
) -> dict[str, Any]:
    firm = firms.get(person.company_id or 0)
    domain = person.email.rpartition("@")[2].lower()
    free = bool(domain) and is_free_mail(domain)
    return {
        "touch.title": person.title,
        "touch.country": person.country,
        "touch.industry": firm.industry if firm else "",
        "touch.employees": firm.employees if firm else None,
        "touch.company": firm.name if firm else "",
        "touch.domain": domain,
        "touch.business_mail": bool(domain) and not free,
        "touch.free_mail": free,
        "touch.disposable": False,
        "touch.phone": bool(person.phone),
        "touch.portal": portal_keys[row.portal_id],
        "touch.message": bool(row.message),
    }
