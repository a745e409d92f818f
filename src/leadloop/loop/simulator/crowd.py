"""Inventing the inquirers."""

from __future__ import annotations

from random import Random

from leadloop.kernel.ids import slug
from leadloop.loop.simulator import words
from leadloop.loop.simulator.dice import dice
from leadloop.loop.simulator.truth import SHARES, Inquirer, Intent

INTERESTS = {"pumps": 0.6, "service": 0.25, "monitoring": 0.15}
WEIGHTS = {"DE": 0.48, "AT": 0.1, "GB": 0.18, "US": 0.12, "FR": 0.12}
COLLEAGUES = 0.12  # share that works where somebody else did before
DAYS = {Intent.BUYING: (14, 45), Intent.LATER: (60, 240), Intent.CURIOUS: (200, 400), Intent.NONE: (400, 500)}


def crowd(seed: int, size: int) -> tuple[Inquirer, ...]:
    """So many people, all different; some are colleagues."""
    people: list[Inquirer] = []
    for number in range(size):
        roll = dice(seed, "person", number)
        firm = roll.choice(people) if people and roll.random() < COLLEAGUES else None
        people.append(_person(number, roll, firm))
    return tuple(people)


def _person(number: int, roll: Random, colleague: Inquirer | None) -> Inquirer:
    country = colleague.country if colleague else _weighted(roll, WEIGHTS)
    language, cities, line = words.COUNTRIES[country]
    intent = Intent(_weighted(roll, {str(key): share for key, share in SHARES.items()}))
    industry, firm = (colleague.industry, colleague.firm) if colleague else _firm(number, roll, intent)
    given, family = roll.choice(words.GIVEN[language]), roll.choice(words.FAMILY[language])
    interest = _weighted(roll, INTERESTS)
    domain = f"{slug(firm)}.example"
    return Inquirer(
        number=number,
        given=given,
        family=family,
        email=f"{slug(given)}.{slug(family)}{number}@{domain}",
        phone=line.format(high=number // 100 % 10, low=number % 100),
        firm=firm,
        domain=domain,
        industry=industry,
        employees=colleague.employees if colleague else _employees(roll, intent),
        country=country,
        city=colleague.city if colleague else roll.choice(cities),
        language=language if language in ("de", "en") else "en",
        title=roll.choice(words.TITLES[_standing(roll, intent)]),
        interest=interest,
        intent=intent,
        threshold=roll.random(),
        worth=_worth(roll, interest),
        currency="USD" if country == "US" else "EUR",
        decides_in=roll.randint(*DAYS[intent]),
    )


def _firm(number: int, roll: Random, intent: Intent) -> tuple[str, str]:
    trades = list(words.TRADES)
    industry = roll.choice(trades[-2:] if intent is Intent.NONE and roll.random() < 0.6 else trades[:5])
    # The name, the trade and the number together are unique, so no two invented firms are one by chance.
    first = words.NAMED[number % len(words.NAMED)]
    second = f" {words.NAMED[(number // len(words.NAMED) * 7 + number) % len(words.NAMED)]}" if number >= 36 else ""
    return industry, f"{first}{second} {roll.choice(words.TRADES[industry])}"


def _employees(roll: Random, intent: Intent) -> int:
    low, high = (3, 60) if intent is Intent.NONE else (40, 2500)
    return int(low * (high / low) ** roll.random())


def _standing(roll: Random, intent: Intent) -> str:
    decides = {Intent.BUYING: 0.55, Intent.LATER: 0.4, Intent.CURIOUS: 0.15, Intent.NONE: 0.1}[intent]
    reads = {Intent.BUYING: 0.02, Intent.LATER: 0.08, Intent.CURIOUS: 0.35, Intent.NONE: 0.6}[intent]
    place = roll.random()
    return "decides" if place < decides else "reads" if place > 1 - reads else "weighs"


def _worth(roll: Random, interest: str) -> int:
    low, high = {"pumps": (8_000, 90_000), "service": (3_000, 30_000), "monitoring": (4_000, 40_000)}[interest]
    return int(low * (high / low) ** roll.random()) * 100


def _weighted(roll: Random, shares: dict[str, float]) -> str:
    return roll.choices(list(shares), list(shares.values()))[0]
