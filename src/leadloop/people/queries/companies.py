"""Firms as others see them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from leadloop.ledger.sql import fetch
from leadloop.people.contracts import CompanyRow, NamesakeRow

_COLUMNS = "id, name, domain, website, industry, employees, country, city, parent_id, account_owner_id, attributes"
COMPANY = f"select {_COLUMNS} from people_company"
_STANDS = f"""
select asked.id, {", ".join(f"c.{name}" for name in _COLUMNS.split(", "))}
  from people_company asked join people_company c on c.id = coalesce(asked.merged_into_id, asked.id)
 where asked.id = any(%s)
"""
_ABOVE = """
with recursive above (id, parent_id, height) as (
    select id, parent_id, 0 from people_company where id = %s
     union all
    select c.id, c.parent_id, a.height + 1 from above a join people_company c on c.id = a.parent_id where a.height < 50
) select id from above order by height
"""


_AMONG = """
with recursive asked (id) as (
    select a.id from unnest(%s::bigint[]) as a (id)
     where exists (select from people_company where account_owner_id is not null)
), candidate (asked_id, id, domain) as (
    select c.id, o.id, o.domain
      from asked join people_company c on c.id = asked.id
     cross join lateral (
           select c.id, c.domain
            union
           (select n.id, n.domain from people_company n
             where n.name_key = c.name_key and c.name_key <> '' and n.merged_into_id is null order by n.id limit 20)) o
), above (id, parent_id, account_owner_id, height) as (
    select c.id, c.parent_id, c.account_owner_id, 0
      from people_company c where c.id in (select candidate.id from candidate)
     union all
    select a.id, c.parent_id, c.account_owner_id, a.height + 1
      from above a join people_company c on c.id = a.parent_id
     where a.account_owner_id is null and a.height < 20
)
select t.asked_id, t.id, t.domain, w.account_owner_id
  from candidate t
  left join (select distinct on (id) id, account_owner_id from above
              where account_owner_id is not null order by id, height) w on w.id = t.id
 order by t.asked_id, t.id <> t.asked_id, t.id
"""


def companies(ids: Collection[int]) -> dict[int, CompanyRow]:
    """Firms by the id asked for; one that was merged shows the survivor. Unknown ids are left out. One query."""
    if not ids:
        return {}
    return {asked: company_row(*row) for asked, *row in fetch(_STANDS, [list(ids)])}


def own_company_names(ids: Collection[int]) -> dict[int, str]:
    """The name that each row itself has, also one that was merged. One query."""
    return dict(fetch("select id, name from people_company where id = any(%s)", [list(ids)]))


def company_ids(ids: Collection[int]) -> dict[int, list[int]]:
    """For every firm that stands for itself all its ids, its own first. One query."""
    found = fetch(
        """
        select asked.id, array(select s.id from people_company s where s.merged_into_id = asked.id order by s.id)
          from unnest(%s::bigint[]) as asked (id)
        """,
        [list(ids)],
    )
    return {company_id: [company_id, *old] for company_id, old in found}


def company_namesakes(company_id: int, limit: int = 50) -> list[int]:
    """Firms whose name is this one's but for the legal form, or like it, the likest first. One query."""
    found = fetch(
        """
        select o.id from people_company c
          join people_company o on o.merged_into_id is null and o.id <> c.id
           and (o.name %% c.name or (o.name_key = c.name_key and c.name_key <> ''))
         where c.id = %s
         order by o.name_key = c.name_key desc, similarity(o.name, c.name) desc, o.id limit %s
        """,
        [company_id, limit],
    )
    return [one for (one,) in found]


def above(company_id: int) -> list[int]:
    """The firm and those above it, upwards; empty for an unknown one. One query."""
    return [one for (one,) in fetch(_ABOVE, [company_id])]


def company_row(*values: Any) -> CompanyRow:
    """From a row of the query above."""
    *plain, attributes = values
    return CompanyRow(*[*plain, attributes])


def next_companies(after: int, limit: int) -> list[int]:
    """The next ids of firms behind one, ascending: to go through all of them. One query."""
    found = fetch(
        "select id from people_company where id > %s and merged_into_id is null order by id limit %s", [after, limit]
    )
    return [company_id for (company_id,) in found]


def company_told_last(company_ids: Collection[int]) -> dict[tuple[int, str], datetime]:
    """When each field of these firms was changed last; what stands since the first is left out. One query."""
    if not company_ids:
        return {}
    found = fetch(
        """
        select distinct on (subject_id, field) subject_id, field, at from people_fieldhistory
         where subject = 'company' and subject_id = any(%s) order by subject_id, field, at desc, id desc
        """,
        [list(company_ids)],
    )
    return {(company_id, field): at for company_id, field, at in found}


def stands_between(one_id: int, other_id: int) -> bool:
    """Whether one stands above the other with a third between them: no group could hold that. Two queries."""
    return any(a in above(b)[2:] for a, b in ((one_id, other_id), (other_id, one_id)))


def group_of(company_id: int) -> list[int]:
    """Every firm of the group that a firm is of, from the top downwards, itself among them. One query."""
    found = fetch(
        """
        with recursive up (id, parent_id, height) as (
            select id, parent_id, 0 from people_company where id = %s
             union all
            select c.id, c.parent_id, u.height + 1 from up u join people_company c on c.id = u.parent_id
             where u.height < 50
        ), down (id, depth) as (
            (select id, 0 from up order by height desc limit 1)
             union all
            select c.id, d.depth + 1 from down d join people_company c on c.parent_id = d.id
             where c.merged_into_id is null and d.depth < 50
        ) select id from down order by depth, id
        """,
        [company_id],
    )
    return [one for (one,) in found]


def below(company_id: int, limit: int = 20) -> list[CompanyRow]:
    """The firms right below one, by name. One query."""
    found = fetch(f"{COMPANY} where parent_id = %s order by name, id limit %s", [company_id, limit])
    return [company_row(*row) for row in found]


def account_owners(company_ids: Collection[int]) -> dict[int, int]:
    """Who owns the account, by firm: its own owner, else the nearest one above it. One query."""
    if not company_ids:
        return {}
    found = fetch(
        """
        with recursive above (id, at_id, parent_id, account_owner_id, height) as (
            select id, id, parent_id, account_owner_id, 0 from people_company where id = any(%s)
             union all
            select a.id, c.id, c.parent_id, c.account_owner_id, a.height + 1
              from above a join people_company c on c.id = a.parent_id
             where a.account_owner_id is null and a.height < 20
        )
        select distinct on (id) id, account_owner_id from above
         where account_owner_id is not null order by id, height
        """,
        [list(company_ids)],
    )
    return dict(found)


def accounts_among(company_ids: Collection[int]) -> dict[int, list[NamesakeRow]]:
    """Of these firms those that somebody looks after, or one of the same name, each with all these, itself first.

    One query, which ends at once where no account has an owner.
    """
    if not company_ids:
        return {}
    found: dict[int, list[NamesakeRow]] = {}
    for asked, *row in fetch(_AMONG, [list(company_ids)]):
        found.setdefault(asked, []).append(NamesakeRow(*row))
    return {asked: rows for asked, rows in found.items() if any(row.owner_id is not None for row in rows)}


def accounts_of(user_ids: Collection[int]) -> dict[int, int]:
    """How many accounts each of these users owns; users without any are left out. One query."""
    found = fetch(
        "select account_owner_id, count(*) from people_company where account_owner_id = any(%s) group by 1",
        [list(user_ids)],
    )
    return dict(found)
