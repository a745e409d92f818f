"""Inventing the inquirers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

from leadloop.kernel.ids import slug
from leadloop.loop.simulator import market, words
from leadloop.loop.simulator.dice import dice, weighted
from leadloop.loop.simulator.truth import SHARES, Inquirer, Intent

INTERESTS = {"pumps": 0.6, "service": 0.25, "monitoring": 0.15}
WEIGHTS = {"DE": 0.45, "AT": 0.08, "GB": 0.18, "US": 0.12, "FR": 0.12, "ES": 0.05}
CURRENCIES = {"US": "USD", "GB": "GBP"}
TOGETHER, COLLEAGUES = 0.09, 0.1  # share that belongs to somebody's project, that works where somebody else did before
NO_LINES = 10**9  # further than any list of telephone numbers
REMEMBERED = 400  # so many people back somebody may have colleagues
DAYS = {Intent.BUYING: (18, 75), Intent.LATER: (70, 260), Intent.CURIOUS: (200, 400), Intent.NONE: (400, 500)}
Way = tuple[str, str]  # portal and programme


def crowd(seed: int, ways: Sequence[Way], *, first: int = 0, phones: bool = True) -> tuple[Inquirer, ...]:
    """One person for every way in which somebody comes, all different, numbered from `first` on.

    Some are colleagues, and some of these take part in one project.
    """
    people: list[Inquirer] = []
    lines: Counter[str] = Counter(dict.fromkeys(WEIGHTS, first if phones else NO_LINES))
    for place, way in enumerate(ways):
        number = first + place
        roll = dice(seed, "person", number)
        near = people[-REMEMBERED:]
        kind = roll.random()
        if kind < TOGETHER and (founders := [one for one in near if one.intent in (Intent.BUYING, Intent.LATER)]):
            made = _partaker(number, roll, roll.choice(founders), lines)
        else:
            colleague = roll.choice(near) if near and kind < TOGETHER + COLLEAGUES else None
            made = _person(number, roll, colleague, way, lines)
        people.append(made)
    return tuple(people)


def _person(number: int, roll: Random, colleague: Inquirer | None, way: Way, lines: Counter[str]) -> Inquirer:
    country = colleague.country if colleague else weighted(roll, WEIGHTS)
    language, cities = words.COUNTRIES[country]
    portal, programme = way
    intent = _intent(roll, market.keenness(programme, portal))
    industry, firm = (colleague.industry, colleague.firm) if colleague else _firm(number, roll, intent)
    given, family = roll.choice(words.GIVEN[language]), roll.choice(words.FAMILY[language])
    interest = weighted(roll, INTERESTS)
    domain = f"{slug(firm)}.example"
    return Inquirer(
        number=number,
        project=number,
        given=given,
        family=family,
        email=f"{slug(given)}.{slug(family)}{number}@{domain}",
        phone=_phone(country, lines),
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
        currency=CURRENCIES.get(country, "EUR"),
        decides_in=roll.randint(*DAYS[intent]),
        programme=programme,
        anyway=not programme or roll.random() < market.EFFECTS[programme].anyway,
    )


def _partaker(number: int, roll: Random, founder: Inquirer, lines: Counter[str]) -> Inquirer:
    """Somebody else who has a say in the same project; they come because of it, so no programme brought them."""
    language = words.COUNTRIES[founder.country][0]
    given, family = roll.choice(words.GIVEN[language]), roll.choice(words.FAMILY[language])
    return Inquirer(
        number=number,
        project=founder.project,
        given=given,
        family=family,
        email=f"{slug(given)}.{slug(family)}{number}@{founder.domain}",
        phone=_phone(founder.country, lines),
        firm=founder.firm,
        domain=founder.domain,
        industry=founder.industry,
        employees=founder.employees,
        country=founder.country,
        city=founder.city,
        language=founder.language,
        title=roll.choice(words.TITLES[roll.choice(("decides", "weighs", "weighs"))]),
        interest=founder.interest,
        intent=founder.intent,
        threshold=founder.threshold,
        worth=founder.worth,
        currency=founder.currency,
        decides_in=founder.decides_in,
    )


def _intent(roll: Random, keenness: float) -> Intent:
    keen = {Intent.BUYING: keenness, Intent.LATER: keenness**0.5}
    return Intent(weighted(roll, {str(one): share * keen.get(one, 1.0) for one, share in SHARES.items()}))


def _firm(number: int, roll: Random, intent: Intent) -> tuple[str, str]:
    trades = list(words.TRADES)
    industry = roll.choice(trades[-2:] if intent is Intent.NONE and roll.random() < 0.6 else trades[:5])
    return industry, f"{_name(number)} {roll.choice(words.TRADES[industry])}"


def _name(number: int) -> str:
    """A name that no other number has, so that no two invented firms are one by chance."""
    names = words.NAMED
    wide = len(names)
    block, place = divmod(number, wide)
    turn, step = divmod(block, wide)
    parts = [names[place]]
    if block:
        parts.append(names[(step * 7 + place) % wide])
    if turn:
        parts.append(names[turn % wide])
    if turn >= wide:
        parts.append(str(turn // wide + 1))
    return " ".join(parts)


def _phone(country: str, lines: Counter[str]) -> str:
    """The next of the numbers that are kept free for stories there; none once they are used up."""
    place = lines[country]
    lines[country] += 1
    for form, size in words.LINES.get(country, ()):
        if place < size:
            return form.format(place)
        place -= size
    return ""


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
