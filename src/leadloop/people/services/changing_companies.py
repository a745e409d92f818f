"""Changes to a firm by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch
from leadloop.people.facts import CompanyChanged, CompanyOwned
from leadloop.people.queries.companies import above, companies
from leadloop.people.rules.changing import ATTRIBUTE, company_changes
from leadloop.people.services.history import write_history
from leadloop.people.services.locking import lock_hierarchy
from leadloop.people.sql import run, to_json
from leadloop.platform.queries import users

_COLUMNS = (
    "name", "name_key", "website", "industry", "employees", "country", "city", "parent_id", "account_owner_id"
)  # fmt: skip
_LOAD = f"""
select {", ".join(_COLUMNS)}, attributes from people_company where id = %s and merged_into_id is null for no key update
"""
OWNER = "account_owner_id"
MOST_LEVELS = 10  # of a group of firms
_UPDATE = f"""
update people_company set {", ".join(f"{column} = %s" for column in _COLUMNS)}, attributes = %s::jsonb where id = %s
"""


def change_company(
    *, company_id: int, changes: Mapping[str, Any], actor: Actor, now: datetime, source: str = "by hand"
) -> dict[str, Any]:
    """Set fields of a firm and return the old values of those that changed. An id that was merged means the survivor.

    Fields: name, website, industry, employees, country, city, parent_id, account_owner_id, "attributes.<key>".
    Raises Invalid for a field or value that doesn't fit, NotFound for an unknown firm.
    """
    clean = company_changes(changes)
    with transaction.atomic():
        firm_id = _stands_for(company_id)
        clean |= _links(firm_id, clean)
        stored = _load(firm_id)
        changed = {name: value for name, value in clean.items() if value != stored.get(name)}
        before = {name: stored.get(name) for name in changed}
        if changed:
            _write(firm_id, {**stored, **changed})
            history = [("company", firm_id, n, _text(before[n]), _text(v)) for n, v in changed.items()]
            via_id = company_id if company_id != firm_id else None
            typed = [None if isinstance(v, str) else orjson.dumps(v).decode() for v in changed.values()]
            write_history(history, actor=actor, now=now, source=source, via_id=via_id, typed=typed)
            fact = CompanyChanged(happened_at=now, company_id=firm_id, fields=list(changed))
            record([fact, *_owned(firm_id, before, changed, now)], actor=actor)
    return {name: value for name, value in before.items() if name != "name_key"}


def _owned(company_id: int, before: Mapping[str, Any], changed: Mapping[str, Any], now: datetime) -> list[CompanyOwned]:
    if OWNER not in changed:
        return []
    return [CompanyOwned(happened_at=now, company_id=company_id, owner_id=changed[OWNER], before_id=before[OWNER])]


def _stands_for(company_id: int) -> int:
    known = companies([company_id])
    if not known:
        raise NotFound("There is no such firm.")
    return known[company_id].id


def _links(company_id: int, clean: Mapping[str, Any]) -> dict[str, int]:
    """Look whether owner and parent fit, and return the parent by the id it stands for now."""
    parent, owner = clean.get("parent_id"), clean.get("account_owner_id")
    if owner is not None and owner not in users([owner], active=True):
        raise Invalid("this is no active user", field="account_owner_id", mend="Choose somebody who works here")
    if parent is None:
        return {}
    lock_hierarchy()
    if (row := companies([parent]).get(parent)) is None:
        raise Invalid("there is no such firm", field="parent_id")
    line = above(row.id)
    if company_id in line:
        raise Invalid("a firm can't stand above itself", field="parent_id", mend="Choose another parent")
    if len(line) >= MOST_LEVELS:
        raise Invalid(
            f"{len(line)} firms stand above one another already", field="parent_id", mend="Choose one further up"
        )
    return {"parent_id": row.id}


def _load(company_id: int) -> dict[str, Any]:
    found = fetch(_LOAD, [company_id])
    if not found:
        raise Conflict("This firm has just been merged.", mend="Look at it again")
    *values, attributes = found[0]
    own = {ATTRIBUTE + key: value for key, value in attributes.items()}
    return {**dict(zip(_COLUMNS, values, strict=True)), **own}


def _write(company_id: int, values: Mapping[str, Any]) -> None:
    own = {
        name.removeprefix(ATTRIBUTE): value
        for name, value in values.items()
        if name.startswith(ATTRIBUTE) and value is not None
    }
    run(_UPDATE, [*(values[column] for column in _COLUMNS), to_json(own), company_id])


def _text(value: Any) -> str:
    return "" if value is None else str(value)
