"""The market of the demo: through which portals people come, which programmes bring them, and what these truly do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Effect:
    """What a programme truly does. `anyway` is the share of its people who would have come without it; `lift` is by
    how much it raises the chance to win somebody who met it."""

    anyway: float
    lift: float


# How often somebody raises a hand first through each portal, fairs apart.
PORTALS: Mapping[str, float] = {
    "web-form": 0.26,
    "price-list": 0.09,
    "guide-page": 0.15,
    "water-check": 0.06,
    "chat": 0.06,
    "api": 0.06,
    "ad-forms": 0.1,
    "webinar": 0.07,
    "directory": 0.04,
    "phone": 0.06,
    "referral": 0.05,
}
PROGRAMMES: Mapping[str, Mapping[str, float]] = {
    "web-form": {"search-brand": 0.22, "search-pumps": 0.2, "search-service": 0.08, "newsletter": 0.08, "": 0.42},
    "price-list": {"search-pumps": 0.42, "search-brand": 0.18, "": 0.4},
    "guide-page": {"guide": 0.5, "newsletter": 0.2, "search-pumps": 0.14, "": 0.16},
    "water-check": {"water-check": 0.75, "": 0.25},
    "chat": {"search-service": 0.2, "search-brand": 0.2, "": 0.6},
    "api": {"partner-mailing": 0.35, "": 0.65},
    "ad-forms": {"social-heads": 0.6, "social-engineers": 0.4},
    "webinar": {"webinars": 1.0},
    "directory": {"directory": 1.0},
    "phone": {"telephone": 0.3, "": 0.7},
    "referral": {"": 1.0},
    "trade-show": {"fair": 1.0},
}
EFFECTS: Mapping[str, Effect] = {
    "search-brand": Effect(anyway=0.9, lift=1.0),
    "search-pumps": Effect(anyway=0.35, lift=1.0),
    "search-service": Effect(anyway=0.4, lift=1.0),
    "social-heads": Effect(anyway=0.3, lift=1.05),
    "social-engineers": Effect(anyway=0.25, lift=0.7),
    "guide": Effect(anyway=0.3, lift=1.1),
    "newsletter": Effect(anyway=0.7, lift=1.05),
    "webinars": Effect(anyway=0.25, lift=1.3),
    "water-check": Effect(anyway=0.15, lift=1.25),
    "directory": Effect(anyway=0.6, lift=0.8),
    "partner-mailing": Effect(anyway=0.45, lift=1.0),
    "telephone": Effect(anyway=0.2, lift=0.9),
    "fair": Effect(anyway=0.45, lift=1.15),
}
# What people are after differs by where they come from: (programme or portal, how many times as likely to be buying).
KEEN: Mapping[str, float] = {
    "referral": 2.0,
    "price-list": 1.5,
    "phone": 1.6,
    "search-pumps": 1.3,
    "water-check": 1.3,
    "search-brand": 1.4,
    "webinars": 0.9,
    "guide": 0.6,
    "guide-page": 0.7,
    "social-engineers": 0.4,
    "directory": 0.6,
    "newsletter": 0.8,
    "fair": 0.9,
}
# How lively each month is, January first: pumps are bought in spring and after the summer.
MONTHS = (0.95, 1.0, 1.2, 1.15, 1.1, 0.95, 0.8, 0.65, 1.15, 1.25, 1.1, 0.6)
WEEKDAYS = (1.0, 1.05, 1.05, 1.0, 0.85, 0.18, 0.15)
GROWTH = 0.3  # by how much a year is livelier than the one before
FAIRS = ((3, 10), (9, 22))  # month and day on which the two fairs of a year begin
FAIR_SHARE = 0.08


def liveliness(day: date, first: date) -> float:
    """How many hands are raised on a day, compared with others; `first` is the first day of the story."""
    years = (day - first).days / 365
    return float(MONTHS[day.month - 1] * WEEKDAYS[day.weekday()] * (1 + GROWTH) ** years)


def fair_days(first: date, last: date) -> list[date]:
    """The days of the fairs between two days; the middle three where no fair lies in a short story."""
    days = [
        date(year, month, day) + timedelta(days=step)
        for year in range(first.year, last.year + 1)
        for month, day in FAIRS
        for step in range(3)
    ]
    middle = first + (last - first) / 2
    return [day for day in days if first < day < last] or [middle + timedelta(days=step) for step in range(-1, 2)]


def keenness(programme: str, portal: str) -> float:
    """How many times as likely as others those who come this way are to be buying."""
    return KEEN.get(programme, KEEN.get(portal, 1.0))


def lift_of(programmes: Sequence[str]) -> float:
    """What the programmes that somebody met do to the chance to win them; one met twice counts once."""
    total = 1.0
    for key in dict.fromkeys(programmes):
        total *= EFFECTS[key].lift if key else 1.0
    return total
