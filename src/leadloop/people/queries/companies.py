"""Firms as others see them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from leadloop.ledger.sql import fetch
from leadloop.people.contracts import CompanyRow

COMPANY = """
select id, name, domain, website, industry, employees, country, city, parent_id, account_owner_id, attributes
  from people_company
"""


def companies(ids: Collection[int]) -> dict[int, CompanyRow]:
    """Firms by id; unknown ids are left out. One query."""
    if not ids:
        return {}
    return {row[0]: company_row(*row) for row in fetch(f"{COMPANY} where id = any(%s)", [list(ids)])}


def company_row(*values: Any) -> CompanyRow:
    """From a row of the query above."""
    *plain, attributes = values
    return CompanyRow(*[*plain, attributes])


def next_companies(after: int, limit: int) -> list[int]:
    """The next ids of firms behind one, ascending: to go through all of them. One query."""
    found = fetch("select id from people_company where id > %s order by id limit %s", [after, limit])
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


def accounts_of(user_ids: Collection[int]) -> dict[int, int]:
    """How many accounts each of these users owns; users without any are left out. One query."""
    found = fetch(
        "select account_owner_id, count(*) from people_company where account_owner_id = any(%s) group by 1",
        [list(user_ids)],
    )
    return dict(found)
