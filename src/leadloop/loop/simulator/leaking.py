"""What truly leaked in the last year of a story: who was treated badly, and what that cost.

Whether somebody buys is known of everybody. So what a badly treated lead would have brought is read off those who
were treated well and were after the same, would or would not buy, and had as much time left before they decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import orjson

from leadloop.leads.contracts import CLOSED_STAGES, Stage
from leadloop.loop.simulator.house.rows import EVENT
from leadloop.loop.simulator.house.state import Lead, Offer
from leadloop.loop.simulator.story import Story

YEAR, DAY, STUCK, RIPE = timedelta(days=365), timedelta(days=1), timedelta(days=30), timedelta(days=90)
BANDS = (0, 30)  # days that are left before they decide
ENOUGH = 10  # leads in a group from which a chance is read off
PARTS: Mapping[Stage, str] = {
    Stage.INQUIRY: "qualification",
    Stage.NURTURING: "nurturing",
    Stage.QUALIFIED: "distribution",
    Stage.ASSIGNED: "distribution",
    Stage.ACCEPTED: "selling",
    Stage.WORKING: "selling",
    Stage.OPPORTUNITY: "selling",
}
Likeness = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A hand-over or a stay in a stage: how a lead was treated there, counted at `at`. `begun` is when it began."""

    kind: str
    part: str
    lead: Lead
    begun: datetime
    at: datetime
    badly: bool
    stage: Stage = Stage.ASSIGNED


def leaking(story: Story, would_buy: Callable[[Lead], bool]) -> list[dict[str, Any]]:
    """Per kind and part of the loop: the leads treated badly within the year up to the end, each once, and what they
    would have brought beyond what they did, in expected wins and in the company's currency."""
    cases = [*_handed(story), *_given_back(story), *_stays(story)]
    like = {lead.id: _likeness(story, lead, would_buy(lead)) for lead in story.house.rows.leads}
    won = {deal.primary.id: deal.base_minor or 0 for deal in story.house.rows.deals if deal.state == "won"}
    chance = _chances(story, cases, like, won)
    found: dict[tuple[str, str], dict[int, Case]] = defaultdict(dict)
    for case in cases:
        if case.badly and story.truth.end - YEAR <= case.at < story.truth.end:
            found[case.kind, case.part][case.lead.id] = case
    return [
        {"kind": kind, "part": part, "leads": len(leads), **_lost(story, list(leads.values()), chance, won)}
        for (kind, part), leads in sorted(found.items())
    ]


def _lost(
    story: Story, cases: list[Case], chance: Callable[[Case], float], won: Mapping[int, int]
) -> dict[str, float | int]:
    """A deal that takes long is lost for no other reason than its buyer: there, nothing leaks."""
    today = story.truth.end.astimezone(story.house.around.zone).date()
    wins, minor = 0.0, 0.0
    for case in cases:
        if case.stage is Stage.OPPORTUNITY:
            continue
        who = story.desk.pursued[case.lead.id].who
        likely = chance(case)
        wins += likely - (case.lead.id in won)
        minor += likely * story.house.around.base(who.worth, who.currency, today) - won.get(case.lead.id, 0)
    return {"wins": round(wins, 1), "lost_base_minor": round(minor)}


def _chances(
    story: Story, cases: list[Case], like: Mapping[int, Callable[[datetime], Likeness]], won: Mapping[int, int]
) -> Callable[[Case], float]:
    """What share of those alike and treated well was won; of fewer than ENOUGH, whatever time was left."""
    seen: dict[Likeness, list[int]] = defaultdict(lambda: [0, 0])

    def keys(case: Case) -> tuple[Likeness, Likeness]:
        whole = (case.kind, case.part, case.stage, *like[case.lead.id](case.begun))
        return whole, whole[:-1]

    for case in cases:
        if not case.badly and (case.lead.closed_at or case.at < story.truth.end - RIPE):
            for key in keys(case):
                seen[key][0] += 1
                seen[key][1] += case.lead.id in won

    def chance(case: Case) -> float:
        groups = [seen[key] for key in keys(case)]
        leads, wins = next((one for one in groups if one[0] >= ENOUGH), groups[-1])
        return wins / leads if leads else 0.0

    return chance


def _likeness(story: Story, lead: Lead, would_buy: bool) -> Callable[[datetime], Likeness]:  # noqa: FBT001 - one fact
    known = story.desk.pursued[lead.id]
    decides = known.raised_at + timedelta(days=known.who.decides_in)
    return lambda at: (known.who.intent, would_buy, sum((decides - at).days > edge for edge in BANDS))


def _handed(story: Story) -> Iterator[Case]:
    """Hand-overs of the year that are a day old: never followed up, or late rather than within a day."""
    contacts: dict[int, list[datetime]] = {}
    for one in story.house.rows.activities:
        if one.contacted:
            contacts.setdefault(one.lead_id, []).append(one.happened_at)
    for lead, offer in _offers(story):
        at = offer.offered_at
        if not story.truth.end - YEAR <= at < story.truth.end - DAY:
            continue
        first = min((one for one in contacts.get(lead.id, ()) if one >= at), default=None)
        yield Case("unfollowed", "selling", lead, at, at, first is None)
        if first is not None:
            yield Case("late", "selling", lead, at, at, first - at > DAY)


def _given_back(story: Story) -> Iterator[Case]:
    for lead, offer in _offers(story):
        at = offer.offered_at
        if at >= story.truth.end - YEAR and offer.state in ("accepted", "rejected", "pulled_back"):
            yield Case("rejected", "distribution", lead, at, at, offer.state != "accepted")


def _offers(story: Story) -> Iterator[tuple[Lead, Offer]]:
    for lead in story.house.rows.leads:
        for offer in lead.offers:
            yield lead, offer


def _stays(story: Story) -> Iterator[Case]:
    """Stays in a stage that began within the year and could have lasted a month by now."""
    kind, at, about, payload = (EVENT.index(name) for name in ("kind", "happened_at", "lead_id", "payload"))
    entered: dict[int, list[tuple[datetime, Stage]]] = defaultdict(list)
    for fact in story.house.rows.facts:
        if fact[kind] in ("lead.opened", "lead.moved"):
            said = orjson.loads(fact[payload])
            entered[fact[about]].append((fact[at], Stage(said.get("after") or said["stage"])))
    end = story.truth.end
    for lead in story.house.rows.leads:
        for (begun, stage), (left, _) in pairwise([*entered[lead.id], (end, lead.stage)]):
            if stage not in CLOSED_STAGES and end - YEAR <= begun < end - STUCK:
                yield Case("stuck", PARTS[stage], lead, begun, begun + STUCK, left - begun > STUCK, stage)
