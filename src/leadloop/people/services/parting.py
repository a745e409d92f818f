"""Making two persons of one in this room's own tables, as if they had never been merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from leadloop.ledger.sql import columns, fetch
from leadloop.people.apart import BOTH, LOSER, SURVIVOR, Edit, Question, Since, Told
from leadloop.people.rules.merging import CONSENT, EXTERNAL, PERSON, POINT, POSITION, Holdings, holdings_of
from leadloop.people.rules.unmerging import Parting, parted
from leadloop.people.services.history import part_history
from leadloop.people.services.merging import holdings
from leadloop.people.sql import run

INQUIRY = "inquiry"
_MARK = "select coalesce(max(id), 0) from people_fieldhistory where subject = 'person' and subject_id = any(%s)"
_SINCE = """
select id, field, old, new, at, actor, source, via_id, typed::text from people_fieldhistory
 where subject = 'person' and subject_id = %s and id > %s order by id
"""
_PERSONS = f"""
update {PERSON} p
   set given_name = n.given_name, family_name = n.family_name, language = n.language, zone = n.zone,
       country = n.country, city = n.city, search = n.search, lookalike = n.lookalike, attributes = n.attributes,
       merged_into_id = null
  from jsonb_populate_recordset(null::{PERSON}, %s::jsonb) as n where p.id = n.id
"""
_SHELLS = f"update {PERSON} set merged_into_id = %s where id = any(%s)"
_FOLLOW_FIRMS = f"""
update {POSITION} o set company_id = c.merged_into_id
  from people_company c
 where o.person_id = any(%s) and c.id = o.company_id and c.merged_into_id is not null
   and not exists (select from {POSITION} t where t.person_id = o.person_id and t.company_id = c.merged_into_id)
"""
_LEAVE_FIRMS = f"""
delete from {POSITION} o using people_company c
 where o.person_id = any(%s) and c.id = o.company_id and c.merged_into_id is not null
"""
_WRITE = """
insert into people_fieldhistory (subject, subject_id, field, old, new, at, actor, source)
select 'person', h.*, 'system:identity', 'inquiry'
  from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
       as h (subject_id, field, old, new, at)
"""
Entry = tuple[int, str, str, str, Any, str, str, int | None, str | None]


def stand_before(survivor_id: int, loser_id: int) -> dict[str, Any]:
    """Return how two persons stand, JSON-ready, for `part` to begin with. Both must be locked. Two queries."""
    held = holdings([survivor_id, loser_id])
    ((mark,),) = fetch(_MARK, [[survivor_id, loser_id]])
    both = {SURVIVOR: held[survivor_id].as_json(), LOSER: held[loser_id].as_json()}
    return {"held": both, "history": mark}


def part(
    before: Mapping[str, Any],
    told: Sequence[Told],
    *,
    survivor_id: int,
    loser_id: int,
    answers: Mapping[str, str],
    dry: bool = False,
) -> list[Question]:
    """Make two persons of one; what must be asked first is returned instead, and nothing is written.

    `before` is what `stand_before` gave, `told` what inquiries said since and whose they are. All ids of both must be
    locked. `dry` only asks. The number of statements does not depend on what they hold.
    """
    stood = {who: holdings_of(one) for who, one in before["held"].items()}
    entries = fetch(_SINCE, [survivor_id, before["history"]])
    via = _via(stood)
    edits = tuple(_edit(entry, via) for entry in entries if entry[6] != INQUIRY)
    today = holdings([survivor_id])[survivor_id]
    one = parted(stood, today, Since(tuple(told), edits, via), answers)
    if one.questions or dry:
        return one.questions
    _write(one, {SURVIVOR: survivor_id, LOSER: loser_id}, stood[LOSER])
    _write_history(one, entries, survivor_id, loser_id)
    return []


def _via(stood: Mapping[str, Holdings]) -> dict[int, str]:
    """Whose every id was before: one's own, and those of persons merged into them earlier."""
    return {
        **{row["id"]: who for who, one in stood.items() for row in one.shells},
        stood[LOSER].person["id"]: LOSER,
    }


def _edit(entry: Entry, via: Mapping[int, str]) -> Edit:
    entry_id, field, old, new, at, actor, source, via_id, typed = entry
    value = orjson.loads(typed) if typed else new
    return Edit(entry_id, field, old, new, value, at, actor, source, via.get(via_id or 0, ""))


def _write(one: Parting, ids: Mapping[str, int], loser: Holdings) -> None:
    """Write all rows of both anew, under the ids they have: so no unique index is met on the way."""
    both = sorted(ids.values())
    rows = [held.as_rows() for held in one.held.values()]
    for table in (POINT, POSITION, EXTERNAL, CONSENT):
        run(f"delete from {table} where person_id = any(%s)", [both])
        _insert(table, [row for of in rows for row in of[table]])
    run(_FOLLOW_FIRMS, [both])
    run(_LEAVE_FIRMS, [both])
    run(_PERSONS, [_json([held.as_person() for held in one.held.values()])])
    run(_SHELLS, [ids[LOSER], [row["id"] for row in loser.shells]])


def _insert(table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; those without an id get one."""
    fresh = [row for row in rows if row["id"] is None]
    drawn = fetch(f"select nextval('{table}_id_seq') from generate_series(1, %s)", [len(fresh)])
    for row, (row_id,) in zip(fresh, drawn, strict=True):
        row["id"] = row_id
    run(f"insert into {table} select * from jsonb_populate_recordset(null::{table}, %s::jsonb)", [_json(rows)])


def _write_history(one: Parting, entries: Sequence[Entry], survivor_id: int, loser_id: int) -> None:
    """Give every entry since to whose it is, and write what an inquiry would have changed without the merge."""
    told = {who: [entry[:3] for entry in held.history] for who, held in one.held.items()}
    whose = {**one.whose, **dict(_told_whose(entries, told))}
    part_history(whose, loser_id)
    stand = {SURVIVOR: _said(entries, whose, SURVIVOR), LOSER: _said(entries, whose, LOSER)}
    ids = {SURVIVOR: survivor_id, LOSER: loser_id}
    new = [
        (ids[who], *entry) for who, held in one.held.items() for entry in held.history if entry[:3] not in stand[who]
    ]
    run(_WRITE, columns(new) or [[]] * 5)


def _told_whose(
    entries: Sequence[Entry], told: Mapping[str, Sequence[tuple[str, str, str]]]
) -> Iterable[tuple[int, str]]:
    for entry in entries:
        of = {who for who, changes in told.items() if entry[1:4] in changes}
        if entry[6] == INQUIRY and LOSER in of:
            yield entry[0], BOTH if SURVIVOR in of else LOSER


def _said(entries: Sequence[Entry], whose: Mapping[int, str], who: str) -> set[tuple[str, str, str]]:
    """What the history says of one of the two, once its entries are given to whom they belong."""
    return {entry[1:4] for entry in entries if whose.get(entry[0], SURVIVOR) in (who, BOTH)}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
