"""What a raised hand looks like when it arrives: each portal has its own way of saying things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

import orjson

from leadloop.loop.simulator import words
from leadloop.loop.simulator.dice import dice
from leadloop.loop.simulator.truth import Hand, Inquirer, Intent

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
PAGES = {
    "web-form": "/contact",
    "price-list": "/prices",
    "guide-page": "/cavitation",
    "water-check": "/water-check",
    "chat": "/",
}
UTM = {
    "search-brand": ("google", "cpc", "brand"),
    "search-pumps": ("google", "cpc", "pumps-{country}"),
    "search-service": ("google", "cpc", "service-{country}"),
    "social-heads": ("linkedin", "paid_social", "operations-heads"),
    "social-engineers": ("linkedin", "paid_social", "engineers"),
    "guide": ("trade-press", "banner", "cavitation-guide"),
    "newsletter": ("newsletter", "email", "monthly"),
    "webinars": ("webinar", "event", "pump-hour"),
    "water-check": ("water-check", "landing", "water-check"),
    "partner-mailing": ("partner", "email", "mailing"),
    "telephone": ("telephone", "call", "calling-days"),
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bytes as a portal receives them."""

    body: bytes
    content_type: str
    context: Mapping[str, str] = field(default_factory=dict)


def delivery(seed: int, hand: Hand, who: Inquirer | None) -> Delivery:
    """The bytes of one hand; `who` is None for those that nobody stands behind."""
    if hand.twist == "broken":
        return Delivery(b'{"lead": {"name": "Unter', JSON)
    roll = dice(seed, "body", hand.number)
    if who is None:
        return _nobody(hand, roll)
    values = {**_person(hand, who, roll, seed), **_asking(hand, who, roll)}
    if hand.portal in PAGES:
        values |= {**_codes(hand, who), "_elapsed": f"{roll.uniform(9, 240):.1f}"}
        if dice(seed, "consents", who.number).random() < 0.62:
            values["consent"] = "yes"
        return Delivery(urlencode(values).encode(), FORM, {"page": PAGES[hand.portal]})
    if codes := _codes(hand, who):
        return Delivery(orjson.dumps({"lead": values, "tracking": codes}), JSON)
    return Delivery(orjson.dumps(values), JSON)


def _nobody(hand: Hand, roll: Random) -> Delivery:
    if hand.twist == "trap":
        values = {
            "full_name": "Best Offers",
            "email": f"offers{roll.randint(10, 99)}@bulk-mailing.example",
            "message": "Cheap backlinks for your page",
            "_trap": "https://backlinks.example",
            "_elapsed": "0.4",
        }
        return Delivery(urlencode(values).encode(), FORM)
    return Delivery(orjson.dumps({"lead": {"message": roll.choice(words.CURIOUS)}}), JSON)


def _person(hand: Hand, who: Inquirer, roll: Random, seed: int) -> dict[str, str]:
    """Who it is. People tell the same of themselves and their firm each time; only addresses are spelled anew."""
    values = {
        "given_name": who.given,
        "family_name": who.family,
        "email": _spelled(who.email, roll) if hand.twist == "again" else who.email,
        "company": who.firm,
        "country": who.country,
        "language": who.language,
    }
    own, firm = dice(seed, "tells", who.number), dice(seed, "tells", who.domain)
    if who.phone and own.random() < 0.75:
        values["phone"] = who.phone
    if own.random() < 0.85:
        values["title"] = who.title
    if firm.random() < 0.7:
        values["city"] = who.city
    if firm.random() < 0.65:
        values |= {"employees": str(who.employees), "industry": who.industry}
    if firm.random() < 0.4:
        values["website"] = f"https://www.{who.domain}"
    return values


def _spelled(email: str, roll: Random) -> str:
    """The same address as people type it the second time."""
    return roll.choice((email.upper(), f" {email}", email.capitalize(), email))


def _asking(hand: Hand, who: Inquirer, roll: Random) -> dict[str, str]:
    """What they want, and what they say of budget, authority, need and timing; the truth, mostly."""
    if hand.twist in words.OTHERS:
        return {"message": roll.choice(words.OTHERS[hand.twist]), "inquiry_type": hand.twist}
    values = {"interest": who.interest}
    if hand.portal == "guide-page":
        values["asset"] = "cavitation-guide"
    if who.intent in (Intent.CURIOUS, Intent.NONE):
        values["message"] = roll.choice(words.CURIOUS)
        return values
    need = roll.choice(words.NEEDS[who.interest]).format(n=roll.randint(2, 24))
    soon = who.intent is Intent.BUYING
    values["message"] = f"{need} {roll.choice(words.SOON if soon else words.LATE)}"
    if roll.random() < (0.75 if soon else 0.4):
        values["need"] = "Replacement" if roll.random() < 0.6 else "New line"
    if roll.random() < (0.65 if soon else 0.3):
        values["timing"] = roll.choice(("this month", "within 3 months")) if soon else "next year"
    if roll.random() < (0.5 if soon else 0.15):
        values["budget"] = f"{who.worth // 100} {who.currency}" if soon else "not yet"
    if roll.random() < 0.45 and who.title in words.TITLES["decides"]:
        values["authority"] = "I decide"
    return values


def _codes(hand: Hand, who: Inquirer) -> dict[str, str]:
    """What the address they came by says about where they came from."""
    if hand.programme not in UTM:
        return {}
    source, medium, campaign = UTM[hand.programme]
    return {
        "utm_source": source,
        "utm_medium": medium,
        "utm_campaign": campaign.format(country=who.country.lower()),
    }
