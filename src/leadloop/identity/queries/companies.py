"""What was decided about which companies are one, and which look alike."""

from __future__ import annotations

from typing import Any

from leadloop.identity.contracts import AlikeCompany, MergeRow
from leadloop.identity.rules.firms_alike import ENOUGH, label_of, likeness
from leadloop.kernel.decision import Decision, Reason, because
from leadloop.ledger.sql import fetch
from leadloop.people.queries import companies, company_ids, company_namesakes, stands_between

_MERGE = "select id, survivor_id, loser_id, reasons, actor, at, undone_at from identity_companymerge"
_PAIRS = "select low_id, high_id, verdict from identity_companypair where low_id = any(%s) or high_id = any(%s)"
_BY_LABEL = "select distinct company_id from identity_companykey where kind = 'domain' and value >= %s and value < %s"


def company_merges(company_id: int) -> list[MergeRow]:
    """The merges of a company, on whichever side it was, the newest first. One query."""
    found = fetch(f"{_MERGE} where survivor_id = %s or loser_id = %s order by id desc", [company_id, company_id])
    return [_merge(*row) for row in found]


def company_merge_row(journal_id: int) -> MergeRow | None:
    """One merge, None for an unknown one. One query."""
    found = fetch(f"{_MERGE} where id = %s", [journal_id])
    return _merge(*found[0]) if found else None


def may_be_one_company(one_id: int, other_id: int) -> Decision[bool]:
    """Whether two companies may be merged, with what speaks against it. Four queries."""
    against = []
    if "never" in _said(one_id, other_id):
        against.append(Reason("never_merge", "Somebody said that they are not the same company"))
    if stands_between(one_id, other_id):
        against.append(Reason("third_between", "A third company stands between them in the group"))
    return because(not against, *against)


def verdicts(company_id: int) -> dict[int, str]:
    """What was said of a company and others: never, related or dismissed, by the other's id. One query."""
    found = fetch(_PAIRS, [[company_id], [company_id]])
    return {low if high == company_id else high: verdict for low, high, verdict in found}


def alike_companies(company_id: int, limit: int = 10) -> list[AlikeCompany]:
    """Companies that may be this one, the likeliest first, without those that were judged. Four queries."""
    one = companies([company_id])[company_id]
    label = label_of(one.domain)
    ids = set(company_namesakes(company_id))
    ids |= {i for (i,) in fetch(_BY_LABEL, [f"{label}.", f"{label}/"])} if label else set()
    others = companies(ids - {company_id} - verdicts(company_id).keys())
    found = [AlikeCompany(row, told.outcome, told.reasons) for row in others.values() if (told := likeness(one, row))]
    return sorted((a for a in found if a.weight >= ENOUGH), key=lambda a: (-a.weight, a.row.id))[:limit]


def _said(one_id: int, other_id: int) -> set[str]:
    """What was said of any id of the one and any of the other."""
    known = company_ids([one_id, other_id])
    ours, theirs = set(known[one_id]), set(known[other_id])
    every = [*ours, *theirs]
    return {
        verdict
        for low, high, verdict in fetch(_PAIRS, [every, every])
        if (low in ours and high in theirs) or (low in theirs and high in ours)
    }


def _merge(
    merge_id: int, survivor_id: int, loser_id: int, reasons: Any, actor: str, at: Any, undone_at: Any
) -> MergeRow:
    return MergeRow(merge_id, survivor_id, loser_id, reasons, actor, at, undone_at, None)
