"""Two companies turn out to be one, or two after all.

Guarantee: nothing is lost, and where nothing happened since, parting them brings back exactly what stood. Where
something did, an inquiry goes to the company whose key it names, with what it told; a change by hand is asked about.
Steps as for persons. While two companies are merged or parted no inquiry is taken in: intake finds a firm by its key
and writes it down a moment later, so the keys are locked whole, which waits for the batches under way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from leadloop.identity.contracts import HeardOfFirm, HeldMerge, UnmergedCompany
from leadloop.identity.facts import CompanyMerged, CompanyPairJudged, CompanyUnmerged
from leadloop.identity.queries.companies import may_be_one_company
from leadloop.identity.rules.attributing import FIRMS, Attributed, attribute
from leadloop.identity.rules.keys import firm_keys
from leadloop.identity.services import describing
from leadloop.kernel.decision import Reason
from leadloop.kernel.errors import Conflict, Invalid, NotFound, Refused
from leadloop.leads.services import move_company
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch, run
from leadloop.people.apart import LOSER, SURVIVOR, Question
from leadloop.people.rules.parting_firms import FirmTold
from leadloop.people.services import lock_firms, merge_firms, part_firms

NEVER, RELATED, DISMISSED = "never", "related", "dismissed"
_ALONE = "lock table identity_companykey in access exclusive mode"
_JOURNAL = """
insert into identity_companymerge (survivor_id, loser_id, moved, reasons, actor, at)
values (%s, %s, %s::jsonb, %s::jsonb, %s, %s) returning id
"""
_HELD = """
select survivor_id, loser_id, moved, undone_at is not null,
       (select max(l.id) from identity_companymerge l where l.id > j.id and l.undone_at is null
           and (l.survivor_id in (j.survivor_id, j.loser_id) or l.loser_id in (j.survivor_id, j.loser_id)))
  from identity_companymerge j where j.id = %s for update
"""
_SINCE = """
select distinct on (inquiry_id) inquiry_id, id, at from identity_matchdecision
 where inquiry_id = any(%s) and id > %s order by inquiry_id, id desc
"""
_GIVE_KEYS = """
update identity_companykey k set company_id = %s
  from unnest(%s::text[], %s::text[]) as g (kind, value)
 where k.kind = g.kind and k.value = g.value and k.company_id = %s
"""
_JUDGE = """
insert into identity_companypair (low_id, high_id, verdict, actor, at) values (%s, %s, %s, %s, %s)
    on conflict (low_id, high_id) do update set verdict = excluded.verdict, actor = excluded.actor, at = excluded.at
