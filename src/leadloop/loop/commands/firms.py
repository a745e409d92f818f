"""What a person does with companies: change them, give them an owner, merge two, and part them again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.identity.contracts import UnmergedCompany
from leadloop.identity.queries import company_merge_row, may_be_one_company
from leadloop.identity.services import judge_companies
from leadloop.kernel.decision import Reason
from leadloop.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import by_user
from leadloop.loop import merging_companies
from leadloop.loop.commands.merging import BY_HAND
from leadloop.people.contracts import CompanyRow
from leadloop.people.queries import below, companies, members
from leadloop.people.rules.joining_firms import taken_of
from leadloop.people.rules.survivorship import RULES, USUAL, Offer
from leadloop.people.services import change_company, offers_of_firms, own_companies, set_buying_roles
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability, Scope
from leadloop.selling.queries import account, account_sums, accounts

MOST_AT_ONCE = 1_000  # accounts that get an owner in one go


@dataclass(frozen=True, slots=True)
class CompanyPlan:
    """What merging two companies would do: the value that stays of every field, what moves, and what is against it."""

    survivor: CompanyRow
    loser: CompanyRow
    rule: str
    offers: tuple[Offer, ...]
    moves: tuple[tuple[str, int], ...]
    against: tuple[Reason, ...]


def change_firm(viewer: Viewer, company_id: int, *, changes: Mapping[str, Any], now: datetime) -> list[str]:
    """Change fields, owner and parent of a company; returns the names of those that changed.

    Raises NotFound for a company that the viewer does not see, Forbidden for one they may not change, Invalid naming
    the field.
    """
    _may(viewer, company_id)
    return list(change_company(company_id=company_id, changes=changes, actor=by_user(viewer.user_id), now=now))


def give_owner(viewer: Viewer, filters: Mapping[str, Any], *, owner_id: int | None, now: datetime) -> int:
    """Give every company that the filters let through, as far as the viewer may change it, an owner; returns how many.

    Raises Invalid for more than MOST_AT_ONCE, and for an owner who does not work here.
    """
    page = accounts(viewer, filters=filters, limit=MOST_AT_ONCE, verb="edit", counted=False)
    if page.next_cursor:
        raise Invalid(f"these are more than {MOST_AT_ONCE} companies", field="filter", mend="Filter further")
    ids = [row.id for row in page.rows]
    return len(own_companies(ids, owner_id, actor=by_user(viewer.user_id), now=now))


def say_roles(viewer: Viewer, company_id: int, *, roles: Mapping[int, str], now: datetime) -> int:
    """Say who is who in the buying group; returns how many changed. Errors as `change_firm`."""
    _may(viewer, company_id)
    return len(set_buying_roles(company_id, roles, actor=by_user(viewer.user_id), now=now))


def may_change_firm(viewer: Viewer, company_id: int) -> bool:
    """Whether the viewer may change this company. At most three queries."""
    if not viewer.may(Capability.PEOPLE, "edit"):
        return False
    try:
        account(viewer, company_id, "edit")
    except NotFound:
        return False
    return True


def may_merge_firms(viewer: Viewer) -> bool:
    """Whether the viewer may merge and part companies: that moves leads and deals of everybody."""
    return viewer.scope(Capability.PEOPLE, "edit") is Scope.ALL


def plan_merge_firms(
    viewer: Viewer,
    survivor_id: int,
    loser_id: int,
    *,
    now: datetime,
    rule: str = USUAL,
    chosen: Mapping[str, str] | None = None,
) -> CompanyPlan:
    """Look, without changing anything. Raises as `merge_firms`, and Invalid for an unknown rule."""
    if rule not in RULES:
        raise Invalid(f"there is no rule {rule!r}", field="rule", mend=f"Use one of {', '.join(RULES)}")
    _may_merge(viewer)
    survivor, loser = _row(survivor_id), _row(loser_id)
    if survivor.id == loser.id:
        raise Conflict("These are one company already", field="with")
    decision = may_be_one_company(survivor.id, loser.id)
    offers = offers_of_firms(survivor.id, loser.id, rule=rule, chosen=chosen)
    moves = _moves(viewer, loser.id, now)
    against = () if decision.outcome else tuple(decision.reasons)
    return CompanyPlan(survivor, loser, rule, tuple(offers), moves, against)


def merge_firms(
    viewer: Viewer,
    survivor_id: int,
    loser_id: int,
    *,
    now: datetime,
    rule: str = USUAL,
    chosen: Mapping[str, str] | None = None,
) -> int:
    """Make one company of two, keeping of every field what the rule or a choice says; returns the id of the merge.

    Raises Forbidden for who does not change every company, NotFound, Conflict where they are one already, Refused with
    its reasons.
    """
    with transaction.atomic():
        plan = plan_merge_firms(viewer, survivor_id, loser_id, now=now, rule=rule, chosen=chosen)
        return merging_companies.join(
            plan.survivor.id,
            plan.loser.id,
            taken=taken_of(plan.offers),
            reasons=[BY_HAND],
            actor=by_user(viewer.user_id),
            now=now,
        )


def unmerge_firms(
    viewer: Viewer,
    merge_id: int,
    *,
    answers: Mapping[str, str],
    now: datetime,
    never_again: bool = False,
    dry: bool = False,
) -> UnmergedCompany:
    """Make two companies of one again. With open questions nothing is changed, and the answer holds them.

    Raises Forbidden as `merge_firms`, Conflict for a merge that can't be taken back (any more).
    """
    if company_merge_row(merge_id) is None:
        raise NotFound(f"There is no merge {merge_id}", field="merge")
    _may_merge(viewer)
    actor = by_user(viewer.user_id)
    return merging_companies.part(merge_id, answers=answers, actor=actor, now=now, never_again=never_again, dry=dry)


def judge_firms(viewer: Viewer, one_id: int, other_id: int, *, verdict: str, now: datetime) -> None:
    """Say of two companies that they are never the same, related, or only look alike. Raises as `merge_firms`."""
    _may_merge(viewer)
    judge_companies(one_id=one_id, other_id=other_id, verdict=verdict, actor=by_user(viewer.user_id), now=now)


def _may(viewer: Viewer, company_id: int) -> None:
    row = account(viewer, company_id)
    if not may_change_firm(viewer, company_id):
        raise Forbidden(f"You may see {row.name} but not change it", field="company", mend="Ask who looks after it")


def _may_merge(viewer: Viewer) -> None:
    if not may_merge_firms(viewer):
        raise Forbidden(
            "Merging companies moves leads and deals of everybody", field="company", mend="Ask sales operations"
        )


def _row(company_id: int) -> CompanyRow:
    row = companies([company_id]).get(company_id)
    if row is None:
        raise NotFound("There is no such company", field="company", mend="Look it up by its name")
    return row


def _moves(viewer: Viewer, loser_id: int, now: datetime) -> tuple[tuple[str, int], ...]:
    """What goes over to the main record, in words."""
    sums = account_sums(viewer, [loser_id], now=now)[loser_id]
    counts = (
        ("people", len(members(loser_id, limit=None))),
        ("leads", sums.leads),
        ("deals", sums.open_deals + sums.won_deals + sums.lost_deals),
        ("companies below", len(below(loser_id, 1000))),
    )
    return tuple((words, count) for words, count in counts if count)
