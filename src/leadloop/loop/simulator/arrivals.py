"""When hands are raised, and what is odd about some of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from leadloop.loop.simulator.crowd import crowd
from leadloop.loop.simulator.dice import dice
from leadloop.loop.simulator.truth import Hand, Inquirer, Truth

AGAIN, ELSE, TRAPS, MUTE, BROKEN = 0.12, 0.07, 0.03, 0.02, 0.01  # shares of all deliveries
FAIR_DAYS = (18, 19, 61, 62)  # of ninety
FAIR_SHARE = 0.14
PORTALS = {"web-form": 0.52, "api": 0.24, "phone": 0.13, "referral": 0.11}
PROGRAMMES = {
    "web-form": {"search": 0.42, "guide": 0.28, "": 0.3},
    "api": {"social": 0.75, "search": 0.25},
    "phone": {"": 1.0},
    "referral": {"": 1.0},
    "trade-show": {"fair": 1.0},
}
FRESH_MINUTES = (3, 9, 24, 55, 140)  # before the end: somebody has always just asked
SILENT = {"support": 0.5, "job": 0.3, "supplier": 0.2}


def decide(seed: int, *, inquiries: int, days: int, end: datetime, zone: ZoneInfo) -> Truth:
    """Everything that will arrive in the days up to `end`, and the truth about those who send it."""
    repeats, others = round(inquiries * AGAIN), round(inquiries * ELSE)
    odd = {"trap": round(inquiries * TRAPS), "mute": round(inquiries * MUTE), "broken": round(inquiries * BROKEN)}
    firsts = inquiries - repeats - others - sum(odd.values())
    people = crowd(seed, firsts + others)
    start = end - timedelta(days=days)
    hands = [_first(seed, who, start, end, zone, days) for who in people[:firsts]]
    hands = _freshened(hands, end)
    hands += _again(seed, hands, repeats, end)
    hands += [_other(seed, who, start, end, zone) for who in people[firsts:]]
    hands += [_odd(seed, twist, place, start, end, zone) for twist, count in odd.items() for place in range(count)]
    hands.sort(key=lambda hand: (hand.at, hand.inquirer, hand.twist))
    numbered = tuple(_numbered(hands))
    return Truth(seed, start, end, people, numbered)


def _first(seed: int, who: Inquirer, start: datetime, end: datetime, zone: ZoneInfo, days: int) -> Hand:
    roll = dice(seed, "first hand", who.number)
    if roll.random() < FAIR_SHARE:
        day = start.astimezone(zone).date() + timedelta(days=roll.choice(FAIR_DAYS) * days // 90)
        at = _moment(roll, day, zone, 10, 17)
        return Hand(0, min(at, end), "trade-show", "fair", who.number, "")
    portal = _weighted(roll, PORTALS)
    return Hand(0, _any_time(roll, start, end, zone), portal, _weighted(roll, PROGRAMMES[portal]), who.number, "")


def _freshened(hands: Sequence[Hand], end: datetime) -> list[Hand]:
    """The last few of those who wrote by themselves did so just now."""
    writing = sorted((h for h in hands if h.portal in ("web-form", "api")), key=lambda hand: (hand.at, hand.inquirer))
    last = {hand.inquirer: minutes for hand, minutes in zip(reversed(writing), FRESH_MINUTES, strict=False)}
    return [
        Hand(0, end - timedelta(minutes=last[h.inquirer]), h.portal, h.programme, h.inquirer, h.twist)
        if h.inquirer in last
        else h
        for h in hands
    ]


def _again(seed: int, hands: Sequence[Hand], count: int, end: datetime) -> list[Hand]:
    """The same people once more, some days later and often through another portal."""
    roll = dice(seed, "again")
    early = [hand for hand in hands if hand.at < end - timedelta(days=2)]
    found = []
    for before in roll.sample(early, min(count, len(early))):
        room = (end - before.at) / timedelta(days=1)
        at = before.at + timedelta(days=min(roll.expovariate(0.15) + 0.2, room * 0.95))
        portal = roll.choice(("web-form", before.portal if before.portal != "trade-show" else "api"))
        programme = roll.choice(("guide", "")) if portal == "web-form" else before.programme
        found.append(Hand(0, at, portal, "" if programme == "fair" else programme, before.inquirer, "again"))
    return found


def _other(seed: int, who: Inquirer, start: datetime, end: datetime, zone: ZoneInfo) -> Hand:
    roll = dice(seed, "other hand", who.number)
    return Hand(0, _any_time(roll, start, end, zone), "web-form", "", who.number, _weighted(roll, SILENT))


def _odd(seed: int, twist: str, place: int, start: datetime, end: datetime, zone: ZoneInfo) -> Hand:
    roll = dice(seed, twist, place)
    portal = "web-form" if twist == "trap" else "api"
    return Hand(0, _any_time(roll, start, end, zone), portal, "", -1 - place, twist)


def _numbered(hands: Sequence[Hand]) -> Iterator[Hand]:
    for number, hand in enumerate(hands):
        yield Hand(number, hand.at, hand.portal, hand.programme, hand.inquirer, hand.twist)


def _any_time(roll: Random, start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """A moment in between; nights and weekends are quieter, and the company slowly becomes better known."""
    span = (end - start) / timedelta(days=1)
    while True:
        day = (start + timedelta(days=span * roll.random() ** 0.85)).astimezone(zone).date()
        at = _moment(roll, day, zone, 6, 23)
        if start <= at < end and (day.weekday() < 5 or roll.random() < 0.3):
            return at


def _moment(roll: Random, day: date, zone: ZoneInfo, first: int, last: int) -> datetime:
    hour = min(max(roll.gauss(13, 3.5), first), last)
    local = datetime.combine(day, time(), zone) + timedelta(hours=hour)
    return local.astimezone(ZoneInfo("UTC"))


def _weighted(roll: Random, shares: dict[str, float]) -> str:
    return roll.choices(list(shares), list(shares.values()))[0]
