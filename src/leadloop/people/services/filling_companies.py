"""What further inquiries add to firms that are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import NewCompany
from leadloop.people.facts import CompanyChanged
from leadloop.people.rules.firms import COLUMNS, Firm, filled, told_together
from leadloop.people.services.history import Entry, write_history
from leadloop.people.sql import run, to_json

_LOAD = f"select id, {', '.join(COLUMNS)}, attributes from people_company where id = any(%s) order by id"
_UPDATE = f"""
update people_company c
   set {", ".join(f"{column} = n.{column}" for column in COLUMNS)}, attributes = n.attributes::jsonb
  from unnest(%s::bigint[], {", ".join("%s::int[]" if c == "employees" else "%s::text[]" for c in COLUMNS)}, %s::text[])
       as n (id, {", ".join(COLUMNS)}, attributes)
 where c.id = n.id
"""


def fill_in_companies(
    companies: Sequence[tuple[int, NewCompany]], *, actor: Actor, now: datetime, source: str
) -> dict[int, list[str]]:
    """Add what (company id, company) pairs tell and is not yet known; return the changed fields by company.

    Never overwrites, but for a name that was only the domain until now. What is known already is only read.
    """
    told = told_together(companies)
    if not told:
        return {}
    with transaction.atomic(savepoint=False):
        first_look = _news(told, _LOAD)
        if not first_look:
            return {}
        found = _news({i: told[i] for i, _, _ in first_look}, f"{_LOAD} for no key update")
        _write([(company_id, new) for company_id, _, new in found])
        history = [entry for one in found for entry in _history(*one)]
        write_history(history, actor=actor, now=now, source=source)
        changed = {company_id: _changed(old, new) for company_id, old, new in found}
        record([CompanyChanged(happened_at=now, company_id=i, fields=f) for i, f in changed.items()], actor=actor)
    return changed


def _news(told: dict[int, NewCompany], load: str) -> list[tuple[int, Firm, Firm]]:
    """Return (id, as it stands, as it will stand) of the firms that have news, in the order of their ids."""
    both = []
    for company_id, *values, attributes in fetch(load, [list(told)]):
        stands = Firm(dict(zip(COLUMNS, values, strict=True)), attributes)
        both.append((company_id, stands, filled(stands, told[company_id])))
    return [(company_id, old, new) for company_id, old, new in both if old != new]


def _write(found: Sequence[tuple[int, Firm]]) -> None:
    if found:
        columns = [[firm.values[column] for _, firm in found] for column in COLUMNS]
        run(_UPDATE, [[i for i, _ in found], *columns, [to_json(firm.attributes) for _, firm in found]])


def _changed(old: Firm, new: Firm) -> list[str]:
    fields = [column for column in COLUMNS if old.values[column] != new.values[column]]
    return fields + [f"attributes.{key}" for key in new.attributes if key not in old.attributes]


def _history(company_id: int, old: Firm, new: Firm) -> list[Entry]:
    return [
        ("company", company_id, column, _text(old.values[column]), _text(new.values[column]))
        for column in COLUMNS
        if old.values[column] != new.values[column]
    ]


def _text(value: Any) -> str:
    return "" if value is None else str(value)
