"""Taking back what others' words added to persons and firms at given moments, as far as it still stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Actor
from leadloop.ledger.facts import Fact
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch
from leadloop.people.contracts import ConsentWord
from leadloop.people.facts import CompanyChanged, PersonChanged
from leadloop.people.rules.filling import TEXTS, Known
from leadloop.people.rules.firms import COLUMNS
from leadloop.people.rules.names import search_text
from leadloop.people.rules.reverting import Change, Reverted, reverted
from leadloop.people.services.consenting import withdraw_consent
from leadloop.people.services.filling import load, write_places
from leadloop.people.services.history import Entry, write_history
from leadloop.people.services.locking import lock_to_change
from leadloop.people.sql import run, to_json

Moments = Collection[tuple[int, datetime]]  # a subject's id, and the moment at which it was changed
_HISTORY = """
select h.subject_id, h.field, h.old, h.new from people_fieldhistory h
  join unnest(%s::bigint[], %s::timestamptz[]) as m (id, at) on h.subject_id = m.id and h.at = m.at
 where h.subject = %s and h.actor = %s order by h.id
"""
_POINTS = "select person_id, kind, value, norm from people_contactpoint where person_id = any(%s) order by id"
_FIRMS = f"select id, {', '.join(COLUMNS)} from people_company where id = any(%s) order by id for no key update"
_EMPLOYERS = "select distinct company_id from people_position where person_id = any(%s) and company_id is not null"
_PERSONS = f"""
update people_person p
   set {", ".join(f"{column} = n.{column}" for column in TEXTS)}, search = n.search, attributes = n.attributes::jsonb
  from unnest(%s::bigint[], {", ".join("%s::text[]" for _ in TEXTS)}, %s::text[], %s::text[])
       as n (id, {", ".join(TEXTS)}, search, attributes)
 where p.id = n.id
"""
_ADDRESSES = """
delete from people_contactpoint c using unnest(%s::bigint[], %s::text[], %s::text[]) as g (id, kind, value)
 where (c.person_id, c.kind, c.value) = (g.id, g.kind, g.value)
"""
_PRIMARY = """
update people_contactpoint c set is_primary = true
 where c.id in (select distinct on (person_id, kind) id from people_contactpoint o
                 where o.person_id = any(%s) and not exists (select from people_contactpoint f
                       where (f.person_id, f.kind) = (o.person_id, o.kind) and f.is_primary)
                 order by person_id, kind, id)
"""
_EXTERNAL = """
delete from people_externalid e using unnest(%s::bigint[], %s::text[], %s::text[]) as g (id, system, number)
 where (e.person_id, e.system, e.external_id) = (g.id, g.system, g.number)
"""
_COMPANIES = f"""
update people_company c
   set {", ".join(f"{column} = n.{column}" for column in COLUMNS)}
  from unnest(%s::bigint[], {", ".join("%s::int[]" if c == "employees" else "%s::text[]" for c in COLUMNS)})
       as n (id, {", ".join(COLUMNS)})
 where c.id = n.id
"""
_CONSENTS = """
select distinct on (c.person_id, c.channel, c.purpose) c.person_id, c.channel, c.purpose
  from people_consent c join unnest(%s::bigint[], %s::timestamptz[]) as m (id, at)
    on c.person_id = m.id and c.at = m.at
 where c.state = 'given' and c.source = any(%s)
   and not exists (select from people_consent l where (l.person_id, l.channel, l.purpose) =
                   (c.person_id, c.channel, c.purpose) and (l.at, l.id) > (c.at, c.id))
"""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many changes went back, how many stay because they changed again, and the addresses that went, by person."""

    changes: int
    kept: int
    addresses: tuple[tuple[int, str, str], ...] = ()  # person, kind, normal form
    external: tuple[tuple[int, str, str], ...] = ()  # person, system, number


def revert(moments: Moments, *, by: Actor, actor: Actor, now: datetime) -> TakenBack:
    """Take back what `by` changed of these persons and of their firms at these moments.

    What has been changed since stays; persons erased or merged meanwhile are left alone. The number of statements
    does not depend on the number of persons.
    """
    with transaction.atomic():
        standing = lock_to_change([person_id for person_id, _ in moments])
        mine = [(i, at) for i, at in moments if i in standing and standing[i].is_whole]
        employers = [i for (i,) in fetch(_EMPLOYERS, [[i for i, _ in mine]])]
        persons, facts = _persons(mine, by, actor, now)
        firms, more = _firms([(i, at) for i in employers for at in {at for _, at in mine}], by, actor, now)
        record([*facts, *more], actor=actor)
    return TakenBack(persons.changes + firms.changes, persons.kept + firms.kept, persons.addresses, persons.external)


