"""The programmes of the demo company, how they are recognised, and what everything costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from leadloop.kernel.money import Money
from leadloop.ledger.contracts import Actor, by_user
from leadloop.loop.simulator import market
from leadloop.loop.simulator.bodies import UTM
from leadloop.loop.simulator.dice import dice
from leadloop.programmes import services as programmes
from leadloop.programmes.contracts import Allocation, CostKind, Level, NewProgramme, NewSource, Rule, Spend
from leadloop.programmes.queries import programmes as tree

SOURCES = (
    NewSource("google", "Google Ads", "paid_search"),
    NewSource("linkedin", "LinkedIn", "paid_social"),
    NewSource("newsletter", "Newsletter", "email"),
    NewSource("trade-press", "Trade press", "display"),
    NewSource("webinar", "Webinar", "webinar"),
    NewSource("partner", "Partner", "partner"),
    NewSource("directory", "Trade directory", "directory"),
    NewSource("telephone", "Telephone campaign", "telephone"),
    NewSource("water-check", "Water check", "web"),
)


class Plan(NamedTuple):
    """A node of the tree: its name, what it belongs to ("" for the top) and its source."""

    name: str
    parent: str = ""
    source: str = ""


PLANS: Mapping[str, Plan] = {
    "demand": Plan("Being found"),
    "knowledge": Plan("Being useful"),
    "meeting": Plan("Meeting people"),
    "search-brand": Plan("Search ads on our name", "demand", "google"),
    "search-pumps": Plan("Search ads for pumps", "demand", "google"),
    "search-service": Plan("Search ads for service", "demand", "google"),
    "social-heads": Plan("Ads for heads of operations", "demand", "linkedin"),
    "social-engineers": Plan("Ads for engineers", "demand", "linkedin"),
    "directory": Plan("Trade directory", "demand", "directory"),
    "guide": Plan("Cavitation guide", "knowledge", "trade-press"),
    "newsletter": Plan("Newsletter", "knowledge", "newsletter"),
    "webinars": Plan("Pump hour, the webinar", "knowledge", "webinar"),
    "water-check": Plan("Water check on site", "knowledge", "water-check"),
    "fair": Plan("Pump fairs", "meeting", "fair"),
    "partner-mailing": Plan("Mailings with partners", "meeting", "partner"),
    "telephone": Plan("Calling days", "meeting", "telephone"),
}


class Due(NamedTuple):
    """Something paid every month: euro, by how much it varies, and in what ("EUR" unless said)."""

    key: str  # of the programme; "" is shared
    kind: CostKind
    euro: int
    spread: float = 0.0
    currency: str = "EUR"
    allocation: Allocation = Allocation.NONE


MONTHLY = (
    Due("search-brand", CostKind.MEDIA, 1_500, 0.15),
    Due("search-pumps", CostKind.MEDIA, 6_200, 0.25),
    Due("search-pumps", CostKind.AGENCY, 1_200),
    Due("search-service", CostKind.MEDIA, 2_100, 0.25),
    Due("social-heads", CostKind.MEDIA, 4_400, 0.3),
    Due("social-heads", CostKind.CONTENT, 600, 0.5),
    Due("social-engineers", CostKind.MEDIA, 3_100, 0.3),
    Due("directory", CostKind.MEDIA, 450, 0.0, "GBP"),
    Due("guide", CostKind.CONTENT, 900, 0.4),
    Due("guide", CostKind.MEDIA, 2_300, 0.3),
    Due("newsletter", CostKind.CONTENT, 800, 0.2),
    Due("newsletter", CostKind.TOOL, 240, 0.0, "USD"),
    Due("webinars", CostKind.EVENT, 1_900, 0.3),
    Due("webinars", CostKind.TOOL, 310, 0.0, "USD"),
    Due("water-check", CostKind.PEOPLE, 2_600, 0.2),
    Due("partner-mailing", CostKind.AGENCY, 1_100, 0.5),
    Due("telephone", CostKind.AGENCY, 2_400, 0.3),
    Due("", CostKind.TOOL, 1_150, 0.0, "EUR", Allocation.BY_INQUIRIES),
    Due("", CostKind.PEOPLE, 9_800, 0.05, "EUR", Allocation.BY_SPEND),
    Due("", CostKind.OVERHEAD, 1_700, 0.0, "EUR", Allocation.EVENLY),
)
FAIR = ((CostKind.EVENT, 21_500), (CostKind.PEOPLE, 8_200), (CostKind.CONTENT, 2_400))
FAIR_AHEAD = timedelta(days=12)  # a fair is paid for before it begins
PAID_AFTER = timedelta(days=21)
BUDGETS = (("demand", 220_000), ("knowledge", 130_000), ("meeting", 150_000))


def plan_programmes(
    owners: tuple[int, int], sources: Mapping[str, int], start: datetime, actor: Actor
) -> dict[str, int]:
    """Set the tree up with the rules that recognise its campaigns; `owners` of programmes and of campaigns."""
    nodes = [
        NewProgramme(
            key=key,
            name=one.name,
            owner_id=owners[bool(one.parent)],
            starts_on=start.date(),
            level=Level.CAMPAIGN if one.parent else Level.PROGRAMME,
            parent_key=one.parent,
            source_id=sources.get(one.source),
        )
        for key, one in PLANS.items()
    ]
    ids = programmes.create(programmes=nodes, actor=actor, now=start)
    rules = [
        Rule(
            place,
            utm_source=source,
            utm_medium=medium,
            utm_campaign=campaign.replace("{country}", "*"),
            source_id=sources[PLANS[key].source],
            programme_id=ids[key],
        )
        for place, (key, (source, medium, campaign)) in enumerate(UTM.items(), start=1)
    ]
    programmes.set_utm_rules(rules=rules, actor=actor, now=start)
    return ids


def ask_for_money(ids: Mapping[str, int], asker: int, approver: int, start: datetime) -> None:
    """The budgets of the first year: asked for by one, approved by another, the last of them only in part."""
    for key, euro in BUDGETS:
        budget = programmes.ask_budget(
            programme_id=ids[key], amount=Money(euro * 100, "EUR"), actor=by_user(asker), now=start
        )
        approved = euro * (90 if key == "meeting" else 100)
        programmes.approve_budget(budget_id=budget, minor=approved, actor=by_user(approver), now=start)


def bills(seed: int, first: date, last: date) -> Iterator[tuple[date, Spend]]:
    """What is booked between two days, with the day on which it is booked. In livelier months more is spent."""
    ids = {row.key: row.id for row in tree().values()}
    roll = dice(seed, "costs")
    month = 0
    while (day := first + timedelta(days=5 + 30 * month)) <= last:
        for due in MONTHLY:
            lively = market.MONTHS[day.month - 1] if due.kind is CostKind.MEDIA else 1.0
            minor = int(due.euro * 100 * lively * (1 + roll.uniform(-due.spread, due.spread)))
            yield day, _spend(due.kind, minor, due.currency, day, ids.get(due.key), due.allocation, last)
        month += 1
    for day in _fairs(first, last):
        for kind, euro in FAIR:
            yield day, _spend(kind, euro * 100, "EUR", day, ids["fair"], Allocation.NONE, last)


def _fairs(first: date, last: date) -> Sequence[date]:
    """The days on which fairs are paid for: once for each, however many days it lasts."""
    days = market.fair_days(first, last)
    begins = [day for day in days if day - timedelta(days=1) not in days]
    return [max(first, day - FAIR_AHEAD) for day in begins]


def _spend(
    kind: CostKind, minor: int, currency: str, day: date, programme: int | None, allocation: Allocation, last: date
) -> Spend:
    paid = day + PAID_AFTER
    return Spend(
        minor=minor,
        currency=currency,
        kind=kind,
        booked_on=day,
        programme_id=programme,
        allocation=allocation,
        paid_on=paid if paid <= last else None,
    )
