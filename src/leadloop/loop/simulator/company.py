"""The company of the demo: its people, what it sells, its programmes and what they cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from leadloop.capture.queries import portals
from leadloop.capture.services import PortalIn, save_portal
from leadloop.catalogue import queries as catalogue
from leadloop.catalogue import services as selling_what
from leadloop.catalogue.contracts import NewFamily, NewPrice, NewProduct, NewTerm
from leadloop.content.contracts import NewAsset
from leadloop.content.services import add_asset
from leadloop.ledger.contracts import Actor, by_user
from leadloop.loop.install import Colleague, Firm, Installed, Squad, install
from leadloop.loop.simulator.dice import dice
from leadloop.platform.contracts import RateIn
from leadloop.platform.services import set_rate
from leadloop.programmes import services as programmes
from leadloop.programmes.contracts import Allocation, CostKind, Level, NewProgramme, NewSource, Rule, Spend
from leadloop.programmes.queries import programmes as tree

DOMAIN = "alder-finch.example"
FIRM = Firm("Alder & Finch", zone="Europe/Berlin", country="DE", subdivision="BE", currency="EUR")
SQUADS = (
    Squad("dach", "DACH", manager=f"ruth@{DOMAIN}"),
    Squad("world", "World", manager=f"ruth@{DOMAIN}"),
    Squad("norte", "Norte, our partner in Iberia", kind="partner"),
    Squad("calls", "Bellman call centre", kind="agency"),
)
SELLERS = ("kim", "ola", "sam", "dara")
_STAFF = (
    ("kim", "Kim Maurer", "salesperson", "dach"),
    ("ola", "Ola Novak", "salesperson", "dach"),
    ("sam", "Sam Reyes", "salesperson", "world"),
    ("dara", "Dara Singh", "salesperson", "world"),
    ("mira", "Mira Costa", "inside_sales", "dach"),
    ("jonas", "Jonas Falk", "presales", "dach"),
    ("tomas", "Tomas Lind", "marketer", ""),
    ("lea", "Lea Brandl", "content_owner", ""),
    ("omar", "Omar Haddad", "sales_operations", ""),
    ("ruth", "Ruth Meier", "sales_manager", "dach"),
    ("grace", "Grace Oyelaran", "head_of_sales", ""),
    ("paul", "Paul Renner", "head_of_marketing", ""),
    ("ines", "Ines Vogt", "head_of_lead_management", ""),
    ("helen", "Helen Brandt", "president", ""),
    ("viktor", "Viktor Hale", "cfo", ""),
    ("nina", "Nina Petrov", "agency", "calls"),
    ("pia", "Pia Sandoval", "partner", "norte"),
    ("ada", "Ada Quist", "admin", ""),
)
FAMILIES = (
    NewFamily("pumps", "Pumps"),
    NewFamily("service", "Service contracts"),
    NewFamily("monitoring", "Remote monitoring"),
)
# Family, unit, list price in euro cents, and whether that is per month.
PRODUCTS: Mapping[str, tuple[str, str, str, int, bool]] = {
    "AF-P40": ("Transfer pump P40", "pumps", "piece", 389_000, False),
    "AF-P90": ("Process pump P90", "pumps", "piece", 1_140_000, False),
    "AF-D15": ("Dosing pump D15", "pumps", "piece", 215_000, False),
    "AF-S1": ("Service contract, one site", "service", "site", 64_000, True),
    "AF-M10": ("Remote monitoring, ten sensors", "monitoring", "set", 38_000, True),
}
SOURCES = (
    NewSource("google", "Google Ads", "paid_search"),
    NewSource("linkedin", "LinkedIn", "paid_social"),
    NewSource("newsletter", "Newsletter", "email"),
)
# Name, source and level; the tree is programme → campaigns.
PROGRAMMES: Mapping[str, tuple[str, str, Level]] = {
    "water-year": ("Water year", "", Level.PROGRAMME),
    "search": ("Search ads", "google", Level.CAMPAIGN),
    "social": ("Ads for heads of operations", "linkedin", Level.CAMPAIGN),
    "guide": ("Cavitation guide", "newsletter", Level.CAMPAIGN),
    "fair": ("Pump fair", "fair", Level.CAMPAIGN),
}
# Kind, euro a month, and how much it may vary; the fair costs once.
MONTHLY = (
    ("search", CostKind.MEDIA, 3_400, 0.2),
    ("search", CostKind.AGENCY, 900, 0.0),
    ("social", CostKind.MEDIA, 2_600, 0.3),
    ("guide", CostKind.CONTENT, 700, 0.4),
)
FAIR = ((CostKind.EVENT, 11_500), (CostKind.PEOPLE, 3_800))
SHARED_MONTHLY = 450
RATES = {"USD": ("0.92", "0.004"), "GBP": ("1.17", "0.005"), "CHF": ("1.06", "0.003")}


@dataclass(frozen=True, slots=True)
class Demo:
    """Ids of the company as it stands; `staff` by the short names above."""

    staff: Mapping[str, int]
    installed: Installed


def people(passwords: Mapping[str, str]) -> list[Colleague]:
    """Everybody; `passwords` by short name, who has none can't sign in."""
    return [
        Colleague(f"{key}@{DOMAIN}", name, (role,), squad=squad, password=passwords.get(key))
        for key, name, role, squad in _STAFF
    ]


