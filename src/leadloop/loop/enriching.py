"""Between files, inquiries and enrichment: what is read of a file of firms, and whose firms are asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import orjson

from leadloop.capture.imports import table as tables
from leadloop.capture.parse.clean import is_blank, line
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.keys import field_of, squash
from leadloop.capture.parse.places import country_code
from leadloop.capture.parse.who import employees_in, website_in
from leadloop.enrichment import services as enrichment
from leadloop.enrichment.contracts import AccountIn
from leadloop.enrichment.queries import switched_on
from leadloop.identity.contracts import Candidate
from leadloop.identity.rules.keys import firm_domain
from leadloop.kernel.ids import sha256_hex
from leadloop.ledger.contracts import Actor, Event, by_system
from leadloop.loop.from_crm.shapes import Account, Export
from leadloop.people.queries import next_companies

ENRICHMENT = by_system("enrichment")
BATCH = 500
_REVENUE = frozenset(map(squash, ("revenue", "annual revenue", "turnover", "sales volume", "umsatz", "jahresumsatz",
                                  "chiffre d'affaires", "facturación")))  # fmt: skip
_DOMAIN = frozenset(map(squash, ("domain", "company domain", "domain name", "email domain", "web domain")))
_NAME = frozenset(map(squash, ("name", "account", "account name")))  # in a file of firms


def bring_file(path: Path, name: str, *, actor: Actor, now: datetime) -> int:
    """Keep a file of firms to be asked and return its id. Invalid for one that names none, or is no table."""
    table = tables.open_table(path, has_header=True)
    places = [_place(header) for header in table.headers]
    rows = [_account(dict(_told(places, cells)), f"row {number}") for number, cells in tables.rows(table)]
    return enrichment.keep_file(
        name=tables.safe_name(name), digest=tables.digest(path), rows=rows, actor=actor, now=now
    )


def keep_accounts(export: Export, *, label: str, actor: Actor, now: datetime) -> None:
    """Keep the firms of another system's export to be asked, where it says anything of them; the same ones once."""
    rows = [one for one in map(_of_export, export.accounts.values()) if one.values and (one.name or one.domain)]
    if rows:
        digest = sha256_hex(orjson.dumps([asdict(one) for one in rows]))
        enrichment.keep_file(name=label, digest=digest, rows=rows, actor=actor, now=now)


def of_inquiries(events: Sequence[Event]) -> list[int]:
    """The firms of inquiries that came through a portal which has them enriched. One query, none without a firm."""
    told = {(e.company_id, e.payload["portal_id"]) for e in events if e.company_id is not None}
    on = switched_on() if told else set()
    return sorted({company_id for company_id, portal_id in told if portal_id in on})


def of_the_day(company_ids: Collection[int], *, now: datetime) -> int:
    """Ask about firms that came in by themselves; returns how many values were written."""
    run_id = enrichment.run_of_day(actor=ENRICHMENT, now=now)
    return enrichment.enrich(company_ids, run_id=run_id, actor=ENRICHMENT, now=now)


def everybody(run_id: int, *, actor: Actor, now: datetime) -> int:
    """Ask about every firm, a batch per transaction; returns how many values were written. May be done again."""
    written, after = 0, 0
    while ids := next_companies(after, BATCH):
        written += enrichment.enrich(ids, run_id=run_id, actor=actor, now=now)
        after = ids[-1]
    return written


def _place(header: str) -> str:
    """What a column of a file of firms holds, "" for what is not asked for."""
    own = squash(header)
    for known, place in ((_REVENUE, "attributes.revenue"), (_DOMAIN, "domain"), (_NAME, str(Field.COMPANY))):
        if own in known:
            return place
    return str(field_of(header) or "")


def _told(places: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Backwards, so that of two columns of one kind the first counts."""
    for place, cell in reversed(list(zip(places, cells, strict=False))):
        text = cell.strip()
        if place and not is_blank(text):
            yield place, text


def _account(told: Mapping[str, str], place: str) -> AccountIn:
    name, website = line(told.get(Field.COMPANY, "")), website_in(told.get(Field.WEBSITE, ""))
    country = country_code(line(told.get(Field.COUNTRY, ""), 60))
    values: dict[str, str | int | None] = {
        "industry": line(told.get(Field.INDUSTRY, "")),
        "employees": employees_in(told.get(Field.EMPLOYEES, "")),
        "country": country,
        "city": line(told.get(Field.CITY, "")),
        "website": website,
        "attributes.revenue": line(told.get("attributes.revenue", "")),
    }
    return AccountIn(
        place=place,
        name=name,
        domain=firm_domain(Candidate(ref=0, domain=line(told.get("domain", "")) or None, website=website)),
        country=country,
        values={field: value for field, value in values.items() if value is not None and value != ""},
    )


def _of_export(one: Account) -> AccountIn:
    told = {
        Field.COMPANY: one.name,
        Field.WEBSITE: one.website,
        Field.INDUSTRY: one.industry,
        Field.EMPLOYEES: one.employees,
        Field.CITY: one.city,
        Field.COUNTRY: one.country,
    }
    return _account({str(field): text for field, text in told.items()}, f"account {one.key}")
