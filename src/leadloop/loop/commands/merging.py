"""Making one person of two by hand, and taking it back. Both can be looked at first, without changing anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from leadloop.capture.queries import inquiries
from leadloop.identity.contracts import MergeRow, Unmerged
from leadloop.identity.queries import may_be_one, merge_row
from leadloop.kernel.decision import Reason
from leadloop.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import CLOSED_STAGES, LeadRow
from leadloop.leads.queries import all_of, visible
from leadloop.ledger.contracts import by_user
from leadloop.loop import merging
from leadloop.people.contracts import PersonRow
from leadloop.people.queries import consents, contact_points, people, positions
from leadloop.people.rules.survivorship import RULES, USUAL, Offer
from leadloop.people.services import merge_offers
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability as Can
from leadloop.platform.roles import Scope
from leadloop.selling.services import deals_of

BY_HAND = Reason("by_hand", "Somebody looked at both and merged them")


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do: the value that stays of every field and why, and what moves, in words and numbers.

    `against` are the reasons for which it can't be done; `meeting` are pairs of open leads for one interest, of which
    one goes on.
    """

    survivor: PersonRow
    loser: PersonRow
    rule: str
    offers: tuple[Offer, ...]
    moves: tuple[tuple[str, int], ...]
    meeting: int
    against: tuple[Reason, ...]


def plan_merge(
    viewer: Viewer, survivor_id: int, loser_id: int, *, rule: str = USUAL, chosen: Mapping[str, str] | None = None
) -> MergePlan:
    """Look, without changing anything. Raises NotFound and Forbidden as `merge`, Invalid for an unknown rule."""
    if rule not in RULES:
        raise Invalid(f"there is no rule {rule!r}", field="rule", mend=f"Use one of {', '.join(RULES)}")
    survivor, loser = _both(viewer, survivor_id, loser_id)
    decision = may_be_one(survivor.id, loser.id)
    against = () if decision.outcome else decision.reasons
    if survivor.id == loser.id:
        return MergePlan(survivor, loser, rule, (), (), 0, tuple(against))
    offers = merge_offers(survivor.id, loser.id, rule=rule, chosen=chosen)
    theirs = all_of([survivor.id, loser.id])
    return MergePlan(
        survivor, loser, rule, tuple(offers), tuple(_moves(loser.id, theirs)), _meeting(theirs), tuple(against)
    )


def merge(
    viewer: Viewer,
    survivor_id: int,
    loser_id: int,
    *,
    now: datetime,
    rule: str = USUAL,
    chosen: Mapping[str, str] | None = None,
) -> int:
    """Make one person of two, keeping of every field what the rule or a choice says; returns the id of the merge.

    The way back is `unmerge`. Raises NotFound for persons the viewer does not see, Forbidden for those whose leads they
    may not change, Refused with its reasons where the two can't be one.
    """
    with transaction.atomic():
        plan = plan_merge(viewer, survivor_id, loser_id, rule=rule, chosen=chosen)
        taken = [name for offer in plan.offers for name in offer.taken]
        return merging.join(
            plan.survivor.id,
            plan.loser.id,
            taken=taken,
            reasons=[BY_HAND],
            actor=by_user(viewer.user_id),
            now=now,
        )


def plan_unmerge(viewer: Viewer, merge_id: int, *, now: datetime) -> Unmerged:
    """Look what taking a merge back would do, and what has to be answered first. Errors as `unmerge`."""
    _one(viewer, merge_id)
    return merging.part(merge_id, answers={}, actor=by_user(viewer.user_id), now=now, dry=True)


def unmerge(
    viewer: Viewer, merge_id: int, *, answers: Mapping[str, str], now: datetime, never_again: bool = False
) -> Unmerged:
    """Make two persons of one again. With open questions nothing is changed, and the answer holds them.

    Raises NotFound and Forbidden as `merge`, Conflict for a merge that can't be taken back (any more).
    """
    _one(viewer, merge_id)
    return merging.part(merge_id, answers=answers, actor=by_user(viewer.user_id), now=now, never_again=never_again)


def unanswered(found: Unmerged) -> Conflict:
    """The error that says which questions keep a merge from being taken back."""
    keys = ", ".join(one.key for one in found.questions)
    return Conflict(f"These are not answered: {keys}", field="answers", mend="Say of each whose it is")


def may_change(viewer: Viewer, person_ids: Collection[int]) -> bool:
    """Whether the viewer may merge and part these persons, given by all their ids: their leads are within reach."""
    if viewer.scope(Can.PEOPLE, "edit") is Scope.ALL:
        return True
    theirs = [lead.id for lead in all_of(person_ids)]
    reach = visible(viewer, theirs, "edit")
    return viewer.may(Can.PEOPLE, "edit") and bool(theirs) and len(reach) == len(theirs)


def seen(viewer: Viewer, person_id: int) -> PersonRow:
    """The person an id stands for now. Raises NotFound unless the viewer may see them or one of their leads."""
    row = people([person_id]).get(person_id)
    if row is not None and viewer.scope(Can.PEOPLE, "see") is not Scope.ALL:
        theirs = [lead.id for lead in all_of(row.known_as)]
        if not visible(viewer, theirs, "see"):
            row = None
    if row is None:
        raise NotFound("There is no such person", field="person", mend="Look them up by address or name")
    return row


def seen_among(viewer: Viewer, person_ids: Collection[int]) -> set[int]:
    """Those of some persons whom the viewer may see, or a lead of theirs. At most two queries."""
    if viewer.scope(Can.PEOPLE, "see") is Scope.ALL:
        return set(person_ids)
    theirs = {lead.id: lead.person_id for lead in all_of(person_ids)}
    return {theirs[lead_id] for lead_id in visible(viewer, theirs, "see")}


def _both(viewer: Viewer, survivor_id: int, loser_id: int) -> tuple[PersonRow, PersonRow]:
    both = seen(viewer, survivor_id), seen(viewer, loser_id)
    for row in both:
        _must_change(viewer, row)
    return both


def _one(viewer: Viewer, merge_id: int) -> MergeRow:
    row = merge_row(merge_id)
    if row is None:
        raise NotFound(f"There is no merge {merge_id}", field="merge")
    if row.undone_at is not None:
        raise Conflict("This merge was taken back already", field="merge")
    _must_change(viewer, seen(viewer, row.survivor_id))
    return row


def _must_change(viewer: Viewer, row: PersonRow) -> None:
    if not may_change(viewer, row.known_as):
        raise Forbidden(
            f"You may see {row.name} but not change them", field="person", mend="Ask somebody who sees all their leads"
        )


def _moves(loser_id: int, leads: Collection[LeadRow]) -> list[tuple[str, int]]:
    """What goes over to the main record, in words."""
    asked = inquiries(person_ids=[loser_id])
    counts = {
        "addresses": len(contact_points([loser_id])[loser_id]),
        "positions": len(positions([loser_id])[loser_id]),
        "words of consent": len(consents([loser_id])[loser_id]),
        "leads": len([lead for lead in leads if lead.person_id == loser_id]),
        "inquiries": len(asked),
        "programmes they answered": len({row.programme_id for row in asked if row.programme_id}),
        "deals": deals_of(loser_id),
    }
    return [(words, count) for words, count in counts.items() if count]


def _meeting(leads: Collection[LeadRow]) -> int:
    """How many open leads of the two are for an interest for which the other has one, too."""
    interests = [lead.interest_id for lead in leads if lead.stage not in CLOSED_STAGES]
    return len(interests) - len(set(interests))
