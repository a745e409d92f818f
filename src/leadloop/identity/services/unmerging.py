"""One person turns out to be two after all: what would stand had they never been merged.

Guarantee: where nothing happened since, both stand exactly as before. Where something did, an inquiry goes to whose
key brought it, together with what it told and allowed; a change or a word goes to whom it was addressed; what neither
tells is asked, and nothing is written before it is answered. The ledger is not rewritten: unmerging is a fact.
Steps: lock the persons, then the journal; go through the inquiries since; part the rows, the keys, the old ids, then
the leads. Needs what `merge` kept; once somebody was erased, a merge is for good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leadloop.identity.contracts import Heard, HeldMerge, Unmerged
from leadloop.identity.facts import PersonUnmerged
from leadloop.identity.queries.aliases import known_as
from leadloop.identity.rules.attributing import Attributed, attribute
from leadloop.identity.rules.keys import Key, firm_keys
from leadloop.identity.rules.matching import Asked, match
from leadloop.identity.services import describing
from leadloop.identity.services.looking import firm_holders
from leadloop.identity.services.suggesting import unfollow_merge
from leadloop.kernel.errors import Conflict, NotFound
from leadloop.leads.services import return_person
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch, run
from leadloop.people.apart import LOSER, SURVIVOR, Question, SaidWord, Told
from leadloop.people.services import lock, part

_JOURNAL = """
select survivor_id, loser_id, moved, undone_at is not null, erased_at is not null
  from identity_mergejournal where id = %s for update
"""
_LATER = """
select max(id) from identity_mergejournal
 where id > %s and undone_at is null and (survivor_id = %s or loser_id = %s)
"""
_SINCE = """
select distinct on (inquiry_id) inquiry_id, id, at from identity_matchdecision
 where inquiry_id = any(%s) and id > %s and person_id = %s order by inquiry_id, id desc
"""
_KEYS_HELD = "select kind, value from identity_matchkey where person_id = %s"
_GIVE_KEYS = """
update identity_matchkey k set person_id = %s
  from unnest(%s::text[], %s::text[]) as g (kind, value)
 where k.kind = g.kind and k.value = g.value and k.person_id = %s
