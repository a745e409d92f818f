"""What a raised hand looks like when it arrives: each portal has its own way of saying things."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from leadloop.loop.simulator import words
from leadloop.loop.simulator.dice import dice
from leadloop.loop.simulator.truth import Hand, Inquirer, Intent

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
UTM = {
    "search": {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "pumps-{country}"},
    "social": {"utm_source": "linkedin", "utm_medium": "paid_social", "utm_campaign": "operations-heads"},
    "guide": {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "cavitation-guide"},
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bytes as a portal receives them."""

    body: bytes
    content_type: str
    context: Mapping[str, str] = field(default_factory=dict)


def delivery(seed: int, hand: Hand, who: Inquirer | None) -> Delivery:
    """The bytes of one hand; `who` is None for those that nobody stands behind."""
    roll = dice(seed, "body", hand.number)
    if hand.twist == "broken":
        return Delivery(b'{"lead": {"name": "Unter', JSON)
    if who is None:
        return _nobody(hand, roll)
    values = {**_person(hand, who, roll), **_asking(hand, who, roll)}
    if hand.portal == "api":
        nested = {"lead": values, "tracking": _codes(hand, who)}
        return Delivery(json.dumps(nested).encode(), JSON)
    if hand.portal == "web-form":
        values |= {**_codes(hand, who), "_elapsed": f"{roll.uniform(9, 240):.1f}"}
        if roll.random() < 0.6:
            values["consent"] = "yes"
        return Delivery(urlencode(values).encode(), FORM, {"page": "/contact"})
    return Delivery(json.dumps(values).encode(), JSON)


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
    return Delivery(json.dumps({"lead": {"message": roll.choice(words.CURIOUS)}}).encode(), JSON)


def _person(hand: Hand, who: Inquirer, roll: Random) -> dict[str, str]:
    """Who it is, as they write it this time."""
    values = {
        "given_name": who.given,
        "family_name": who.family,
        "email": _spelled(who.email, roll) if hand.twist == "again" else who.email,
        "company": who.firm,
        "country": who.country,
        "language": who.language,
    }
    if who.phone and (hand.portal != "web-form" or roll.random() < 0.6):
        values["phone"] = who.phone
    if hand.portal != "phone" or roll.random() < 0.5:
        values |= {"title": who.title, "city": who.city}
    if hand.portal in ("api", "trade-show") or roll.random() < 0.5:
        values |= {"employees": str(who.employees), "industry": who.industry}
    if roll.random() < 0.4:
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
    if who.intent in (Intent.CURIOUS, Intent.NONE):
        values["message"] = roll.choice(words.CURIOUS)
        if roll.random() < 0.5:
            values["asset"] = "cavitation-guide"
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
    return {key: text.format(country=who.country.lower()) for key, text in UTM.get(hand.programme, {}).items()}
