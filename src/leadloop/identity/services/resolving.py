"""From candidates to persons and firms, a batch at a time.

Guarantee: one human, one person and one firm, one company, as far as exact keys can tell, also between batches that
run at the same time. Steps: who holds the keys; firms, then persons, claim those that nobody holds; the new ones are
written, the known ones filled in; the decision is kept for each inquiry. Locks are always taken in this order: known
persons, firm keys, firms, person keys, persons; each sorted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from leadloop.identity.contracts import Candidate, Resolved
from leadloop.identity.rules.keys import DOMAIN, EMAIL, NAME, PHONE, Key, firm_keys, person_keys
from leadloop.identity.rules.matching import Asked, match
from leadloop.identity.services import describing
from leadloop.identity.services.claiming import FIRMS, PERSONS, Settled, settle
from leadloop.identity.services.deciding import keep_decisions
from leadloop.identity.services.looking import Held, firm_holders, holders, person_holders
from leadloop.ledger.contracts import Actor
from leadloop.people.contracts import NewCompany
from leadloop.people.rules.firms import together
from leadloop.people.services import (
    allocate_company_ids,
    allocate_ids,
    fill_in,
    fill_in_companies,
    remember,
    remember_companies,
)

SOURCE = "inquiry"


def resolve(
    candidates: Sequence[Candidate],
    *,
    actor: Actor,
    now: datetime,
    inquiry_ids: Mapping[int, int] | None = None,
) -> dict[int, Resolved]:
    """Find or make the person and the firm of every candidate; the answers come by ref.

    Candidates of one person within the batch meet. Known persons and firms get what they lack and keep what they
    have. `inquiry_ids` by ref: for these the decision is kept. The number of statements does not depend on the size
    of the batch: 12 where everybody is new, fewer where all is known. Needs the caller to retry deadlocks, as all
    batches do. Raises Unavailable when others keep changing the same records.
    """
    if not candidates:
        return {}
    by_person = [tuple(person_keys(one)) for one in candidates]
    by_firm = {place: keys for place, one in enumerate(candidates) if (keys := tuple(firm_keys(one)))}
    with transaction.atomic(savepoint=False):
        known, known_firms = holders(_each(by_person), _each(by_firm.values()))
        company_ids = _firms(candidates, by_firm, known_firms, actor=actor, now=now)
        settled = _persons(candidates, by_person, known)
        _write_persons(candidates, settled, company_ids, actor=actor, now=now)
        refs = [one.ref for one in candidates]
        keep_decisions(refs, settled, inquiry_ids or {}, now=now)
    return {
        ref: Resolved(ref, found.holder, company_ids.get(place), place in settled.new, found.by)
        for place, (ref, found) in enumerate(zip(refs, settled.matches, strict=True))
    }


def resolve_firms(candidates: Sequence[Candidate], *, actor: Actor, now: datetime) -> dict[int, int]:
    """Find or make the firm of every candidate, without a person; ids by ref, without those who name no firm."""
    by_firm = {place: keys for place, one in enumerate(candidates) if (keys := tuple(firm_keys(one)))}
    with transaction.atomic(savepoint=False):
        _, known = holders([], _each(by_firm.values()))
        found = _firms(candidates, by_firm, known, actor=actor, now=now)
    return {candidates[place].ref: company_id for place, company_id in found.items()}


def _each(keys: Iterable[Sequence[Key]]) -> list[Key]:
    return sorted({key for of in keys for key in of})


def _persons(candidates: Sequence[Candidate], keys: Sequence[Sequence[Key]], known: Held) -> Settled:
    asked = [Asked(of, bool(of) and of[0][0] == EMAIL, one.family) for one, of in zip(candidates, keys, strict=True)]
    return settle(PERSONS, partial(match, asked, weakest=PHONE), known, allocate=allocate_ids, look_up=person_holders)


def _firms(
    candidates: Sequence[Candidate],
    keys: Mapping[int, Sequence[Key]],
    known: Held,
    *,
    actor: Actor,
    now: datetime,
) -> dict[int, int]:
    """Return the company's id by place in the batch, with new firms written and known ones filled in."""
    if not keys:
        return {}
    asked = [Asked(of, of[0][0] == DOMAIN) for of in keys.values()]
    settled = settle(
        FIRMS, partial(match, asked, weakest=NAME), known, allocate=allocate_company_ids, look_up=firm_holders
    )
    company_ids = {place: found.holder for place, found in zip(keys, settled.matches, strict=True)}
    new: dict[int, NewCompany] = {}
    told: list[tuple[int, NewCompany]] = []
    of_batch = set(settled.new.values())
    for _, company_id, one in describing.firms(candidates, keys, company_ids):
        if company_id not in of_batch:
            told.append((company_id, one))
        else:
            new[company_id] = together(new[company_id], one) if company_id in new else one
    ids = {one.ref: company_id for company_id, one in new.items()}
    remember_companies(list(new.values()), actor=actor, now=now, company_ids=ids)
    fill_in_companies(told, actor=actor, now=now, source=SOURCE)
    return company_ids


def _write_persons(
    candidates: Sequence[Candidate],
    settled: Settled,
    company_ids: Mapping[int, int],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    people = [
        describing.person(one, company_ids.get(place), found.against)
        for place, (one, found) in enumerate(zip(candidates, settled.matches, strict=True))
    ]
    new = [people[place] for place in settled.new]
    ids = {people[place].ref: person_id for place, person_id in settled.new.items()}
    remember(new, actor=actor, now=now, person_ids=ids)
    told = [
        (found.holder, one)
        for place, (found, one) in enumerate(zip(settled.matches, people, strict=True))
        if place not in settled.new
    ]
    fill_in(told, actor=actor, now=now, source=SOURCE)