"""


def merge_companies(
    *,
    survivor_id: int,
    loser_id: int,
    actor: Actor,
    now: datetime,
    reasons: Sequence[Reason] = (),
    taken: Collection[str] = (),
) -> int:
    """Make one company of two and return the id of the journal.

    What the survivor says stays, but for what is `taken` from the loser; its gaps are filled; people, keys, other
    systems' ids, companies below and leads move. The ledger is not touched, and the old id leads to the survivor.
    Raises NotFound for an unknown id, Conflict where one was merged already, Refused with its reasons for two of whom
    somebody said that they are never the same, and for two with a third between them in the group.
    """
    with transaction.atomic():
        run(_ALONE)
        lock_firms(survivor_id, loser_id)
        decision = may_be_one_company(survivor_id, loser_id)
        if not decision.outcome:
            said = "; ".join(reason.text for reason in decision.reasons)
            raise Refused(f"These can't be merged. {said}.", decision=decision)
        moved = {**merge_firms(survivor_id, loser_id, taken), **_kept(survivor_id, loser_id)}
        run("update identity_companykey set company_id = %s where company_id = %s", [survivor_id, loser_id])
        moved["leads"] = move_company(loser_id, survivor_id, actor=actor, now=now)
        why = _json([reason.as_json() for reason in reasons])
        ((journal_id,),) = fetch(_JOURNAL, [survivor_id, loser_id, _json(moved), why, actor, now])
        fact = CompanyMerged(happened_at=now, company_id=survivor_id, loser_id=loser_id, journal_id=journal_id)
        record([fact], actor=actor)
    return int(journal_id)


def note_company_moved(journal_id: int, moved: Mapping[str, Sequence[int]]) -> None:
    """Add to the journal what other rooms moved, as ids by name. The merge is of the same transaction."""
    run("update identity_companymerge set moved = moved || %s::jsonb where id = %s", [_json(moved), journal_id])


def hold_company_merge(journal_id: int) -> HeldMerge:
    """Lock both companies of a merge and return what was kept of how they stood. Needs a transaction.

    Raises NotFound for an unknown merge, Conflict for one that was taken back already or that a later one builds on.
    """
    run(_ALONE)
    found = fetch(_HELD, [journal_id])
    if not found:
        raise NotFound(f"There is no merge {journal_id}", field="merge")
    ((survivor_id, loser_id, moved, is_undone, later),) = found
    if is_undone:
        raise Conflict("This merge was taken back already", field="merge")
    if later is not None:
        raise Conflict("A later merge builds on this one", field="merge", mend=f"Take merge {later} back first")
    lock_firms(survivor_id, loser_id, merged=True)
    return HeldMerge(journal_id, survivor_id, loser_id, moved)


def inquiries_since_companies(merge: HeldMerge, inquiry_ids: Sequence[int]) -> list[tuple[int, datetime]]:
    """Return those of these inquiries that came since the merge, with the moment, in their order. One query."""
    found = fetch(_SINCE, [list(inquiry_ids), merge.moved["mark"]])
    return [(inquiry_id, at) for inquiry_id, _, at in sorted(found, key=lambda row: row[1])]


def unmerge_companies(
    merge: HeldMerge,
    heard: Sequence[HeardOfFirm],
    *,
    answers: Mapping[str, str],
    actor: Actor,
    now: datetime,
    dry: bool = False,
) -> UnmergedCompany:
    """Make two companies of one again. `heard` is every inquiry since of its people, in order.

    Returns the questions that are open, and whose each inquiry is. With questions, and with `dry`, nothing is written.
    """
    ids = {SURVIVOR: merge.survivor_id, LOSER: merge.loser_id}
    with transaction.atomic():
        found = _attribute(merge, heard, answers)
        asked = [_question(one) for one in heard if one.inquiry_id in found.unknown]
        told = _told(heard, found, {company_id: who for who, company_id in ids.items()})
        asked += part_firms(
            merge.moved, told, survivor_id=merge.survivor_id, loser_id=merge.loser_id, answers=answers,
            dry=dry or bool(asked),
        )  # fmt: skip
        if asked or dry:
            return UnmergedCompany(merge.survivor_id, merge.loser_id, tuple(asked), found.persons)
        theirs = [(kind, value) for kind, value in merge.moved["keys"][LOSER]]
        theirs += [key for key, company_id in found.keys.items() if company_id == merge.loser_id]
        run(_GIVE_KEYS, [merge.loser_id, *(columns(theirs) or [[], []]), merge.survivor_id])
        run(
            "update identity_companymerge set undone_at = %s, undone_by = %s where id = %s",
            [now, actor, merge.journal_id],
        )
        fact = CompanyUnmerged(
            happened_at=now, company_id=merge.survivor_id, loser_id=merge.loser_id, journal_id=merge.journal_id
        )
        record([fact], actor=actor)
    return UnmergedCompany(merge.survivor_id, merge.loser_id, (), found.persons)


def judge_companies(*, one_id: int, other_id: int, verdict: str, actor: Actor, now: datetime) -> None:
    """Keep that two companies are never the same, belong together without being one, or only look alike.

    Saying it again changes nothing, saying otherwise replaces it.
    Raises Invalid for another verdict, NotFound and Conflict as `merge_companies`.
    """
    if verdict not in (NEVER, RELATED, DISMISSED):
        raise Invalid(f"there is no verdict {verdict!r}", field="verdict", mend="Use never, related or dismissed")
    with transaction.atomic():
        lock_firms(one_id, other_id)
        low, high = sorted((one_id, other_id))
        known = fetch("select verdict from identity_companypair where low_id = %s and high_id = %s", [low, high])
        if known != [(verdict,)]:
            run(_JUDGE, [low, high, verdict, actor, now])
            record(
                [CompanyPairJudged(happened_at=now, company_id=one_id, other_id=other_id, verdict=verdict)], actor=actor
            )


def _kept(survivor_id: int, loser_id: int) -> dict[str, Any]:
    """The keys of both, and the last decision about an inquiry so far: later ones have later ids."""
    keys: dict[int, list[list[str]]] = {survivor_id: [], loser_id: []}
    for company_id, kind, value in fetch(
        "select company_id, kind, value from identity_companykey where company_id = any(%s) order by id", [list(keys)]
    ):
        keys[company_id].append([kind, value])
    ((mark,),) = fetch("select coalesce(max(id), 0) from identity_matchdecision", [])
    return {"keys": {SURVIVOR: keys[survivor_id], LOSER: keys[loser_id]}, "mark": mark}


def _attribute(merge: HeldMerge, heard: Sequence[HeardOfFirm], answers: Mapping[str, str]) -> Attributed:
    ids = {SURVIVOR: merge.survivor_id, LOSER: merge.loser_id}
    held = {
        (kind, value)
        for kind, value in fetch(
            "select kind, value from identity_companykey where company_id = %s", [merge.survivor_id]
        )
    }
    given = {one.inquiry_id: answers.get(_key(one), "") for one in heard}
    return attribute(
        [(one.inquiry_id, one.candidate) for one in heard if one.candidate and held & set(firm_keys(one.candidate))],
        keys={(kind, value): ids[who] for who, keys in merge.moved["keys"].items() for kind, value in keys},
        families={},
        held=held,
        answers={inquiry_id: ids[who] for inquiry_id, who in given.items() if who in ids},
        kin=FIRMS,
    )


def _told(heard: Sequence[HeardOfFirm], found: Attributed, who: Mapping[int, str]) -> list[FirmTold]:
    return [
        FirmTold(
            one.at,
            who[found.persons[one.inquiry_id]],
            one.person_id,
            one.candidate.title,
            describing.firm(one.candidate, dict(firm_keys(one.candidate))),
        )
        for one in heard
        if one.candidate is not None and one.inquiry_id in found.persons
    ]


def _question(one: HeardOfFirm) -> Question:
    value = one.candidate.company_name if one.candidate else ""
    return Question(key=_key(one), says="An inquiry", options=(SURVIVOR, LOSER), value=value, at=one.at)


def _key(one: HeardOfFirm) -> str:
    return f"inquiry:{one.inquiry_id}"


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
