"""Two companies become one in every room, and are parted again. No rule of its own: `identity` says what is whose.

The order of locks is that of the rooms: companies, then leads, then deals.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leadloop.capture import services as capture
from leadloop.capture.queries import inquiries
from leadloop.identity import services as identity
from leadloop.identity.contracts import HeardOfFirm, HeldMerge, UnmergedCompany
from leadloop.kernel.decision import Reason
from leadloop.leads import services as leads
from leadloop.leads.queries import all_of
from leadloop.ledger.contracts import Actor
from leadloop.people.apart import LOSER, SURVIVOR, Question
from leadloop.people.queries import members
from leadloop.selling import services as selling


def join(
    survivor_id: int,
    loser_id: int,
    *,
    taken: Collection[str] = (),
    reasons: Sequence[Reason] = (),
    actor: Actor,
    now: datetime,
) -> int:
    """Make one company of two and return the id of the merge. Errors as `identity.merge_companies`."""
    with transaction.atomic():
        merge_id = identity.merge_companies(
            survivor_id=survivor_id, loser_id=loser_id, taken=taken, reasons=reasons, actor=actor, now=now
        )
        deals = selling.move_company(loser_id, survivor_id, actor=actor, now=now)
        identity.note_company_moved(merge_id, {"deals": deals})
    return merge_id


def part(
    merge_id: int,
    *,
    answers: Mapping[str, str],
    actor: Actor,
    now: datetime,
    never_again: bool = False,
    dry: bool = False,
) -> UnmergedCompany:
    """Make two companies of one again, as if they had never been merged; with open questions, and `dry`, only look.

    `never_again` says that the two are not the same. Errors as `identity.hold_company_merge`.
    """
    with transaction.atomic():
        held = identity.hold_company_merge(merge_id)
        heard, opened = _heard(held)
        since = selling.deals_since(held.survivor_id, held.moved["deals"])
        asked = [one for one in map(_deal_question, _adrift(since)) if answers.get(one.key) not in one.options]
        found = identity.unmerge_companies(held, heard, answers=answers, actor=actor, now=now, dry=dry or bool(asked))
        if found.questions or asked or dry:
            return UnmergedCompany(found.survivor_id, found.loser_id, (*found.questions, *asked), found.inquiries)
        moved = _give_leads(held, found, opened, actor=actor, now=now)
        _give_deals(held, since, moved, answers, actor=actor, now=now)
        if never_again:
            identity.judge_companies(
                one_id=found.survivor_id, other_id=found.loser_id, verdict="never", actor=actor, now=now
            )
    return found


def _heard(held: HeldMerge) -> tuple[list[HeardOfFirm], dict[int, int]]:
    """Every inquiry since of the one company's people, and the lead that each opened."""
    people = {place.person_id for place in members(held.survivor_id, limit=None)}
    asked = {row.id: row for row in inquiries(person_ids=sorted(people))}
    since = identity.inquiries_since_companies(held, list(asked))
    read = capture.read_again([inquiry_id for inquiry_id, _ in since])
    heard = []
    for inquiry_id, at in since:
        parsed, person_id = read.get(inquiry_id), asked[inquiry_id].person_id
        if person_id is not None:
            heard.append(HeardOfFirm(inquiry_id, at, person_id, parsed.candidate if parsed else None))
    opened = {row.id: row.lead_id for row in asked.values() if row.outcome == "new" and row.lead_id is not None}
    return heard, opened


def _adrift(since: Sequence[tuple[int, str, int | None, int | None]]) -> list[tuple[int, str]]:
    """Deals since that name neither a lead nor a person: nothing tells whose they are."""
    return [(deal_id, name) for deal_id, name, lead_id, person_id in since if lead_id is None and person_id is None]


def _deal_question(deal: tuple[int, str]) -> Question:
    return Question(key=f"deal:{deal[0]}", says="A deal", options=(SURVIVOR, LOSER), value=deal[1])


def _give_leads(
    held: HeldMerge, found: UnmergedCompany, opened: Mapping[int, int], *, actor: Actor, now: datetime
) -> set[int]:
    """Leads go back to whose they were; those since to the company of the inquiry that opened them, else of who it is.

    Returns those that went over.
    """
    told = {lead_id: found.inquiries[i] for i, lead_id in opened.items() if i in found.inquiries}
    there = {place.person_id for place in members(found.loser_id, limit=None)}
    there -= {place.person_id for place in members(found.survivor_id, limit=None)}
    theirs = {lead.id for lead in all_of(there) if lead.id not in told} if there else set()
    theirs |= {lead_id for lead_id, company_id in told.items() if company_id == found.loser_id}
    wanted = theirs | set(held.moved["leads"])
    return set(leads.move_company(found.survivor_id, found.loser_id, lead_ids=wanted, actor=actor, now=now))


def _give_deals(
    held: HeldMerge,
    since: Sequence[tuple[int, str, int | None, int | None]],
    moved: Collection[int],
    answers: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Deals go back to whose they were; those since follow their lead, their person, or the answer."""
    there = {place.person_id for place in members(held.loser_id, limit=None)}
    there -= {place.person_id for place in members(held.survivor_id, limit=None)}
    wanted = set(held.moved["deals"])
    for deal_id, _, lead_id, person_id in since:
        if lead_id is not None:
            goes = lead_id in moved
        else:
            goes = person_id in there if person_id is not None else answers[f"deal:{deal_id}"] == LOSER
        if goes:
            wanted.add(deal_id)
    selling.move_company(held.survivor_id, held.loser_id, deal_ids=wanted, actor=actor, now=now)
