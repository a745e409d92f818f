"""The lists behind figures of home pages: what they are called, how they are found, which filters they are.

A figure is counted by the very filters by which its rows are listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from leadloop.front.asking import number
from leadloop.front.home.moment import Moment
from leadloop.kernel.errors import NotFound

Subject = Literal["lead", "deal"]
LONGEST = 3660  # days


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows a list: the owner (None: everybody that the viewer sees), and how many days it looks back."""

    owner: int | None = None
    days: int = 30
    before: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Asked:
        """From an address; what can't be read narrows nothing."""
        days = number(asked.get("days")) or 30
        return cls(number(asked.get("owner")), min(days, LONGEST), asked.get("before") == "1")


@dataclass(frozen=True, slots=True)
class Listed:
    """One list. `filters` are those of the room of its subject."""

    label: str
    formula: str
    subject: Subject
    filters: Callable[[Moment, Asked], dict[str, Any]]


def _span(at: Moment, asked: Asked, name: str) -> dict[str, Any]:
    """The last days, or as many days before those."""
    start = at.days_ago(asked.days)
    if asked.before:
        return {f"{name}_from": at.days_ago(2 * asked.days), f"{name}_before": start}
    return {f"{name}_from": start}


_OPEN = {"state": "open"}
LISTS: dict[str, Listed] = {
    "late": Listed(
        "Late leads",
        "Open leads whose next step is past its time",
        "lead",
        lambda at, _: {"open": True, "due_before": at.now},
    ),
    "steps-today": Listed(
        "Next steps and meetings due today",
        "Open leads whose next step is due today, where you are",
        "lead",
        lambda at, _: {"due_kind": "next_step", "due_from": at.day_start, "due_before": at.day_end},
    ),
    "new": Listed(
        "New since yesterday",
        "Open leads that wait for a first decision and came since yesterday, 0:00",
        "lead",
        lambda at, _: {"stage": ["inquiry", "qualified", "assigned"], "stage_from": at.yesterday},
    ),
    "deals-open": Listed("Open deals", "Deals that are neither won nor lost", "deal", lambda _at, _: _OPEN),
    "deals-at-risk": Listed(
        "Deals at risk",
        "Open deals whose closing date has passed, whose next step is late or missing, or on which nothing happened "
        "for 14 days",
        "deal",
        lambda _at, _: {"risk": "any"},
    ),
    "deals-close-passed": Listed(
        "Closing date passed",
        "Open deals that should have been closed before today",
        "deal",
        lambda _at, _: {"risk": "close_passed"},
    ),
    "deals-no-step": Listed(
        "No next step", "Open deals without a next step", "deal", lambda _at, _: {"risk": "no_step"}
    ),
    "deals-silent": Listed(
        "Silent deals",
        "Open deals on which nothing was logged for 14 days",
        "deal",
        lambda _at, _: {"risk": "silent"},
    ),
    "deals-review": Listed(
        "To look at together",
        "Open deals whose closing date was put off at least twice, and commits without a next step",
        "deal",
        lambda _at, _: {"risk": "review"},
    ),
    "deals-opened-lately": Listed(
        "Opened since yesterday",
        "Deals opened since yesterday, 0:00",
        "deal",
        lambda at, _: {"opened_from": at.yesterday},
    ),
    "deals-moved-lately": Listed(
        "Moved since yesterday",
        "Open deals that changed their column since yesterday, 0:00, and were opened before",
        "deal",
        lambda at, _: {"moved_from": at.yesterday},
    ),
    "deals-won-lately": Listed(
        "Won since yesterday",
        "Deals won since yesterday, 0:00",
        "deal",
        lambda at, _: {"state": "won", "closed_from": at.yesterday},
    ),
    "deals-lost-lately": Listed(
        "Lost since yesterday",
        "Deals lost since yesterday, 0:00",
        "deal",
        lambda at, _: {"state": "lost", "closed_from": at.yesterday},
    ),
    "won-this-month": Listed(
        "Won this month",
        "Deals won since the month began where the company is, each at the rate of its closing day",
        "deal",
        lambda at, _: {"state": "won", "closed_from": at.month_start},
    ),
    "deals-opened": Listed(
        "New pipeline",
        "Deals opened in the period, whatever became of them; open and lost ones at today's rate, won ones at that of "
        "their closing day",
        "deal",
        lambda at, asked: _span(at, asked, "opened"),
    ),
    "deals-won": Listed(
        "Won deals", "Deals won in the period", "deal", lambda at, asked: {"state": "won", **_span(at, asked, "closed")}
    ),
    "deals-lost": Listed(
        "Lost deals",
        "Deals lost in the period",
        "deal",
        lambda at, asked: {"state": "lost", **_span(at, asked, "closed")},
    ),
}


def listed(name: str) -> Listed:
    """The list of this name; NotFound for another."""
    if name not in LISTS:
        raise NotFound(f"There is no list {name}", field="name", mend="Open the figure again")
    return LISTS[name]


def filters(name: str, at: Moment, asked: Asked) -> dict[str, Any]:
    """The filters of a list, narrowed to the owner that is asked for."""
    found = listed(name).filters(at, asked)
    return found if asked.owner is None else {**found, "owner": asked.owner}


def named(names: tuple[str, ...], at: Moment, asked: Asked) -> dict[str, dict[str, Any]]:
    """Several lists at once, as the rooms' `tally` takes them."""
    return {name: filters(name, at, asked) for name in names}


def address(name: str, owner: int | None = None, days: int | None = None, *, before: bool = False) -> str:
    """Where a list is shown."""
    parts = {"owner": owner, "days": days, "before": 1 if before else None}
    text = urlencode({key: value for key, value in parts.items() if value is not None})
    return f"/home/rows/{name}" + (f"?{text}" if text else "")
