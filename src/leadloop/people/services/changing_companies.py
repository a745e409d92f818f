"""Changes to a firm by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.kernel.errors import Invalid, NotFound
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch
from leadloop.people.facts import CompanyChanged
from leadloop.people.rules.changing import ATTRIBUTE, company_changes
from leadloop.people.services.history import write_history
from leadloop.people.sql import run, to_json
from leadloop.platform.queries import users

_COLUMNS = (
    "name", "name_key", "website", "industry", "employees", "country", "city", "parent_id", "account_owner_id"
)  # fmt: skip
_LOAD = f"select {', '.join(_COLUMNS)}, attributes from people_company where id = %s for no key update"
_UPDATE = f"""
update people_company set {", ".join(f"{column} = %s" for column in _COLUMNS)}, attributes = %s::jsonb where id = %s
"""
_ABOVE = """
with recursive above (id, parent_id) as (
    select id, parent_id from people_company where id = %s
     union select c.id, c.parent_id from people_company c join above on c.id = above.parent_id
) select id from above
"""


def change_company(
    *, company_id: int, changes: Mapping[str, Any], actor: Actor, now: datetime, source: str = "by hand"
) -> dict[str, Any]:
    """Set fields of a firm and return the old values of those that changed.

    Fields: name, website, industry, employees, country, city, parent_id, account_owner_id, "attributes.<key>".
    Raises Invalid for a field or value that doesn't fit, NotFound for an unknown firm.
    """
    clean = company_changes(changes)
    with transaction.atomic():
        _check_links(company_id, clean)
        stored = _load(company_id)
        changed = {name: value for name, value in clean.items() if value != stored.get(name)}
        before = {name: stored.get(name) for name in changed}
        if changed:
            _write(company_id, {**stored, **changed})
            history = [("company", company_id, n, _text(before[n]), _text(v)) for n, v in changed.items()]
            write_history(history, actor=actor, now=now, source=source)
            fact = CompanyChanged(happened_at=now, company_id=company_id, fields=list(changed))
            record([fact], actor=actor)
    return {name: value for name, value in before.items() if name != "name_key"}


def _check_links(company_id: int, clean: Mapping[str, Any]) -> None:
    parent, owner = clean.get("parent_id"), clean.get("account_owner_id")
    if parent is not None:
        above = {one for (one,) in fetch(_ABOVE, [parent])}
        if not above:
            raise Invalid("there is no such firm", field="parent_id")
        if company_id in above:
            raise Invalid("a firm can't stand above itself", field="parent_id", mend="Choose another parent")
    if owner is not None and owner not in users([owner], active=True):
        raise Invalid("this is no active user", field="account_owner_id", mend="Choose somebody who works here")


def _load(company_id: int) -> dict[str, Any]:
    found = fetch(_LOAD, [company_id])
    if not found:
        raise NotFound("There is no such firm.")
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
