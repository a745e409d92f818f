"""Whoever and whatever deals need to come in: products, people with their teams, companies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from leadloop.catalogue import services as catalogue
from leadloop.catalogue.contracts import NewFamily, NewPrice, NewProduct, ProductRow
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money
from leadloop.kernel.text import company_key
from leadloop.ledger.contracts import Actor
from leadloop.loop.past_deals.meaning import Meaning
from leadloop.loop.past_deals.reading import DealFile, records
from leadloop.people.contracts import NewCompany
from leadloop.people.queries import search_companies
from leadloop.people.services import change_company, remember_companies
from leadloop.platform.contracts import UserRow
from leadloop.platform.queries import user_by_name, users
from leadloop.platform.services import add_user, change_user, save_team

DOMAIN = "import.example"  # of people whose file has no address; nobody can sign in with it
MOST_ALIKE = 500  # companies that share a word and are looked through
KNOWN = ("account", "sector", "employees", "office_location", "subsidiary_of")

Owners = dict[str, tuple[int, int | None]]


def products_to_come(path: Path | None) -> dict[int, ProductRow]:
    """The products of a file as they will be known, under ids of their own below nought."""
    rows = [] if path is None else list(records(path))
    return {
        -i: ProductRow(id=-i, family_id=0, sku=row["product"], name=row["product"], unit="piece", is_active=True)
        for i, row in enumerate(rows, start=1)
    }


def add_products(path: Path | None, currency: str, file: DealFile, *, actor: Actor, now: datetime) -> None:
    """Add families, products and list prices of a file; the prices hold from before its first deal."""
    rows = [] if path is None else list(records(path))
    if not rows:
        return
    families = {row.get("series") or "Products": _slug(row.get("series") or "products") for row in rows}
    ids = catalogue.add_family(families=[NewFamily(key, name) for name, key in families.items()], actor=actor, now=now)
    known = catalogue.add_product(
        products=[
            NewProduct(row["product"], row["product"], ids[families[row.get("series") or "Products"]]) for row in rows
        ],
        actor=actor,
        now=now,
    )
    days = [day for row in file.rows for day in (row.opened, row.closed) if day]
    first = min(days, default=file.as_of) - timedelta(days=1)
    priced = [
        NewPrice(known[row["product"]], currency, Money.parse(row["sales_price"], currency).minor, first)
        for row in rows
        if row.get("sales_price")
    ]
    catalogue.set_price(prices=priced, actor=actor, now=now)


def owner_words(texts: Mapping[str, int], said: Mapping[str, int], teams: Path | None) -> tuple[Meaning, ...]:
    """Who each owner is here, or will be."""
    named = {row["sales_agent"] for row in _agents(teams)}
    shown = []
    for text, rows in sorted(texts.items()):
        if text in said or user_by_name(text):
            shown.append(Meaning(text, text, "as you said" if text in said else "by name", rows))
        else:
            shown.append(
                Meaning(text, text if text in named else "", "will be added" if text in named else "nobody", rows)
            )
    return tuple(shown)


def add_people(
    texts: Mapping[str, int], said: Mapping[str, int], teams: Path | None, *, zone: str, actor: Actor, now: datetime
) -> tuple[Owners, int]:
    """Users with their teams for every owner of the file, and how many were added, without a password.

    Raises Invalid for an owner whom neither the company nor the teams' file knows.
    """
    added = 0
    managers: dict[str, int] = {}
    agents = {row["sales_agent"]: row for row in _agents(teams)}
    for row in agents.values():
        manager = row.get("manager", "")
        if manager and manager not in managers:
            user, new = _user(manager, "sales_manager", None, zone, actor, now)
            name = f"{row.get('regional_office', '')}: {manager}".removeprefix(": ")
            managers[manager] = save_team(key=_slug(manager), name=name, manager_id=user.id, actor=actor, now=now)
            change_user(user_id=user.id, changes={"team_id": managers[manager]}, actor=actor, now=now)
            added += new
    found: Owners = {}
    for text in texts:
        if text in said:
            row_of = users([said[text]])[said[text]]
        elif text in agents:
            team = managers.get(agents[text].get("manager", ""))
            row_of, new = _user(text, "salesperson", team, zone, actor, now)
            added += new
        else:
            known = user_by_name(text)
            if known is None:
                raise Invalid(
                    f"Nobody here is called {text or '(empty)'}",
                    field="owner",
                    mend="Say --owner NAME=EMAIL, or give the teams' file",
                )
            row_of = known
        found[text] = (row_of.id, row_of.team_id)
    return found, added


def add_companies(
    texts: Mapping[str, int], accounts: Path | None, *, actor: Actor, now: datetime
) -> tuple[dict[str, int], int]:
    """A company for every account of the file, known ones by their name, and how many were added."""
    told = {row["account"]: row for row in ([] if accounts is None else records(accounts))}
    wanted = [name for name in dict.fromkeys([*texts, *told]) if name]
    found = {name: known for name in wanted if (known := _known_company(name)) is not None}
    new = [name for name in wanted if name not in found]
    firms = [_firm(ref, name, told.get(name, {})) for ref, name in enumerate(new)]
    ids = remember_companies(firms, actor=actor, now=now)
    found |= {name: ids[ref] for ref, name in enumerate(new)}
    for name in new:
        parent = told.get(name, {}).get("subsidiary_of", "")
        if parent in found:
            change_company(company_id=found[name], changes={"parent_id": found[parent]}, actor=actor, now=now)
    return found, len(new)


def _firm(ref: int, name: str, told: Mapping[str, str]) -> NewCompany:
    count = told.get("employees", "")
    return NewCompany(
        ref=ref,
        name=name,
        name_key=company_key(name),
        industry=told.get("sector", ""),
        employees=int(count) if count.isdigit() else None,
        attributes={key: value for key, value in told.items() if value and key not in KNOWN}
        | ({"office_location": told["office_location"]} if told.get("office_location") else {}),
    )


def _known_company(name: str) -> int | None:
    key = company_key(name)
    longest = max(name.split(), key=len)
    return next((one.id for one in search_companies(longest, limit=MOST_ALIKE) if company_key(one.name) == key), None)


def _user(name: str, role: str, team_id: int | None, zone: str, actor: Actor, now: datetime) -> tuple[UserRow, bool]:
    known = user_by_name(name)
    if known is not None:
        return known, False
    address = f"{_slug(name).replace('-', '.')}@{DOMAIN}"
    user_id = add_user(email=address, name=name, roles=[role], team_id=team_id, zone=zone, actor=actor, now=now)
    return users([user_id])[user_id], True


def _agents(path: Path | None) -> list[dict[str, str]]:
    return [] if path is None else [row for row in records(path) if row.get("sales_agent")]


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:50] or "x"