"""
_OPTIONS = (SURVIVOR, LOSER)


def hold_merge(journal_id: int) -> HeldMerge:
    """Lock both persons of a merge, under all their ids, and return what was kept of how they stood.

    Raises NotFound for an unknown merge, Conflict for one that was taken back already, that a later one builds on, or
    that is for good since somebody was erased. Needs a transaction.
    """
    known = fetch("select survivor_id, loser_id from identity_mergejournal where id = %s", [journal_id])
    if not known:
        raise NotFound(f"There is no merge {journal_id}", field="merge")
    ids = known_as(known[0])
    lock(sorted({one for of in ids.values() for one in of}))
    ((survivor_id, loser_id, moved, is_undone, is_erased),) = fetch(_JOURNAL, [journal_id])
    if is_undone:
        raise Conflict("This merge was taken back already", field="merge")
    if is_erased:
        raise Conflict("They were erased: the merge is for good", field="merge")
    ((later,),) = fetch(_LATER, [journal_id, survivor_id, survivor_id])
    if later is not None:
        raise Conflict("A later merge builds on this one", field="merge", mend=f"Take merge {later} back first")
    return HeldMerge(journal_id, survivor_id, loser_id, moved)


def inquiries_since(merge: HeldMerge, inquiry_ids: Sequence[int]) -> list[tuple[int, datetime]]:
    """Return those of these inquiries that came to the one person since, with the moment, in their order. One query."""
    found = fetch(_SINCE, [list(inquiry_ids), merge.moved["mark"], merge.survivor_id])
    return [(inquiry_id, at) for inquiry_id, _, at in sorted(found, key=lambda row: row[1])]


def unmerge(
    merge: HeldMerge,
    heard: Sequence[Heard],
    *,
    answers: Mapping[str, str],
    actor: Actor,
    now: datetime,
    dry: bool = False,
) -> Unmerged:
    """Make two persons of one again. `heard` is every inquiry since, in order.

    Returns the questions that are open, and whose each inquiry is. With questions, and with `dry`, nothing is written.
    The number of statements does not depend on how much there is.
    """
    survivor_id, loser_id = merge.survivor_id, merge.loser_id
    with transaction.atomic():
        found = _attribute(merge, heard, answers)
        told = _told(heard, found, {survivor_id: SURVIVOR, loser_id: LOSER})
        asked = [_question(one) for one in heard if one.inquiry_id in found.unknown]
        before = merge.moved["before"]
        ids = {"survivor_id": survivor_id, "loser_id": loser_id}
        asked += part(before, told, **ids, answers=answers, dry=dry or bool(asked))
        if asked or dry:
            return Unmerged(survivor_id, loser_id, tuple(asked), found.persons)
        _return_own(merge, found)
        passed_over = return_person(merge.moved["leads"], actor=actor, now=now)
        run(
            "update identity_mergejournal set undone_at = %s, undone_by = %s where id = %s",
            [now, actor, merge.journal_id],
        )
        fact = PersonUnmerged(happened_at=now, person_id=survivor_id, loser_id=loser_id, journal_id=merge.journal_id)
        record([fact], actor=actor)
    return Unmerged(survivor_id, loser_id, (), found.persons, tuple(passed_over))


def _attribute(merge: HeldMerge, heard: Sequence[Heard], answers: Mapping[str, str]) -> Attributed:
    ids = {SURVIVOR: merge.survivor_id, LOSER: merge.loser_id}
    given = {one.inquiry_id: answers.get(_key(one), "") for one in heard}
    return attribute(
        [(one.inquiry_id, one.candidate) for one in heard],
        keys={(kind, value): ids[who] for who, keys in merge.moved["keys"].items() for kind, value in keys},
        families={ids[who]: one["person"]["family_name"] for who, one in merge.moved["before"]["held"].items()},
        held={(kind, value) for kind, value in fetch(_KEYS_HELD, [merge.survivor_id])},
        answers={inquiry_id: ids[who] for inquiry_id, who in given.items() if who in ids},
    )


def _told(heard: Sequence[Heard], found: Attributed, who: Mapping[int, str]) -> list[Told]:
    firms = _firms(heard)
    return [
        Told(
            one.inquiry_id,
            who[found.persons[one.inquiry_id]],
            one.at,
            describing.person(one.candidate, firms.get(place), found.against[one.inquiry_id]),
            tuple(_words(one)),
        )
        for place, one in enumerate(heard)
        if one.candidate is not None and one.inquiry_id in found.persons
    ]


def _words(one: Heard) -> list[SaidWord]:
    said = [*((word, "given") for word in one.given), *((word, "withdrawn") for word in one.withdrawn)]
    return [
        SaidWord(str(word.channel), word.purpose, state, word.wording, word.source, word.at or one.at)
        for word, state in said
    ]


def _firms(heard: Sequence[Heard]) -> dict[int, int]:
    """The firm that each inquiry names, by place: intake has made them all known."""
    keys = {place: tuple(firm_keys(one.candidate)) for place, one in enumerate(heard) if one.candidate}
    known = firm_holders(sorted({key for of in keys.values() for key in of}))
    matched = {
        place: match([Asked(of, of[0][0] == "domain")], known, weakest="name").matches[0].holder
        for place, of in keys.items()
        if of
    }
    return {place: holder for place, holder in matched.items() if holder > 0}


def _question(one: Heard) -> Question:
    says = "An inquiry" if one.candidate else "An inquiry that can't be read any more"
    name = f"{one.candidate.given} {one.candidate.family}".strip() if one.candidate else ""
    contacts = [one.candidate.email_given, one.candidate.phone_given] if one.candidate else []
    value = ", ".join(part for part in (name, *contacts) if part)
    return Question(key=_key(one), says=says, options=_OPTIONS, value=value, at=one.at)


def _key(one: Heard) -> str:
    return f"inquiry:{one.inquiry_id}"


def _return_own(merge: HeldMerge, found: Attributed) -> None:
    """Give keys and old ids back, and say of every inquiry since whose it is."""
    survivor_id, loser_id = merge.survivor_id, merge.loser_id
    theirs: list[Key] = [(kind, value) for kind, value in merge.moved["keys"][LOSER]]
    theirs += [key for key, person_id in found.keys.items() if person_id == loser_id]
    run(_GIVE_KEYS, [loser_id, *(columns(theirs) or [[], []]), survivor_id])
    shells = [row["id"] for row in merge.moved["before"]["held"][LOSER]["shells"]]
    unfollow_merge(merge.moved["rows"])
    run("delete from identity_alias where old_id = %s", [loser_id])
    run("update identity_alias set survivor_id = %s where old_id = any(%s)", [loser_id, shells])
    inquiries = [inquiry_id for inquiry_id, person_id in found.persons.items() if person_id == loser_id]
    run("update identity_matchdecision set person_id = %s where inquiry_id = any(%s)", [loser_id, inquiries])
