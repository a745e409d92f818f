"""Two persons become one in every room, and are parted again. No rule of its own: `identity` says whose what is.

The order of locks is that of the rooms: persons, then leads, then deals.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from django.db import transaction

from leadloop.agreement.queries import in_force
from leadloop.capture import services as capture
from leadloop.capture.contracts import InquiryRow, Parsed
from leadloop.capture.queries import inquiries
from leadloop.identity import services as identity
from leadloop.identity.contracts import Heard, HeldMerge, Unmerged
from leadloop.identity.queries import merge_row
from leadloop.kernel.decision import Reason
from leadloop.leads import services as leads
from leadloop.leads.contracts import Opened
from leadloop.leads.queries import all_of, rows
from leadloop.ledger.contracts import Actor
from leadloop.loop import scoring
from leadloop.loop.pursuing import allowed, pursuit, refused
from leadloop.nurture import services as nurture
from leadloop.outreach import services as outreach
from leadloop.people.queries import confirmations_of, people
from leadloop.selling import services as selling

_MOST_ASKED = 1000  # mails about consent that one person was ever sent


def join(
    survivor_id: int,
    loser_id: int,
    *,
    taken: Collection[str] = (),
    reasons: Sequence[Reason] = (),
    actor: Actor,
    now: datetime,
) -> int:
    """Make one person of two and return the id of the merge. Errors as `identity.merge`.

    What stays under the old id (messages, activities, enrolments, the ledger) is resolved by who reads it.
    """
    with transaction.atomic():
        merge_id = identity.merge(
            survivor_id=survivor_id, loser_id=loser_id, taken=taken, reasons=reasons, actor=actor, now=now
        )
        done = merge_row(merge_id)
        assert done is not None
        moved = {
            "inquiries": capture.move_person(done.loser_id, done.survivor_id),
            "deals": selling.move_person(done.loser_id, done.survivor_id),
        }
        identity.note_moved(merge_id, moved)
    return merge_id


def part(
    merge_id: int,
    *,
    answers: Mapping[str, str],
    actor: Actor,
    now: datetime,
    never_again: bool = False,
    dry: bool = False,
) -> Unmerged:
    """Make two persons of one again, as if they had never been merged; with open questions, and `dry`, only look.

    `never_again` says that the two are not the same. Errors as `identity.hold_merge`.
    """
    with transaction.atomic():
        held = identity.hold_merge(merge_id)
        theirs = {row.id: row for row in inquiries(person_ids=[held.survivor_id])}
        since = identity.inquiries_since(held, list(theirs))
        read = capture.read_again([inquiry_id for inquiry_id, _ in since])
        asked = {row.source for row in confirmations_of([held.survivor_id, held.loser_id], limit=_MOST_ASKED)}
        heard = [_heard(inquiry_id, at, read.get(inquiry_id), held, asked) for inquiry_id, at in since]
        found = identity.unmerge(held, heard, answers=answers, actor=actor, now=now, dry=dry)
        if found.questions or dry:
            return found
        _give_inquiries(held, found, theirs, read, actor=actor, now=now)
        _follow(held)
        if never_again:
            identity.never_merge(one_id=found.survivor_id, other_id=found.loser_id, actor=actor, now=now)
    return found


def _heard(inquiry_id: int, at: datetime, parsed: Parsed | None, held: HeldMerge, asked: AbstractSet[str]) -> Heard:
    """What an inquiry told. Of a portal that asked by mail the confirmed words alone count, and those are kept."""
    if parsed is None:
        return Heard(inquiry_id, at, None)
    who = held.survivor_id
    given = tuple(word for word in allowed(parsed, who) if word.source not in asked)
    return Heard(inquiry_id, at, parsed.candidate, given, tuple(refused(parsed, who)))


def _give_inquiries(
    held: HeldMerge,
    found: Unmerged,
    theirs: Mapping[int, InquiryRow],
    read: Mapping[int, Parsed],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Inquiries go back to whose they were; those since to whose they are, with the leads that they opened.

    One that joined a lead of the other person joins theirs, or opens one, as it would have at the door.
    """
    loser_id = found.loser_id
    capture.give([(inquiry_id, loser_id, None) for inquiry_id in held.moved.get("inquiries", ())])
    since = {inquiry_id: theirs[inquiry_id] for inquiry_id in found.inquiries}
    opened = {row.lead_id for row in since.values() if row.outcome == "new" and found.inquiries[row.id] == loser_id}
    leads.give_person(sorted(one for one in opened if one is not None), loser_id, actor=actor, now=now)
    standing = rows({row.lead_id for row in since.values() if row.lead_id is not None})
    strays = {
        row.id: read[row.id]
        for row in since.values()
        if row.lead_id in standing and row.id in read and standing[row.lead_id].person_id != found.inquiries[row.id]
    }
    again = _open_again(strays, found.inquiries, actor=actor, now=now)
    _take_touches([since[one] for one in strays])
    capture.give([(i, person_id, again[i].lead_id if i in again else None) for i, person_id in found.inquiries.items()])


def _open_again(
    strays: Mapping[int, Parsed], persons: Mapping[int, int], *, actor: Actor, now: datetime
) -> dict[int, Opened]:
    """Open or join leads for inquiries that stand on another person's, and judge them as at the door."""
    if not strays:
        return {}
    terms, known = in_force(), people(set(persons.values()))
    asked = [pursuit(one, persons[i], known[persons[i]].company_id) for i, one in sorted(strays.items())]
    opened = leads.open_or_join(asked, terms=terms, actor=actor, now=now)
    scoring.judge(list(strays.values()), opened, terms=terms, actor=actor, now=now)
    return opened


def _take_touches(strays: Sequence[InquiryRow]) -> None:
    """Leads lose the touches that were another's; the last touch is then the last of their own."""
    leaving: dict[int, list[InquiryRow]] = {}
    for row in strays:
        if row.lead_id is not None:
            leaving.setdefault(row.lead_id, []).append(row)
    gone = {row.id for row in strays}
    own: dict[int, datetime] = {}
    for row in inquiries(list(leaving)):
        if row.lead_id is not None and row.id not in gone:
            own[row.lead_id] = max(row.happened_at, own.get(row.lead_id, row.happened_at))
    leads.take_touches(
        [
            (lead_id, len(of), max(row.happened_at for row in of), own.get(lead_id))
            for lead_id, of in sorted(leaving.items())
        ]
    )


def _follow(held: HeldMerge) -> None:
    """What was done since on leads of the one who goes is theirs."""
    ids = [lead.id for lead in all_of([held.loser_id])]
    both = {"from_id": held.survivor_id, "to_id": held.loser_id}
    selling.return_person(held.moved.get("deals", ()), ids, **both)
    nurture.return_person(ids, **both)
    outreach.return_person(ids, **both)
