"""Every column that holds a company's id moves with a merge or is resolved by who reads it; none is forgotten."""

from __future__ import annotations

from leadloop.ledger.sql import fetch
from tests.stories.house import House
from tests.stories.test_merging_companies import NORTH, SOUTH, World

MOVES = {  # a merge leaves no row of the old id in these, and parting the two gives it back
    ("people_position", "company_id"),
    ("people_externalid", "company_id"),
    ("people_company", "parent_id"),
    ("people_company", "merged_into_id"),
    ("identity_companykey", "company_id"),
    ("leads_lead", "company_id"),
    ("selling_opportunity", "company_id"),
}
RESOLVED = {  # keep the id of then: read by all ids of a company, or through the survivor
    ("ledger_event", "company_id"),
    ("people_fieldhistory", "subject_id"),
    ("enrichment_change", "company_id"),
    ("identity_companymerge", "survivor_id"),
    ("identity_companymerge", "loser_id"),
    ("identity_companypair", "low_id"),
    ("identity_companypair", "high_id"),
}
NO_COMPANY = {  # a person, or a lead, a deal, a mailing or an import
    ("people_person", "merged_into_id"),
    ("loop_notice", "subject_id"),
    ("identity_alias", "survivor_id"),
    ("identity_mergejournal", "survivor_id"),
    ("identity_mergejournal", "loser_id"),
    ("identity_nevermerge", "low_id"),
    ("identity_nevermerge", "high_id"),
    ("identity_suggestion", "low_id"),
    ("identity_suggestion", "high_id"),
}
_COLUMNS = """
select c.table_name, c.column_name
  from information_schema.columns c
  join information_schema.tables t using (table_schema, table_name)
 where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.data_type in ('bigint', 'integer')
   and (c.column_name ~ 'company|firm_id|survivor|loser|merged_into|^(low|high)_id' or
        (c.table_name, c.column_name) in (
            select r.conrelid::regclass::text, a.attname
              from pg_constraint r join pg_attribute a on a.attrelid = r.conrelid and a.attnum = any(r.conkey)
             where r.contype = 'f' and r.confrelid = 'people_company'::regclass)
        or c.column_name = 'subject_id')
"""


def test_each_column_says_what_a_merge_does_with_it(db: None) -> None:
    """A new column has to be put into one of the sets: it moves, or whoever reads it asks for the survivor."""
    assert set(fetch(_COLUMNS)) == MOVES | RESOLVED | NO_COMPANY


def test_what_moves_has_moved_and_comes_back(house: House) -> None:
    world = World(house)
    world.writes("ann", NORTH)
    world.writes("bo", SOUTH)
    world.deal(SOUTH)
    south = world.firm(SOUTH)
    held = {place: _count(place, south) for place in MOVES}
    merged = world.join()
    assert {place: _count(place, south) for place in MOVES} == dict.fromkeys(MOVES, 0)
    world.part(merged)
    assert {place: _count(place, south) for place in MOVES} == held


def _count(place: tuple[str, str], company_id: int) -> int:
    table, column = place
    ((rows,),) = fetch(f"select count(*) from {table} where {column} = %s", [company_id])
    return int(rows)
