"""Every column that holds a person's id either moves with a merge or is resolved by who reads it; none is forgotten."""

from __future__ import annotations

from leadloop.ledger.sql import fetch
from tests.stories.house import House
from tests.stories.test_merging import World

MOVES = {  # a merge leaves no row of the old id in these, and an unmerge gives it back
    ("people_person", "merged_into_id"),
    ("people_contactpoint", "person_id"),
    ("people_position", "person_id"),
    ("people_consent", "person_id"),
    ("people_externalid", "person_id"),
    ("identity_matchkey", "person_id"),
    ("identity_alias", "survivor_id"),
    ("leads_lead", "person_id"),
    ("capture_inquiry", "person_id"),
    ("selling_opportunity", "person_id"),
}
RESOLVED = {  # keep the id of then: read by all ids of a person, or through the survivor
    ("people_consent", "via_id"),
    ("people_confirmation", "person_id"),
    ("people_fieldhistory", "subject_id"),
    ("people_fieldhistory", "via_id"),
    ("people_tombstone", "person_id"),
    ("identity_matchdecision", "person_id"),
    ("identity_alias", "old_id"),
    ("identity_mergejournal", "survivor_id"),
    ("identity_mergejournal", "loser_id"),
    ("identity_nearkey", "person_id"),
    ("identity_suggestion", "low_id"),  # follow the survivor, but for that of the two themselves
    ("identity_suggestion", "high_id"),
    ("capture_visit", "person_id"),
    ("capture_visitor", "person_id"),
    ("identity_nevermerge", "low_id"),
    ("identity_nevermerge", "high_id"),
    ("ledger_event", "person_id"),
    ("ledger_parked", "person_id"),
    ("nurture_enrolment", "person_id"),
    ("outreach_message", "person_id"),
    ("outreach_message", "about_person_id"),
    ("mailing_recipient", "person_id"),
    ("selling_activity", "person_id"),
    ("tracking_forgotten", "person_id"),
}
NO_PERSON = {  # a company, a lead, a deal, a mailing or an import; and how many were merged
    ("people_company", "merged_into_id"),
    ("identity_companymerge", "survivor_id"),
    ("identity_companymerge", "loser_id"),
    ("identity_companypair", "low_id"),
    ("identity_companypair", "high_id"),
    ("loop_notice", "subject_id"),
    ("identity_batchpass", "merged"),
}
_COLUMNS = """
select c.table_name, c.column_name
  from information_schema.columns c
  join information_schema.tables t using (table_schema, table_name)
 where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.data_type in ('bigint', 'integer')
   and (c.column_name ~ 'person|survivor|loser|merged|(^|_)via_id|^(old|low|high)_id' or
        (c.table_name, c.column_name) in (
            select r.conrelid::regclass::text, a.attname
              from pg_constraint r join pg_attribute a on a.attrelid = r.conrelid and a.attnum = any(r.conkey)
             where r.contype = 'f' and r.confrelid = 'people_person'::regclass)
        or c.column_name = 'subject_id')
"""


def test_each_column_says_what_a_merge_does_with_it(db: None) -> None:
    """A new column has to be put into one of the two sets: it moves, or whoever reads it asks for all ids."""
    assert set(fetch(_COLUMNS)) == MOVES | RESOLVED | NO_PERSON


def test_what_moves_has_moved_and_comes_back(house: House) -> None:
    world = World(house)
    world.writes("third")
    world.writes("shadow", phone="+49 30 5550123", company="Acme", consent="yes", consent_wording="Yes")
    world.writes("anna")
    world.join("shadow", "third")
    shadow = world.person("shadow")
    held = {place: _count(place, shadow) for place in MOVES}
    merged = world.join("anna", "shadow")
    assert {place: _count(place, shadow) for place in MOVES} == dict.fromkeys(MOVES, 0)
    world.part(merged)
    assert {place: _count(place, shadow) for place in MOVES} == held


def _count(place: tuple[str, str], person_id: int) -> int:
    table, column = place
    ((rows,),) = fetch(f"select count(*) from {table} where {column} = %s", [person_id])
    return int(rows)
