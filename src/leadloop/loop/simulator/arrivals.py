"""When hands are raised, and what is odd about some of them."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from leadloop.loop.simulator import market
from leadloop.loop.simulator.crowd import Way, crowd
from leadloop.loop.simulator.dice import dice, weighted
from leadloop.loop.simulator.truth import Hand, Inquirer, Truth

# Shares of further deliveries, measured by the people who ask about buying.
AGAIN, ELSE, TRAPS, MUTE, BROKEN = 0.2, 0.06, 0.03, 0.015, 0.01
FRESH_MINUTES = (3, 9, 24, 55, 140)  # before the end: somebody has always just asked
FRESH_PORTALS = ("web-form", "api", "price-list", "chat")
SILENT = {"support": 0.5, "job": 0.3, "supplier": 0.2}
SOON_AFTER = (0.2, 20.0)  # days after which somebody else of the same project asks too
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Season:
    """The days of the story with how lively they are, to draw moments from."""

    start: datetime
    end: datetime
    zone: ZoneInfo
    days: Sequence[date]
    upto: Sequence[float]
    fairs: Sequence[date]

    def moment(self, roll: Random) -> datetime:
        """Some moment in between: nights, weekends and summers are quieter, the company becomes better known."""
        while True:
            day = self.days[bisect(self.upto, roll.random() * self.upto[-1])]
            at = self.on(day, roll, 6, 23)
            if self.start <= at < self.end:
                return at

    def on(self, day: date, roll: Random, first: float, last: float) -> datetime:
        """A moment of a day, most often about noon; never a whole second."""
        hour = min(max(roll.gauss(13, 3.5), first), last)
        local = datetime.combine(day, time(), self.zone) + timedelta(hours=hour)
        return local.astimezone(UTC).replace(microsecond=roll.randint(1, 999_999))


def decide(
    seed: int, *, leads: int, days: int, end: datetime, zone: ZoneInfo, first: int = 0, phones: bool = True
) -> Truth:
    """Everything that will arrive in the days up to `end`, and the truth about those who send it.

    `leads` people ask about buying; with them come those who ask again, ask for something else, and noise. `first`
    numbers people and hands from there on, for a part of a larger story; without `phones` nobody has a number.
    """
    season = _season(end - timedelta(days=days), end, zone)
    others = round(leads * ELSE)
    ways = [_way(dice(seed, "way", first + place)) for place in range(leads)]
    people = crowd(seed, [*ways, *[("web-form", "")] * others], first=first, phones=phones)
    hands = _first_hands(seed, people[:leads], ways, season)
    hands += _again(seed, hands, round(leads * AGAIN), first, end)
    hands += [_other(seed, who, season) for who in people[leads:]]
    odd = {"trap": TRAPS, "mute": MUTE, "broken": BROKEN}
    hands += [_odd(seed, twist, place, first, season) for twist, n in odd.items() for place in range(round(leads * n))]
    hands.sort(key=lambda hand: (hand.at, hand.inquirer, hand.twist))
    return Truth(seed, season.start, end, people, tuple(_numbered(hands, first * 2)))


def _season(start: datetime, end: datetime, zone: ZoneInfo) -> Season:
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    upto = list(accumulate(market.liveliness(day, first) for day in days))
    return Season(start, end, zone, days, upto, market.fair_days(first, last))


def _way(roll: Random) -> Way:
    if roll.random() < market.FAIR_SHARE:
        return "trade-show", "fair"
    portal = weighted(roll, market.PORTALS)
    return portal, weighted(roll, market.PROGRAMMES[portal])


def _first_hands(seed: int, people: Sequence[Inquirer], ways: Sequence[Way], season: Season) -> list[Hand]:
    found: dict[int, Hand] = {}
    for who, (portal, programme) in zip(people, ways, strict=True):
        roll = dice(seed, "first hand", who.number)
        if who.project != who.number:
            found[who.number] = _joining(roll, who, found[who.project], season)
        elif portal == "trade-show":
            at = season.on(roll.choice(season.fairs), roll, 10, 17)
            found[who.number] = Hand(0, min(at, season.end - timedelta(hours=1)), portal, programme, who.number, "")
        else:
            found[who.number] = Hand(0, season.moment(roll), portal, programme, who.number, "")
    return _freshened(list(found.values()), season.end)


def _joining(roll: Random, who: Inquirer, founding: Hand, season: Season) -> Hand:
    """Somebody of the same project asks some days after the one who began it."""
    room = (season.end - founding.at) / timedelta(days=1)
    at = founding.at + timedelta(days=min(roll.uniform(*SOON_AFTER), room * 0.9))
    return Hand(0, at, roll.choice(("web-form", "web-form", "price-list", "phone")), "", who.number, "")


def _freshened(hands: list[Hand], end: datetime) -> list[Hand]:
    """The last few of those who wrote by themselves did so just now."""
    writing = sorted((h for h in hands if h.portal in FRESH_PORTALS), key=lambda hand: (hand.at, hand.inquirer))
    last = {hand.inquirer: minutes for hand, minutes in zip(reversed(writing), FRESH_MINUTES, strict=False)}
    return [
        replace(hand, at=end - timedelta(minutes=last[hand.inquirer], microseconds=417))
        if hand.inquirer in last
        else hand
        for hand in hands
    ]


def _again(seed: int, hands: Sequence[Hand], count: int, first: int, end: datetime) -> list[Hand]:
    """The same people once more, some days later and often through another portal."""
    roll = dice(seed, "again", first)
    early = [hand for hand in hands if hand.at < end - timedelta(days=2)]
    found = []
    for before in roll.sample(early, min(count, len(early))):
        room = (end - before.at) / timedelta(days=1)
        at = before.at + timedelta(days=min(roll.expovariate(0.03) + 0.2, room * 0.95))
        portal = weighted(roll, market.PORTALS) if roll.random() < 0.6 else before.portal
        programme = weighted(roll, market.PROGRAMMES[portal]) if portal != "trade-show" else "fair"
        found.append(Hand(0, at, portal, programme, before.inquirer, "again"))
    return found


def _other(seed: int, who: Inquirer, season: Season) -> Hand:
    roll = dice(seed, "other hand", who.number)
    return Hand(0, season.moment(roll), "web-form", "", who.number, weighted(roll, SILENT))


def _odd(seed: int, twist: str, place: int, first: int, season: Season) -> Hand:
    roll = dice(seed, twist, first, place)
    portal = "web-form" if twist == "trap" else "api"
    return Hand(0, season.moment(roll), portal, "", -1 - first - place, twist)


def _numbered(hands: Sequence[Hand], first: int) -> Iterator[Hand]:
    for number, hand in enumerate(hands):
        yield replace(hand, number=first + number)


def touched_by(hands: Sequence[Hand]) -> Mapping[int, list[Hand]]:
    """The hands of each inquirer, in their order."""
    found: dict[int, list[Hand]] = {}
    for hand in hands:
        if hand.inquirer >= 0:
            found.setdefault(hand.inquirer, []).append(hand)
    return found
