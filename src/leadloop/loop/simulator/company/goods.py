"""What the demo company sells, at which prices, and what money is worth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from leadloop.catalogue import services as catalogue
from leadloop.catalogue.contracts import NewFamily, NewPrice, NewProduct, NewTerm
from leadloop.content.contracts import NewAsset
from leadloop.content.services import add_asset
from leadloop.ledger.contracts import Actor
from leadloop.loop.simulator.company.staff import DOMAIN
from leadloop.loop.simulator.dice import dice
from leadloop.platform.contracts import RateIn
from leadloop.platform.services import set_rate


class Good(NamedTuple):
    """A product: its family, unit and list price in euro cents; `monthly` when that is per month."""

    name: str
    family: str
    unit: str
    minor: int
    monthly: bool


FAMILIES = (
    NewFamily("pumps", "Pumps"),
    NewFamily("service", "Service contracts"),
    NewFamily("monitoring", "Remote monitoring"),
)
PRODUCTS: Mapping[str, Good] = {
    "AF-P40": Good("Transfer pump P40", "pumps", "piece", 389_000, monthly=False),
    "AF-P90": Good("Process pump P90", "pumps", "piece", 1_140_000, monthly=False),
    "AF-D15": Good("Dosing pump D15", "pumps", "piece", 215_000, monthly=False),
    "AF-K8": Good("Spare part kit K8", "pumps", "kit", 46_000, monthly=False),
    "AF-S1": Good("Service contract, one site", "service", "site", 64_000, monthly=True),
    "AF-S5": Good("Inspection, per pump", "service", "pump", 28_500, monthly=False),
    "AF-M10": Good("Remote monitoring, ten sensors", "monitoring", "set", 38_000, monthly=True),
    "AF-M1": Good("Gateway and installation", "monitoring", "piece", 190_000, monthly=False),
}
ABROAD: Mapping[str, Decimal] = {"EUR": Decimal(1), "USD": Decimal("1.1"), "GBP": Decimal("0.86")}
TERMS = (NewTerm("net30", "30 days net", 30), NewTerm("net60", "60 days net", 60), NewTerm("net14", "14 days net", 14))
RATES = {"USD": ("0.92", "0.004"), "GBP": ("1.17", "0.005"), "CHF": ("1.06", "0.003")}


def price(sku: str, currency: str) -> int:
    """The list price in minor units of a currency."""
    return int(PRODUCTS[sku].minor * ABROAD[currency])


def set_rates(seed: int, start: datetime, end: datetime, actor: Actor) -> None:
    """A rate every week, walking a little."""
    weeks = range(-1, (end - start).days // 7 + 1)
    rates = []
    for currency, (middle, stride) in RATES.items():
        roll, rate = dice(seed, "rate", currency), Decimal(middle)
        for week in weeks:
            rate += Decimal(stride) * roll.randint(-1, 1)
            rates.append(RateIn((start + timedelta(days=7 * week)).date(), currency, rate, "demo"))
    set_rate(rates=rates, actor=actor, now=start)


def fill_catalogue(interests: Mapping[str, int], start: datetime, actor: Actor) -> None:
    """Products with their list prices in every currency, and payment terms."""
    known = catalogue.add_product(
        products=[NewProduct(sku, one.name, interests[one.family], one.unit) for sku, one in PRODUCTS.items()],
        actor=actor,
        now=start,
    )
    day = start.date() - timedelta(days=30)
    prices = [
        NewPrice(known[sku], currency, price(sku, currency), day, per_month=one.monthly)
        for sku, one in PRODUCTS.items()
        for currency in ABROAD
    ]
    catalogue.set_price(prices=prices, actor=actor, now=start)
    catalogue.add_term(terms=list(TERMS), actor=actor, now=start)


def write_guide(interests: Mapping[str, int], owner_id: int, start: datetime, actor: Actor) -> None:
    """What may be sent to those who ask for it."""
    guide = NewAsset(
        key="cavitation-guide",
        title="Cavitation: hear it, measure it, stop it",
        url=f"https://www.{DOMAIN}/cavitation-guide.pdf",
        owner_id=owner_id,
        summary="Twelve pages for people who run pumps.",
        interest_id=interests["pumps"],
    )
    add_asset(assets=[guide], actor=actor, now=start)
