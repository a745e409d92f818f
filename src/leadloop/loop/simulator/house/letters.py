"""What the house writes by itself, and what becomes of it: let go or refused by the contact policy's own rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from leadloop.content import standard
from leadloop.content.markup import compose
from leadloop.content.wording import say_when
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import Actor, Event, by_system, user_of
from leadloop.loop.commands.desk import OUTBOUND_WAIT
from leadloop.loop.letters import GRAVE, lead_url
from leadloop.loop.notices.contracts import Topic, Way
from leadloop.loop.notices.rules import leaves_at, usual_way
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.rows import Fact
from leadloop.loop.simulator.house.state import Lead, Owed
from leadloop.loop.summaries import summed_up
from leadloop.nurture.contracts import Sending
from leadloop.nurture.services.letters import ANY
from leadloop.outreach.contracts import Draft, Purpose, State
from leadloop.outreach.rules.contact import Standing, may_contact
from leadloop.outreach.zones import candidates

MAIL, OUTREACH = by_system("mail"), by_system("outreach")
TAKES = timedelta(seconds=4, microseconds=250_000)  # from the outbox to the mail server


def acknowledge(house: House, fact: Fact) -> None:
    """Thank an inquirer, send what they asked for, and say who answers by when."""
    lead, payload = fact.lead, fact.payload
    if lead is None or not payload["acknowledge"] or not lead.person.email or not house.letters:
        return
    asset = house.around.assets.get(payload["asset_id"] or 0)
    key = standard.ACKNOWLEDGEMENT_WITH_ASSET if asset else standard.ACKNOWLEDGEMENT
    zone = lead.person.zone or str(house.around.zone)
    values = {
        "reply.by": _promised(lead, "reply", zone, lead.person.language or "en"),
        "asset.title": asset.title if asset else "",
        "asset.url": asset.url if asset else "",
    }
    _write(
        house,
        lead,
        occasion=f"ack:inquiry:{payload['inquiry_id']}",
        purpose=Purpose.TRANSACTIONAL,
        template=(key, lead.person.language or "en"),
        values=values,
        auto_answer=asset is None,
    )


def notices(house: House, facts: Sequence[Fact]) -> None:
    """Tell people about the leads they were given, of many at once in one letter."""
    if not house.letters:
        return
    facts = [fact for fact in facts if _at_once(house, fact.payload["user_id"], Topic.LEAD)]
    by_rule = [fact for fact in facts if user_of(fact.actor) is None]
    single, summaries = summed_up(cast("list[Event]", by_rule), not_before=house.now)
    for draft in summaries:
        _sum_up(house, draft)
    for fact in (*cast("list[Fact]", single), *(one for one in facts if user_of(one.actor) is not None)):
        _notice(house, fact)


def _sum_up(house: House, draft: Draft) -> None:
    assert draft.user_id is not None
    _post(
        house,
        None,
        occasion=draft.occasion,
        purpose=draft.purpose,
        template=draft.template_key,
        written=(draft.subject, draft.text, draft.html),
        actor=MAIL,
        user_id=draft.user_id,
        not_before=_leaves(house, draft.user_id, house.now),
    )


def _notice(house: House, fact: Fact) -> None:
    lead, user_id = fact.lead, fact.payload["user_id"]
    if lead is None:
        return
    user = house.active[user_id]
    values = {
        "owner.name": user.name,
        "portal.name": lead.portal_name,
        "inquiry.message": lead.message,
        "promise.due": _promised(lead, "accept", user.zone, user.language),
        "lead.url": lead_url(lead.id),
    }
    _write(
        house,
        lead,
        occasion=f"notify:assign:{lead.id}:{fact.payload['assignment_id']}",
        purpose=Purpose.INTERNAL,
        template=(standard.NEW_LEAD, user.language),
        values=values,
        user_id=user_id,
        not_before=_leaves(
            house,
            user_id,
            house.now + OUTBOUND_WAIT if user_of(fact.actor) is not None else house.now,
            owed.due_at if (owed := lead.owed.get("accept")) else None,
        ),
    )


def warn(house: House, fact: Fact) -> None:
    """Tell the keeper of a promise that ran out."""
    lead = fact.lead
    if lead is None or fact.payload["promise"] not in GRAVE or not house.letters:
        return
    keeper = house.terms.keeper(str(lead.stage))
    if keeper == lead.owner_id or not _at_once(house, keeper, Topic.WATCH):
        return
    label = house.terms.clauses.promises[fact.payload["promise"]].label
    who, firm = lead.person.name, lead.person.firm
    owner = house.active[lead.owner_id].name
    text = f"{owner} has not kept “{label}” for {who}{f' of {firm}' if firm else ''}.\n\n{lead_url(lead.id)}\n"
    _post(
        house,
        lead,
        occasion=f"late:{fact.payload['promise_id']}",
        purpose=Purpose.INTERNAL,
        template="late",
        written=(f"Late: {label}, {who}", text, ""),
        user_id=keeper,
        actor=MAIL,
        not_before=_leaves(house, keeper, house.now),
    )


def _at_once(house: House, user_id: int, topic: Topic) -> bool:
    """In the demo nobody chose otherwise than is usual."""
    return usual_way(topic, house.active[user_id].roles) is Way.MAIL


def _leaves(house: House, user_id: int, ready: datetime, due_at: datetime | None = None) -> datetime:
    return leaves_at(ready, due_at=due_at, hours=house.around.calendars[user_id])


def step(house: House, lead: Lead, enrolment_id: int, sending: Sending, journey: str, actor: Actor) -> None:
    """What a step of a journey sends."""
    if not house.letters:
        return
    owner = house.active[lead.owner_id]
    _write(
        house,
        lead,
        occasion=f"journey:{enrolment_id}:{sending.node}",
        purpose=Purpose.MARKETING,
        template=(sending.template, lead.person.language or ANY),
        values={"owner.email": owner.email},
        reply_to=owner.email,
        fallback=journey,
        actor=actor,
    )


def _promised(lead: Lead, kind: str, zone: str, language: str) -> str:
    owed: Owed | None = lead.owed.get(kind)
    return say_when(owed.due_at, zone, language) if owed else ""


def _about(house: House, lead: Lead) -> dict[str, Any]:
    person = lead.person
    return {
        "person.given_name": person.given,
        "person.family_name": person.family,
        "person.name": person.name,
        "company.name": person.firm,
        "interest.name": house.around.interests[lead.interest_id].name,
        "owner.name": house.active[lead.owner_id].name,
        "us.name": house.around.us,
    }


def _write(
    house: House,
    lead: Lead,
    *,
    template: tuple[str, str],
    values: Mapping[str, Any],
    fallback: str = "",
    actor: Actor = MAIL,
    **more: Any,
) -> None:
    text = house.around.templates.get(template) or house.around.templates[template[0], "en"]
    written = compose(text.subject, text.body, {**_about(house, lead), **values}, language=text.language)
    shown = (written.subject or fallback, written.text, written.html)
    _post(house, lead, template=text.key, written=shown, language=text.language, actor=actor, **more)


def _post(
    house: House,
    lead: Lead | None,
    *,
    occasion: str,
    purpose: Purpose,
    template: str,
    written: tuple[str, str, str],
    actor: Actor,
    user_id: int | None = None,
    language: str = "en",
    reply_to: str = "",
    auto_answer: bool = False,
    not_before: datetime | None = None,
) -> None:
    message_id = house.ids.next("outreach.Message")
    person_id = None if user_id or lead is None else lead.person.id
    about = {"message_id": message_id, "channel": "email", "purpose": str(purpose)}
    house.tell("message.queued", about, lead=lead, person_id=person_id, actor=actor)
    state, detail, at = _fate(house, lead, purpose, not_before or house.now, auto_answer=auto_answer)
    if state is State.SENT:
        house.tell("message.sent", about, lead=lead, at=at, person_id=person_id, actor=OUTREACH)
    elif state is State.REFUSED:
        house.tell("message.refused", about, lead=lead, person_id=person_id, reason=detail, actor=OUTREACH)
    address = house.active[user_id].email if user_id else lead.person.email if lead else ""
    sent_at = at if state is State.SENT else None
    subject, text, html = written
    house.rows.plain["outreach.Message"].append(
        (
            message_id,
            occasion,
            str(purpose),
            person_id,
            user_id,
            lead.person.id if user_id and lead else None,
            lead.id if lead else None,
            address if sent_at else "",
            reply_to,
            language,
            one_line(subject),
            text,
            html,
            template,
            auto_answer,
            str(state),
            detail,
            at if state is State.QUEUED else not_before or house.now,
            0 if state is State.QUEUED else 1,
            sent_at,
            sent_at,
            house.now,
            sent_at,
        )
    )


def _fate(
    house: House, lead: Lead | None, purpose: Purpose, at: datetime, *, auto_answer: bool
) -> tuple[State, str, datetime]:
    """What becomes of a message, why, and when: by the rule that the outbox asks, at the moment it would be sent."""
    at += TAKES
    if purpose is Purpose.INTERNAL or lead is None:
        return State.SENT if at <= house.end else State.QUEUED, "", at
    person = lead.person
    zones: tuple[str, ...] = ("UTC",)
    if purpose is Purpose.MARKETING:
        zones = candidates(person.zone, person.country, str(house.around.zone), house.around.country)
    consent = person.said.get(("email", str(Purpose.MARKETING)), ("", ""))[0]
    standing = Standing(
        person.email, consent, zones=zones, contacts=tuple(person.contacts), answered_at=person.answered_at
    )
    decision = may_contact(standing, purpose, house.around.limits, at, auto_answer=auto_answer)
    if not decision.outcome.may and decision.outcome.later_at is None:
        return State.REFUSED, decision.reasons[0].code, at
    at = decision.outcome.later_at or at
    if at > house.end:
        return State.QUEUED, decision.reasons[0].code if decision.reasons else "", at
    if purpose is Purpose.MARKETING:
        person.contacts.append(at)
    if auto_answer:
        person.answered_at = at
    return State.SENT, "", at