def found(passwords: Mapping[str, str], *, start: datetime, end: datetime, seed: int) -> Demo:
    """Found the company on its first day: everything but inquiries. `end` is how far costs and rates are known."""
    installed = install(FIRM, people(passwords), squads=SQUADS, interests=FAMILIES, sources=SOURCES, now=start)
    staff = {key: installed.users[f"{key}@{DOMAIN}"] for key, *_ in _STAFF}
    actor = by_user(staff["paul"])
    _set_rates(seed, start, end, by_user(staff["viktor"]))
    _fill_catalogue(installed, start, actor)
    _write_guide(installed, staff["lea"], start, actor)
    ids = _plan_programmes(installed, staff, start, actor)
    _point_portals(staff, ids, start, actor)
    return Demo(staff, installed)


def costs(seed: int, first: date, last: date) -> Iterator[tuple[date, Spend]]:
    """What is booked between two days, with the day on which it is booked."""
    ids = {row.key: row.id for row in tree().values()}
    roll = dice(seed, "costs")
    month = 0
    while (day := first + timedelta(days=5 + 30 * month)) <= last:
        for key, kind, euro, spread in MONTHLY:
            minor = int(euro * 100 * (1 + roll.uniform(-spread, spread)))
            yield day, Spend(minor=minor, currency="EUR", kind=kind, booked_on=day, programme_id=ids[key])
        yield day, Spend(minor=29_900, currency="USD", kind=CostKind.TOOL, booked_on=day, programme_id=ids["social"])
        shared = Spend(
            minor=SHARED_MONTHLY * 100,
            currency="EUR",
            kind=CostKind.OVERHEAD,
            booked_on=day,
            allocation=Allocation.BY_INQUIRIES,
        )
        yield day, shared
        month += 1
    for share in (0.2, 0.68):  # the two fairs
        day = first + timedelta(days=int((last - first).days * share))
        for kind, euro in FAIR:
            yield day, Spend(minor=euro * 50, currency="EUR", kind=kind, booked_on=day, programme_id=ids["fair"])


