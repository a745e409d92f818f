"""Companies, programmes and owners of an export: what people and deals hang on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from leadloop.capture.parse.places import country_code
from leadloop.identity import services as identity
from leadloop.identity.contracts import Candidate
from leadloop.ledger.contracts import Actor
from leadloop.loop.from_crm.humans import programme_key
from leadloop.loop.from_crm.shapes import Account, Brought, Export, Left
from leadloop.people.queries import companies as known_companies
from leadloop.people.services import change_company, own_companies
from leadloop.platform.queries import user_by_email, user_by_name
from leadloop.programmes import queries as programme_queries
from leadloop.programmes.contracts import Level, NewProgramme
from leadloop.programmes.services import create

_BATCH = 500
Owners = dict[str, tuple[int, int | None]]


def companies(export: Export, brought: Brought, *, actor: Actor, now: datetime) -> dict[str, int]:
    """Find or make the company of every account, with its parent; ids by the account's number."""
    named = [one for one in export.accounts.values() if one.name or one.website]
    found: dict[str, int] = {}
    for start in range(0, len(named), _BATCH):
        some = named[start : start + _BATCH]
        ids = identity.resolve_firms([_firm(ref, one) for ref, one in enumerate(some)], actor=actor, now=now)
        found |= {some[ref].key: company_id for ref, company_id in ids.items()}
    for one in export.accounts.values():
        if one.key not in found:
            export.left.append(Left("accounts", one.key, "it has neither name nor website"))
        elif one.parent and one.parent in found and found[one.parent] != found[one.key]:
            changes = {"parent_id": found[one.parent]}
            change_company(company_id=found[one.key], changes=changes, actor=actor, now=now, source=export.system)
    _give_owners(export, found, actor=actor, now=now)
    brought.new["companies"] = len(set(found.values()))
    return found


def _give_owners(export: Export, found: Mapping[str, int], *, actor: Actor, now: datetime) -> None:
    """Accounts that nobody looks after yet get the owner of the export, where that is somebody who works here."""
    users, standing = owners(export, 0), known_companies(set(found.values()))
    wanted: dict[int, set[int]] = {}
    for one in export.accounts.values():
        company_id = found.get(one.key)
        if one.owner in users and company_id is not None and standing[company_id].account_owner_id is None:
            wanted.setdefault(users[one.owner][0], set()).add(company_id)
    for owner_id, company_ids in sorted(wanted.items()):
        own_companies(company_ids, owner_id, actor=actor, now=now, source=export.system)


def _firm(ref: int, one: Account) -> Candidate:
    return Candidate(
        ref=ref,
        company_name=one.name,
        website=one.website,
        industry=one.industry,
        employees=int(one.employees) if one.employees.isdigit() else None,
        country=country_code(one.country) if one.country else "",
        city=one.city,
    )


def programmes(export: Export, owner_id: int, brought: Brought, *, actor: Actor, now: datetime) -> None:
    """A programme for every campaign that isn't one yet."""
    standing = {row.key for row in programme_queries.programmes().values()}
    users = owners(export, owner_id)
    new = [
        NewProgramme(
            key=programme_key(export.system, one.key),
            name=one.name or one.key,
            owner_id=users.get(one.owner, (owner_id, None))[0],
            starts_on=one.starts or now.date(),
            ends_on=one.ends if one.ends and (one.starts is None or one.ends >= one.starts) else None,
            level=Level.PROGRAMME,
        )
        for one in export.campaigns.values()
        if programme_key(export.system, one.key) not in standing
    ]
    if new:
        create(programmes=new, actor=actor, now=now)
    brought.new["programmes"] = len(new)
    brought.known["programmes"] = len(export.campaigns) - len(new)


def owners(export: Export, fallback: int) -> Owners:
    """Who the owners are here, by address and by name; those whom nobody is found for are left out."""
    found: Owners = {}
    for key, (name, address) in export.owners.items():
        user = (user_by_email(address) if address else None) or (user_by_name(name) if name else None)
        if user is not None and user.is_active:
            found[key] = (user.id, user.team_id)
    if fallback:
        found.setdefault("", (fallback, None))
    return found
