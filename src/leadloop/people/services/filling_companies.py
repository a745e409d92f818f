"""What further inquiries add to firms that are known, and what was found elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import NewCompany
from leadloop.people.facts import CompanyChanged
from leadloop.people.rules.changing import ATTRIBUTE, company_changes
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


def hold_companies(company_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Lock firms until the transaction ends, in the order of their ids; return their fields, "attributes.<key>" too."""
    if not company_ids:
        return {}
    found = fetch(f"{_LOAD} for no key update", [sorted(company_ids)])
    return {i: dict(zip(COLUMNS, values, strict=True)) | _own(attributes) for i, *values, attributes in found}


def set_company_fields(
    changes: Mapping[int, Mapping[str, Any]], *, actor: Actor, now: datetime, source: str
) -> dict[int, list[str]]:
    """Set fields of firms, by id, and return those that changed; fields and values as `change_company` takes them.

    None takes an own field away. For what somebody decided elsewhere: nothing is asked here of what it replaces.
    Raises Invalid for a field or value that doesn't fit. A constant number of queries.
    """
    clean = {company_id: company_changes(wanted) for company_id, wanted in sorted(changes.items()) if wanted}
    if not clean:
        return {}
    with transaction.atomic(savepoint=False):
        found = [(i, old, new) for i, old in _stored(list(clean)) if (new := _with(old, clean[i])) != old]
        _write([(i, new) for i, _, new in found])
        entries: list[Entry] = [("company", i, *change) for i, old, new in found for change in _differences(old, new)]
        write_history(entries, actor=actor, now=now, source=source)
        changed = {i: [field for field, _, _ in _differences(old, new)] for i, old, new in found}
        record([CompanyChanged(happened_at=now, company_id=i, fields=f) for i, f in changed.items()], actor=actor)
    return changed


def _stored(company_ids: Sequence[int]) -> Iterator[tuple[int, Firm]]:
    for i, *values, attributes in fetch(f"{_LOAD} for no key update", [company_ids]):
        yield i, Firm(dict(zip(COLUMNS, values, strict=True)), attributes)


def _with(firm: Firm, wanted: Mapping[str, Any]) -> Firm:
    own = {name.removeprefix(ATTRIBUTE): value for name, value in wanted.items() if name.startswith(ATTRIBUTE)}
    values = {**firm.values, **{name: value for name, value in wanted.items() if not name.startswith(ATTRIBUTE)}}
    return Firm(values, {key: value for key, value in {**firm.attributes, **own}.items() if value is not None})


def _differences(old: Firm, new: Firm) -> list[tuple[str, str, str]]:
    before, after = {**old.values, **_own(old.attributes)}, {**new.values, **_own(new.attributes)}
    return [
        (name, _text(before.get(name)), _text(after.get(name)))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _own(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {ATTRIBUTE + key: value for key, value in attributes.items()}


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
