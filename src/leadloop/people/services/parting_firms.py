"""Making two firms of one in this room's own tables, as if they had never been merged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import orjson

from leadloop.ledger.sql import columns, fetch
from leadloop.people.apart import LOSER, SURVIVOR, Edit, Question
from leadloop.people.contracts import RowChange
from leadloop.people.rules.merging import Row
from leadloop.people.rules.parting_firms import FirmsApart, FirmTold, parted_firms
from leadloop.people.services.history import part_history
from leadloop.people.services.merging import write_changes
from leadloop.people.services.merging_firms import COMPANY, firm_held, firm_rows, write_firms
from leadloop.people.sql import run, to_json

INQUIRY = "inquiry"
_SINCE = """
select id, field, old, new, typed::text, at, actor, source, via_id from people_fieldhistory
 where subject = 'company' and subject_id = %s and id > %s and source <> 'inquiry' and field <> 'name_key' order by id
"""
_UNSAY = """
delete from people_fieldhistory where subject = 'company' and subject_id = %s and id > %s and source = 'inquiry'
"""
_SAY = """
insert into people_fieldhistory (subject, subject_id, field, old, new, at, actor, source)
select 'company', h.*, 'system:identity', 'inquiry'
  from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
       as h (subject_id, field, old, new, at)
"""
_BACK = "update people_position set company_id = %s where company_id = %s and id = any(%s)"
_AGAIN = """
insert into people_position (id, person_id, company_id, title, buying_role, since, until, is_primary)
select r.id, r.person_id, r.company_id, r.title, r.buying_role, r.since, r.until,
       r.is_primary and not exists (select from people_position o where o.person_id = r.person_id and o.is_primary)
  from jsonb_populate_recordset(null::people_position, %s::jsonb) as r
  join people_person p on p.id = r.person_id and p.erased_at is null and p.merged_into_id is null
 where not exists (select from people_position o where o.id = r.id)
    on conflict do nothing
"""
_TOLD = """
insert into people_position (person_id, company_id, title, is_primary)
select n.person_id, n.company_id, n.title,
       not exists (select from people_position o where o.person_id = n.person_id and o.is_primary)
  from unnest(%s::bigint[], %s::bigint[], %s::text[]) as n (person_id, company_id, title)
  join people_person p on p.id = n.person_id and p.erased_at is null and p.merged_into_id is null
    on conflict (person_id, company_id) do nothing
"""


def part_firms(
    before: Mapping[str, Any],
    told: Sequence[FirmTold],
    *,
    survivor_id: int,
    loser_id: int,
    answers: Mapping[str, str],
    dry: bool = False,
) -> list[Question]:
    """Make two firms of one; what must be asked first is returned instead, and nothing is written.

    `before` is what `merge_firms` gave, `told` what inquiries said since, in order. Both must be locked. The number of
    statements does not depend on what they hold.
    """
    stood, ids = before["held"], {SURVIVOR: survivor_id, LOSER: loser_id}
    edits = [_edit(entry, loser_id, stood) for entry in fetch(_SINCE, [survivor_id, before["history"]])]
    firms = parted_firms({who: firm_held(rows).firm for who, rows in stood.items()}, told, edits, answers)
    today = firm_rows([survivor_id])[survivor_id]
    fresh, asked = _places(today["positions"], stood, told, answers)
    questions = [*firms.questions, *asked]
    if questions or dry:
        return questions
    _write_firms(firms, ids, stood[LOSER])
    _write_places(before, today["positions"], fresh, told, ids)
    _write_history(firms, before["history"], ids)
    return []


def _edit(entry: tuple[Any, ...], loser_id: int, stood: Mapping[str, Any]) -> Edit:
    entry_id, field, old, new, typed, at, actor, source, via_id = entry
    value = orjson.loads(typed) if typed else new
    sides = {loser_id: LOSER, **{i: who for who, rows in stood.items() for i in rows["shells"]}}
    return Edit(entry_id, field, old, new, value, at, actor, source, sides.get(via_id or 0, ""))


def _places(
    today: Sequence[Row], stood: Mapping[str, Any], told: Sequence[FirmTold], answers: Mapping[str, str]
) -> tuple[list[int], list[Question]]:
    """Ids of the places that came since and are the loser's, and questions about those of which nothing tells."""
    known = {row["id"] for rows in stood.values() for row in rows["positions"]}
    theirs = _sides(told)
    fresh, asked = [], []
    for row in today:
        if row["id"] in known:
            continue
        question = Question(
            key=f"place:{row['person_id']}", says="Somebody who came since", options=(SURVIVOR, LOSER),
            value=row["title"],
        )  # fmt: skip
        whose = theirs.get(row["person_id"]) or {answers.get(question.key, "")}
        if not whose & {SURVIVOR, LOSER}:
            asked.append(question)
        elif whose == {LOSER}:
            fresh.append(row["id"])
    return fresh, asked


def _sides(told: Iterable[FirmTold]) -> dict[int, set[str]]:
    sides: dict[int, set[str]] = {}
    for one in told:
        sides.setdefault(one.person_id, set()).add(one.who)
    return sides


def _write_firms(firms: FirmsApart, ids: Mapping[str, int], loser: Mapping[str, Any]) -> None:
    """The survivor gives its domain up before the loser stands for itself again."""
    write_firms({ids[who]: firm for who, firm in firms.firms.items()})
    run(
        f"update {COMPANY} c set merged_into_id = n.whole from unnest(%s::bigint[], %s::bigint[]) as n (id, whole)"
        " where c.id = n.id",
        [[ids[LOSER], *loser["shells"]], [None, *[ids[LOSER]] * len(loser["shells"])]],
    )
    run(
        f"update {COMPANY} set parent_id = %s where parent_id = %s and id = any(%s)",
        [ids[LOSER], ids[SURVIVOR], loser["below"]],
    )
    run(
        "update people_externalid set company_id = %s where company_id = %s and id = any(%s)",
        [ids[LOSER], ids[SURVIVOR], loser["external"]],
    )


def _write_places(
    before: Mapping[str, Any],
    today: Sequence[Row],
    fresh: Collection[int],
    told: Sequence[FirmTold],
    ids: Mapping[str, int],
) -> None:
    theirs = before["held"][LOSER]["positions"]
    standing = {row["id"]: row for row in today}
    bettered = [RowChange(**change) for change in before["bettered"]]
    write_changes(
        [
            RowChange(one.table, one.id, one.column, one.new, one.old)
            for one in bettered
            if one.id in standing and standing[one.id][one.column] == one.new
        ]
    )
    run(_BACK, [ids[LOSER], ids[SURVIVOR], [*(row["id"] for row in theirs), *fresh]])
    run(_AGAIN, [to_json(theirs) if theirs else "[]"])
    said = list(dict.fromkeys((one.person_id, ids[one.who]) for one in told))
    titles = {(one.person_id, ids[one.who]): one.title for one in reversed(told)}
    run(_TOLD, columns([(*pair, titles[pair]) for pair in said]) or [[], [], []])


def _write_history(firms: FirmsApart, mark: int, ids: Mapping[str, int]) -> None:
    run(_UNSAY, [ids[SURVIVOR], mark])
    entries = [(ids[who], field, old, new, at) for who, field, old, new, at in firms.history]
    run(_SAY, columns(entries) or [[]] * 5)
    part_history(firms.whose, ids[LOSER])
