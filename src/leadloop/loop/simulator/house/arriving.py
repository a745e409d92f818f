"""What intake does with one delivery: read, resolve, open or join, settle, allow, score."""

from __future__ import annotations

from datetime import timedelta

import orjson

from leadloop.capture.contracts import Claimed, Parsed, Unreadable
from leadloop.kernel import ids
from leadloop.kernel.text import one_line
from leadloop.leads.contracts import CLOSED_STAGES, PromiseKind, Pursuit, Stage
from leadloop.leads.rules import exception_at_opening, first_promises, first_stage
from leadloop.leads.rules.owning import keeper_of, owner_at_opening
from leadloop.leads.services.opening import ANSWERABLE
from leadloop.loop.simulator.house import judging, knowing, promising
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.knowing import INTAKE
from leadloop.loop.simulator.house.rows import iso
from leadloop.loop.simulator.house.state import Lead, Owed, Person
from leadloop.loop.simulator.truth import Hand


def take(house: House, hand: Hand, claimed: Claimed, read: Parsed | Unreadable) -> Lead | None:
    """Take one delivery in, as read; returns the lead it opened or joined, None where there is none."""
    if isinstance(read, Unreadable):
        _quarantine(house, hand, claimed, read)
        return None
    person = knowing.resolve(house, read, hand.inquirer)
    lead, outcome, stage = None, "other", Stage.INQUIRY
    if read.kind == "sales":
        lead, outcome, stage = _open_or_join(house, hand, read, person)
        lead.portal_name, lead.message = read.portal.name, read.message
        lead.asked.append(read.happened_at)
    _settle(house, hand, claimed, read, person, lead, outcome)
    knowing.allow(house, read, person)
    if lead is not None and lead.stage not in CLOSED_STAGES:
        judging.judge(house, lead, read, stage)
    return lead


def _open_or_join(house: House, hand: Hand, parsed: Parsed, person: Person) -> tuple[Lead, str, Stage]:
    """The lead, whether it is "new" or "joined", and the stage in which it was met."""
    pursuit = _pursuit(parsed, person)
    met = house.open.get((person.id, pursuit.interest_id))
    if met is not None:
        _join(house, met, pursuit)
        return met, "joined", met.stage
    lead = _open(house, hand, pursuit, person)
    return lead, "new", lead.stage


def _pursuit(parsed: Parsed, person: Person) -> Pursuit:
    return Pursuit(
        ref=parsed.ref,
        person_id=person.id,
        company_id=person.company_id,
        interest_id=parsed.interest_id,
        programme_id=parsed.programme_id,
        source_id=parsed.source_id,
        happened_at=parsed.happened_at,
        handover=parsed.portal.handover,
        why=f"{parsed.portal.name}, with a message" if parsed.message else parsed.portal.name,
        reply_owed=not parsed.historic,
    )


def _open(house: House, hand: Hand, pursuit: Pursuit, person: Person) -> Lead:
    terms, stage = house.terms, first_stage(pursuit)
    owner_id = owner_at_opening(pursuit.owner_id, stage, terms, house.active)
    assert owner_id is not None
    keeper_id = keeper_of(stage, terms, house.active) or owner_id
    owed = first_promises(pursuit, stage, owner_id, keeper_id, house.due_times)
    lead = Lead(
        id=house.ids.next("leads.Lead"),
        hand=hand.number,
        person=person,
        interest_id=pursuit.interest_id,
        stage=stage,
        stage_since=pursuit.happened_at,
        owner_id=owner_id,
        team_id=house.active[owner_id].team_id,
        due_at=owed[0].due_at,
        due_kind=str(owed[0].kind),
        programme_id=pursuit.programme_id,
        source_id=pursuit.source_id,
        handover=pursuit.handover,
        why=pursuit.why,
        last_touch_at=pursuit.happened_at,
        opened_at=pursuit.happened_at,
        exception_code=exception_at_opening(pursuit, stage),
        follows_id=_follows(house, pursuit),
    )
    house.open[person.id, lead.interest_id] = lead
    house.leads[lead.id] = house.by_hand[hand.number] = lead
    house.rows.leads.append(lead)
    made = [promising.make(house, lead, one.kind, one.owner_id, one.due_at) for one in owed]
    _tell_opened(house, lead, [one for one in made if one])
    return lead


def _follows(house: House, pursuit: Pursuit) -> int | None:
    """The lead of the same person and interest that was lost or disqualified last, while it may still be reopened."""
    back = pursuit.happened_at - timedelta(days=house.terms.clauses.reopen_days)
    before = [
        lead
        for lead in house.closed.get((pursuit.person_id, pursuit.interest_id), ())
        if lead.stage in (Stage.LOST, Stage.DISQUALIFIED) and lead.closed_at and lead.closed_at >= back
    ]
    return max(before, key=lambda lead: lead.closed_at or back).id if before else None


