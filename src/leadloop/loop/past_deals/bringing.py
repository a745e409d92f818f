"""A file of deals from its first row to the last fact, with the files that tell of products, accounts and teams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from leadloop.catalogue.queries import prices, products
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Actor, Lane
from leadloop.ledger.services import lane
from leadloop.loop.past_deals import around
from leadloop.loop.past_deals.asking import AUTO, amount_style
from leadloop.loop.past_deals.meaning import Meaning, match_products, match_stages
from leadloop.loop.past_deals.past import Meanings, past_deals
from leadloop.loop.past_deals.reading import DealFile, read_deals
from leadloop.platform.queries import company
from leadloop.selling.queries import pipeline_stages
from leadloop.selling.services import bring_in_deals


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was said beside the file: further files, and what its texts mean. `as_of` is the last day it knows.

    `days` and `amounts` are how those are written, where that is in doubt.
    """

    products: Path | None = None
    accounts: Path | None = None
    teams: Path | None = None
    product_names: Mapping[str, str]
    statuses: Mapping[str, str]
    owners: Mapping[str, int]
    currency: str | None = None
    as_of: date | None = None
    days: str | None = None
    amounts: str | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """How a file was understood, table by table."""

    file: DealFile
    shown: Mapping[str, tuple[Meaning, ...]]


@dataclass(frozen=True, slots=True)
class Brought:
    """What came in. Sums in minor units; `without_company` are the keys of deals whose file names no account."""

    rows: int
    new: int
    known: int
    won: int
    won_minor: int
    lost: int
    open: int
    currency: str
    people_added: int
    companies_added: int
    without_company: tuple[str, ...]
    without_opening_day: int


def understand(path: Path, given: Given) -> Understood:
    """How the file is understood with what stands here and in the further files; nothing is written."""
    file = read_deals(path, given.as_of, days=given.days)
    known = products() | around.products_to_come(given.products)
    _, product_words = match_products(file.texts("product"), known, given.product_names)
    _, stage_words = match_stages(file.texts("stage"), pipeline_stages(), given.statuses)
    owners = around.owner_words(file.texts("owner"), given.owners, given.teams)
    shown = {"Products": tuple(product_words), "Stages": tuple(stage_words), "Owners": owners}
    return Understood(file, {**shown, "Amounts": _amounts(file, given)})


def _amounts(file: DealFile, given: Given) -> tuple[Meaning, ...]:
    """How the longest amount is read, as an example for all."""
    currency = given.currency or company().currency
    texts = set(file.texts("amount")) - {""}
    if not texts:
        return ()
    style, sample = amount_style(texts, currency, given.amounts), max(texts, key=len)
    how = "as it says itself" if style == AUTO else f"like {style}"
    return (Meaning(sample, f"{Money.parse(sample, currency, style).decimal:f} {currency}", how, len(texts)),)


def bring_in(path: Path, given: Given, *, actor: Actor, now: datetime) -> Brought:
    """Bring the deals in, with whoever and whatever they need. The same file twice changes nothing.

    Raises Invalid for what can't be understood, before a deal is written. Facts travel on the bulk lane.
    """
    us = company()
    currency = given.currency or us.currency
    file = read_deals(path, given.as_of, days=given.days)
    style = amount_style(set(file.texts("amount")) - {""}, currency, given.amounts)
    with lane(Lane.BULK):
        around.add_products(given.products, currency, file, actor=actor, now=now)
        known = products()
        found, _ = match_products(file.texts("product"), known, given.product_names)
        strangers = sorted(text for text, row in found.items() if row is None and text)
        if strangers:
            raise Invalid(
                f"“{strangers[0]}” is not in the catalogue",
                field="product",
                mend=f"Say --product “{strangers[0]}=PRODUCT”, or give the products' file",
            )
        stages, _ = match_stages(file.texts("stage"), pipeline_stages(), given.statuses)
        owners, people = around.add_people(
            file.texts("owner"), given.owners, given.teams, zone=us.zone, actor=actor, now=now
        )
        firms, added = around.add_companies(file.texts("company"), given.accounts, actor=actor, now=now)
        listed = {
            pid: row.minor for (pid, monthly), row in prices(list(known), currency, file.as_of).items() if not monthly
        }
        meanings = Meanings(products=found, prices=listed, stages=stages, owners=owners, companies=firms)
        deals = past_deals(file, meanings, currency=currency, zone=us.zone, now=now, amounts=style)
        new = bring_in_deals(deals, actor=actor, now=now)
    count = Counter(str(deal.state) for deal in deals)
    return Brought(
        rows=len(deals),
        new=len(new),
        known=len(deals) - len(new),
        won=count["won"],
        won_minor=sum(deal.minor for deal in deals if deal.state == "won"),
        lost=count["lost"],
        open=count["open"],
        currency=currency,
        people_added=people,
        companies_added=added,
        without_company=tuple(deal.key for deal in deals if deal.company_id is None),
        without_opening_day=sum(row.opened is None for row in file.rows),
    )