def _set_rates(seed: int, start: datetime, end: datetime, actor: Actor) -> None:
    """A rate every week, walking a little."""
    weeks = range(-1, (end - start).days // 7 + 1)
    rates = []
    for currency, (middle, stride) in RATES.items():
        roll, rate = dice(seed, "rate", currency), Decimal(middle)
        for week in weeks:
            rate += Decimal(stride) * roll.randint(-1, 1)
            rates.append(RateIn((start + timedelta(days=7 * week)).date(), currency, rate, "demo"))
    set_rate(rates=rates, actor=actor, now=start)


def _fill_catalogue(installed: Installed, start: datetime, actor: Actor) -> None:
    known = selling_what.add_product(
        products=[
            NewProduct(sku, name, installed.interests[family], unit)
            for sku, (name, family, unit, _, _) in PRODUCTS.items()
        ],
        actor=actor,
        now=start,
    )
    day = start.date() - timedelta(days=30)
    prices = [
        NewPrice(known[sku], currency, int(minor * factor), day, per_month=monthly)
        for sku, (_, _, _, minor, monthly) in PRODUCTS.items()
        for currency, factor in (("EUR", 1.0), ("USD", 1.1))
    ]
    selling_what.set_price(prices=prices, actor=actor, now=start)
    selling_what.add_term(terms=[NewTerm("net30", "30 days net", 30)], actor=actor, now=start)


def _write_guide(installed: Installed, owner_id: int, start: datetime, actor: Actor) -> None:
    guide = NewAsset(
        key="cavitation-guide",
        title="Cavitation: hear it, measure it, stop it",
        url=f"https://www.{DOMAIN}/cavitation-guide.pdf",
        owner_id=owner_id,
        summary="Twelve pages for people who run pumps.",
        interest_id=installed.interests["pumps"],
    )
    add_asset(assets=[guide], actor=actor, now=start)


def _plan_programmes(installed: Installed, staff: Mapping[str, int], start: datetime, actor: Actor) -> dict[str, int]:
    standing = {row.key: row.id for row in tree().values()}
    if standing:
        return standing
    nodes = [
        NewProgramme(
            key=key,
            name=name,
            owner_id=staff["paul" if level is Level.PROGRAMME else "tomas"],
            starts_on=start.date(),
            level=level,
            parent_key="" if level is Level.PROGRAMME else "water-year",
            source_id=installed.sources.get(source),
        )
        for key, (name, source, level) in PROGRAMMES.items()
    ]
    ids = programmes.create(programmes=nodes, actor=actor, now=start)
    rules = [
        Rule(
            1, utm_source="google", utm_medium="cpc", source_id=installed.sources["google"], programme_id=ids["search"]
        ),
        Rule(2, utm_source="linkedin", source_id=installed.sources["linkedin"], programme_id=ids["social"]),
        Rule(3, utm_source="newsletter", source_id=installed.sources["newsletter"], programme_id=ids["guide"]),
    ]
    programmes.set_utm_rules(rules=rules, actor=actor, now=start)
    return ids


def _point_portals(staff: Mapping[str, int], ids: Mapping[str, int], start: datetime, actor: Actor) -> None:
    """The fair's list belongs to the fair; calls and recommendations are looked after by inside sales."""
    standing = {row.key: row for row in portals().values()}
    changes: dict[str, dict[str, Any]] = {
        "trade-show": {"programme_id": ids["fair"]},
        "phone": {"owner_id": staff["mira"]},
        "referral": {"owner_id": staff["mira"]},
    }
    for key, change in changes.items():
        row = standing[key]
        as_it_is = PortalIn(
            key=row.key,
            name=row.name,
            kind=row.kind,
            owner_id=row.owner_id,
            interest_id=row.interest_id,
            slug=row.slug,
            source_id=row.source_id,
            handover=row.handover,
            acknowledge=row.acknowledge,
        )
        save_portal(portal=replace(as_it_is, **change), actor=actor, now=start)


def product_ids() -> dict[str, int]:
    """Products by SKU."""
    return {row.sku: row.id for row in catalogue.products().values()}


def sellers(demo: Demo) -> Sequence[int]:
    """Who takes turns at new leads."""
    return [demo.staff[key] for key in SELLERS]
