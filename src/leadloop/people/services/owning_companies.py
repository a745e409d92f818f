"""Who looks after which accounts, and who is who in a firm's buying group: many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import Actor
from leadloop.ledger.facts import Fact
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch
from leadloop.people.facts import CompanyChanged, CompanyOwned, PersonChanged
from leadloop.people.rules.changing import person_changes
from leadloop.people.services.changing_companies import OWNER
from leadloop.people.services.history import write_history
from leadloop.people.services.locking import lock_to_change
from leadloop.people.sql import run
from leadloop.platform.queries import users

_STANDING = """
select id, account_owner_id from people_company
 where id = any(%s) and merged_into_id is null and account_owner_id is distinct from %s::bigint
 order by id for no key update
"""
_OWN = "update people_company set account_owner_id = %s where id = any(%s)"
_ROLES = "select person_id, buying_role from people_position where company_id = %s and person_id = any(%s)"
_SET_ROLES = """
update people_position o set buying_role = n.role
  from unnest(%s::bigint[], %s::text[]) as n (person_id, role)
 where o.company_id = %s and o.person_id = n.person_id
"""


def own_companies(
    company_ids: Collection[int], owner_id: int | None, *, actor: Actor, now: datetime, source: str = "by hand"
) -> list[int]:
    """Give accounts an owner, None for nobody, and return those that had another. A constant number of statements.

    Raises Invalid unless the owner works here.
    """
    if owner_id is not None and owner_id not in users([owner_id], active=True):
        raise Invalid("this is no active user", field=OWNER, mend="Choose somebody who works here")
    with transaction.atomic():
        before = dict(fetch(_STANDING, [sorted(company_ids), owner_id]))
        run(_OWN, [owner_id, sorted(before)])
        entries = [("company", i, OWNER, _text(old), _text(owner_id)) for i, old in before.items()]
        write_history(entries, actor=actor, now=now, source=source, typed=[_json(owner_id)] * len(entries))
        facts: list[Fact] = [CompanyChanged(happened_at=now, company_id=i, fields=[OWNER]) for i in before]
        facts += (
            CompanyOwned(happened_at=now, company_id=i, owner_id=owner_id, before_id=old) for i, old in before.items()
        )
        record(facts, actor=actor)
    return sorted(before)


def set_buying_roles(company_id: int, roles: Mapping[int, str], *, actor: Actor, now: datetime) -> list[int]:
    """Say who is who in a firm's buying group, by person, and return the persons whose role changed.

    People who have no place there are left out. A constant number of statements. Raises Invalid for an unknown role.
    """
    wanted = {person_id: person_changes({"buying_role": role})["buying_role"] for person_id, role in roles.items()}
    with transaction.atomic():
        standing = lock_to_change(sorted(wanted))
        before = dict(fetch(_ROLES, [company_id, sorted(standing)]))
        changed = {i: wanted[i] for i, role in sorted(before.items()) if wanted[i] != role}
        run(_SET_ROLES, [list(changed), list(changed.values()), company_id])
        entries = [("person", i, "buying_role", before[i], role) for i, role in changed.items()]
        write_history(entries, actor=actor, now=now, source="by hand")
        record(
            [
                PersonChanged(happened_at=now, person_id=i, company_id=company_id, fields=["buying_role"])
                for i in changed
            ],
            actor=actor,
        )
    return sorted(changed)


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _json(value: int | None) -> str:
    return "null" if value is None else str(value)
