"""The first steps of a newcomer: at most six lines that tick themselves from what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.front.access import everybody, viewer_of
from leadloop.front.home.tabs import tabs_of
from leadloop.front.setup.steps import steps
from leadloop.kernel import clock
from leadloop.leads.queries import tally
from leadloop.ledger.contracts import by_user
from leadloop.ledger.queries import kinds_present
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability as Can
from leadloop.platform.services import change_user
from leadloop.selling.contracts import ActivityKind
from leadloop.selling.queries import doings

NEW_FOR = timedelta(days=30)
TAKEN_ON = ["accepted", "working", "opportunity", "won", "lost"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do. `by` says what ticks it: a fact of the company's, or something of one's own."""

    label: str
    url: str
    by: str


WORK = (
    Line("Take a lead on", "/worklist", "own:taken"),
    Line("Log a call, mail or meeting", "/worklist", "own:logged"),
    Line("Bring a lead to an opportunity", "/worklist", "own:deal"),
)
LISTS: Mapping[str, tuple[Line, ...]] = {
    "sales": (*WORK, Line("Say what you will win", "/forecast/mine", "forecast.submitted")),
    "calls": (
        Line("Make a call and log how it ended", "/calls", "own:called"),
        Line("Talk with somebody", "/calls", "own:talked"),
        Line("Book a meeting", "/calls", "own:booked"),
    ),
    "team": (
        Line("See the agreement signed", "/agreement", "agreement.signature"),
        Line("See a lead accepted", "/leads", "lead.accepted"),
        Line("See a call logged", "/leads", "activity.logged"),
        Line("See a deal opened", "/pipeline", "opportunity.opened"),
        Line("Plan a month", "/forecast", "forecast.planned"),
        Line("Win the first deal", "/pipeline", "opportunity.won"),
    ),
    "marketing": (
        Line("Receive an inquiry", "/portals", "inquiry.received"),
        Line("Set up a programme", "/programmes", "programme.created"),
        Line("Book what it costs", "/programmes", "cost.booked"),
        Line("Keep a segment", "/segments", "segment.saved"),
        Line("Send a mailing", "/mailings", "mailing.confirmed"),
    ),
    "flow": (
        Line("Receive an inquiry", "/portals", "inquiry.received"),
        Line("See the agreement signed", "/agreement", "agreement.signature"),
        Line("Bring leads in from a file", "/imports", "import.finished"),
        Line("See a lead handed over", "/leads", "lead.assigned"),
        Line("See it accepted", "/leads", "lead.accepted"),
        Line("See a deal opened", "/pipeline", "opportunity.opened"),
    ),
    "money": (
        Line("Plan a month", "/forecast", "forecast.planned"),
        Line("Book what marketing costs", "/programmes", "cost.booked"),
        Line("See a deal opened", "/pipeline", "opportunity.opened"),
        Line("Win the first deal", "/pipeline", "opportunity.won"),
    ),
}
LISTS = {**LISTS, "president": LISTS["money"]}


def is_new(user: Any, now: datetime) -> bool:
    """Whether somebody still gets first steps: within thirty days, and not put away. No query."""
    return bool(getattr(user, "checklist", False)) and now - user.created_at < NEW_FOR


@require_GET
@everybody
def checklist(request: HttpRequest) -> HttpResponse:
    """The lines, asked for when the page stands: it costs the page itself nothing."""
    viewer, now = viewer_of(request), clock.now()
    lines = first_steps(viewer, since=now - NEW_FOR, now=now) if is_new(request.user, now) else []
    done = sum(line["done"] for line in lines)
    return render(request, "home/_checklist.html", {"lines": lines, "done": done})


@require_POST
@everybody
def put_away(request: HttpRequest) -> HttpResponse:
    """Not shown any more."""
    user_id = viewer_of(request).user_id
    change_user(user_id=user_id, changes={"checklist": False}, actor=by_user(user_id), now=clock.now())
    return redirect("/home")


def first_steps(viewer: Viewer, *, since: datetime, now: datetime) -> list[dict[str, Any]]:
    """At most six lines for the first of the viewer's roles; whoever sets the company up sees its steps first.

    A constant number of queries.
    """
    if viewer.may(Can.SETTINGS, "edit"):
        found = [step for step in steps() if not step.optional]
        if not all(step.done for step in found):
            return [{"label": f"{one.title}: {_small(one.words)}", "url": one.url, "done": one.done} for one in found]
    lines = next((LISTS[tab] for tab in tabs_of(viewer.roles) if tab in LISTS), ())
    there = kinds_present([line.by for line in lines if not line.by.startswith("own:")])
    if any(line.by.startswith("own:") for line in lines):
        there |= _own(viewer, since, now)
    return [{"label": line.label, "url": line.url, "done": line.by in there} for line in lines]


def _own(viewer: Viewer, since: datetime, now: datetime) -> set[str]:
    """What the viewer has done. Two queries."""
    logged = doings(viewer.user_id, since, now)
    calls = {one.outcome for one in logged if one.kind is ActivityKind.CALL}
    wanted = {
        "own:taken": {"owner": viewer.user_id, "stage": TAKEN_ON},
        "own:deal": {"owner": viewer.user_id, "stage": ["opportunity", "won"]},
    }
    counted = tally(viewer, wanted, now=now)[None]
    found = {name for name, count in counted.items() if count}
    found |= {"own:logged"} if any(one.kind is not ActivityKind.NOTE for one in logged) else set()
    found |= {"own:called"} if calls else set()
    found |= {"own:talked"} if calls & {"talked", "booked_meeting"} else set()
    return found | ({"own:booked"} if "booked_meeting" in calls else set())


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