def _tell_opened(house: House, lead: Lead, owed: list[Owed]) -> None:
    payload = {
        "interest_id": lead.interest_id,
        "owner_id": lead.owner_id,
        "stage": str(lead.stage),
        "handover": lead.handover,
        "promise": lead.due_kind,
        "due_at": iso(lead.due_at),
        "source_id": lead.source_id,
        "follows_id": lead.follows_id,
        "closed_at": "",
        "owed": {one.kind: iso(one.due_at) for one in owed},
    }
    house.tell(
        "lead.opened",
        payload,
        lead=lead,
        at=lead.opened_at,
        person_id=lead.person.id,
        company_id=lead.company_id,
        programme_id=lead.programme_id,
        reason=lead.exception_code,
        version=house.terms.version,
        actor=INTAKE,
    )


def _join(house: House, lead: Lead, pursuit: Pursuit) -> None:
    lead.touches += 1
    lead.last_touch_at = max(lead.last_touch_at, pursuit.happened_at)
    lead.why = pursuit.why or lead.why
    made = None
    if pursuit.reply_owed and house.now - pursuit.happened_at <= ANSWERABLE:
        due_at = house.due_times(PromiseKind.REPLY, lead.owner_id)
        made = promising.make(house, lead, PromiseKind.REPLY, lead.owner_id, due_at)
        if made and lead.due_at is not None and due_at < lead.due_at:
            lead.due_at, lead.due_kind = due_at, made.kind
    house.tell(
        "lead.joined",
        {"inquiry_id": None, "source_id": pursuit.source_id},
        lead=lead,
        at=pursuit.happened_at,
        person_id=lead.person.id,
        company_id=pursuit.company_id,
        programme_id=pursuit.programme_id,
        version=house.terms.version,
        actor=INTAKE,
    )
    promising.tell_made(house, lead, [made] if made else [], INTAKE, house.terms.version)


def _settle(
    house: House, hand: Hand, claimed: Claimed, p: Parsed, person: Person, lead: Lead | None, outcome: str
) -> None:
    place_id = None if lead else house.terms.clauses.places.get(p.kind)
    lead_id = lead.id if lead else None
    _submission(house, hand, claimed, outcome)
    house.rows.plain["capture.Inquiry"].append(
        (
            p.ref,
            p.portal.id,
            p.kind,
            person.id,
            lead_id,
            p.interest_id,
            p.programme_id,
            p.source_id,
            p.external_id,
            p.happened_at,
            p.received_at,
            outcome,
            orjson.dumps(p.answers).decode(),
            p.message,
            orjson.dumps(p.touch).decode(),
            p.asset_id,
            place_id,
        )
    )
    payload = {
        "inquiry_id": p.ref,
        "portal_id": p.portal.id,
        "inquiry_kind": p.kind,
        "outcome": outcome,
        "interest_id": p.interest_id,
        "source_id": p.source_id,
        "asset_id": p.asset_id,
        "acknowledge": p.portal.acknowledge and not p.historic,
        "historic": p.historic,
    }
    house.tell(
        "inquiry.received",
        payload,
        lead=lead,
        at=p.happened_at,
        person_id=person.id,
        company_id=person.company_id,
        programme_id=p.programme_id,
        actor=INTAKE,
    )


def _quarantine(house: House, hand: Hand, claimed: Claimed, why: Unreadable) -> None:
    code, text = one_line(why.code, 60) or "unknown", one_line(why.text, 500)
    _submission(house, hand, claimed, "quarantined", code, text)
    payload = {"inquiry_id": claimed.submission_id, "portal_id": claimed.portal.id}
    house.tell("inquiry.quarantined", payload, reason=code, actor=INTAKE)


def _submission(
    house: House, hand: Hand, claimed: Claimed, state: str, reason_code: str = "", reason_text: str = ""
) -> None:
    house.rows.plain["capture.Submission"].append(
        (
            claimed.submission_id,
            claimed.portal.id,
            state,
            delivery_key(hand),
            ids.sha256_hex(claimed.body),
            claimed.body,
            claimed.content_type,
            orjson.dumps(dict(claimed.context)).decode(),
            claimed.received_at,
            house.now,
            reason_code,
            reason_text,
        )
    )


def idempotency_key(hand: Hand) -> str:
    """What makes the delivery of a hand count once."""
    return f"story-{hand.number}"


def delivery_key(hand: Hand) -> str:
    """The same as the inbox stores it."""
    return f"key:{idempotency_key(hand)}"