def withdraw_given(moments: Moments, *, sources: Collection[str], actor: Actor, now: datetime) -> int:
    """Withdraw what was given at these moments from these sources and still rules; return how many words. Few queries.

    For a consent that rests on what is being taken back.
    """
    ruling = fetch(_CONSENTS, [*columns(moments), list(sources)]) if moments else []
    words = [ConsentWord(person_id=i, channel=c, purpose=p, source="import taken back") for i, c, p in ruling]
    return withdraw_consent(words, actor=actor, now=now)


def _changes(moments: Moments, subject: str, by: Actor) -> dict[int, list[Change]]:
    found: dict[int, list[Change]] = {}
    if moments:
        for subject_id, *change in fetch(_HISTORY, [*columns(moments), subject, by]):
            found.setdefault(subject_id, []).append(Change(*change))
    return found


def _persons(moments: Moments, by: Actor, actor: Actor, now: datetime) -> tuple[TakenBack, list[Fact]]:
    changes = _changes(moments, "person", by)
    known = load(changes)
    points: dict[int, list[tuple[str, str, str]]] = {}
    for person_id, *point in fetch(_POINTS, [list(known)]):
        points.setdefault(person_id, []).append((point[0], point[1], point[2]))
    back = {
        i: reverted(one, changes[i], [(kind, value) for kind, value, _ in points.get(i, [])])
        for i, one in sorted(known.items())
    }
    _write(back, known, points, actor, now)
    norms = {(i, kind, value): norm for i, several in points.items() for kind, value, norm in several}
    gone = tuple((i, kind, norms[i, kind, value]) for i, one in back.items() for kind, value in one.addresses)
    facts: list[Fact] = [
        PersonChanged(happened_at=now, person_id=i, fields=sorted({change.field for change in one.history}))
        for i, one in back.items()
        if one.history
    ]
    external = tuple((i, *pair) for i, one in back.items() for pair in one.external)
    return TakenBack(*_counted(back.values()), gone, external), facts


def _counted(back: Collection[Reverted]) -> tuple[int, int]:
    return sum(len(one.history) for one in back), sum(len(one.kept) for one in back)


def _write(
    back: Mapping[int, Reverted],
    known: Mapping[int, Known],
    points: Mapping[int, Sequence[tuple[str, str, str]]],
    actor: Actor,
    now: datetime,
) -> None:
    if not any(one.history for one in back.values()):
        return
    run(_ADDRESSES, columns(_each(back, "addresses")))
    run(_PRIMARY, [list(back)])
    run(_EXTERNAL, columns(_each(back, "external")))
    run("delete from people_position where id = any(%s)", [[i for one in back.values() for i in one.places_gone]])
    write_places([place for one in back.values() for place in one.places])
    rows = []
    for i, one in back.items():
        texts = {**known[i].texts, **one.texts}
        left = [norm for kind, value, norm in points.get(i, []) if (kind, value) not in one.addresses]
        found_by = search_text(texts["given_name"], texts["family_name"], left)
        own = known[i].attributes if one.attributes is None else one.attributes
        rows.append((i, *texts.values(), found_by, to_json(own)))
    run(_PERSONS, columns(rows))
    entries: list[Entry] = [("person", i, *change) for i, one in back.items() for change in one.history]
    write_history(entries, actor=actor, now=now, source="import taken back")


def _each(back: Mapping[int, Reverted], name: str) -> Iterator[tuple[Any, ...]]:
    found = [(i, *one) for i, several in back.items() for one in getattr(several, name)]
    return iter(found or [(0, "", "")])  # an empty set has no columns; nobody has the number nought


def _firms(moments: Moments, by: Actor, actor: Actor, now: datetime) -> tuple[TakenBack, list[Fact]]:
    changes = _changes(moments, "company", by)
    rows, entries, kept = [], list[Entry](), 0
    for company_id, *stored in fetch(_FIRMS, [list(changes)]):
        values = dict(zip(COLUMNS, stored, strict=True))
        for one in reversed(changes[company_id]):
            stands = "" if values[one.field] is None else str(values[one.field])
            if stands != one.new:
                kept += 1
                continue
            values[one.field] = _typed(one)
            entries.append(("company", company_id, one.field, one.new, one.old))
        rows.append((company_id, *values.values()))
    if not entries:
        return TakenBack(0, kept), []
    run(_COMPANIES, columns(rows))
    write_history(entries, actor=actor, now=now, source="import taken back")
    changed: dict[int, list[str]] = {}
    for _, company_id, name, _, _ in entries:
        changed.setdefault(company_id, []).append(name)
    facts: list[Fact] = [CompanyChanged(happened_at=now, company_id=i, fields=f) for i, f in changed.items()]
    return TakenBack(len(entries), kept), facts


def _typed(one: Change) -> Any:
    if one.field == "employees":
        return int(one.old) if one.old else None
    return (one.old or None) if one.field == "domain" else one.old
