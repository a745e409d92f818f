"""What the measures say of a demo company, beside what is true of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from benchmarks.judging import spearman
from benchmarks.t1_truth import MODELS
from leadloop.loop.simulator import Size, Story, simulate, truth_of
from leadloop.platform.config import load
from leadloop.tracking.columnar.keeping import keep_up, place
from leadloop.tracking.contracts import Period
from leadloop.tracking.figures.asking import figures
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened, opened
from leadloop.tracking.figures.touches import journeys, revenue_by_programme
from leadloop.tracking.leaks.finding import leaks

ZONE = "Europe/Berlin"


def judged(seed: int, leads: int, end: datetime) -> dict[str, Any]:
    """Rank correlations by model, and counts measured and true, JSON-ready."""
    story = simulate(seed=seed, end=end, size=Size(leads=leads))
    truth = truth_of(story)
    where = place(load())
    keep_up(where)
    with opened(where, "duckdb") as copy:
        period = Period(datetime.fromisoformat(truth["start"]), end)
        asked = Asked.of(period, zone=ZONE, now=copy.manifest.as_of)
        return {
            "ranks": _ranks(copy, asked, truth),
            "counts": _counts(figures(copy, asked), story),
            "leaks": _leaks(copy, truth, end),
        }


def _ranks(copy: Opened, asked: Asked, truth: dict[str, Any]) -> dict[str, float]:
    found = journeys(copy, asked)
    true = [one["incremental_base_minor"] for one in truth["programmes"]]
    ranks = {}
    for model in MODELS:
        credited = revenue_by_programme(found, model)
        ranks[model] = spearman([credited.get(one["programme_id"], 0) for one in truth["programmes"]], true)
    return ranks


def _counts(said: Mapping[str, Any], story: Story) -> dict[str, dict[str, int]]:
    """Hand-overs, and how many of them somebody followed up, by the story's own record of who spoke with whom."""
    contacts: dict[int, list[datetime]] = {}
    for one in story.house.rows.activities:
        if one.contacted:
            contacts.setdefault(one.lead_id, []).append(one.happened_at)
    offers = story.house.rows.offers
    followed = sum(any(at >= one.offered_at for at in contacts.get(one.lead_id, ())) for one in offers)
    true = {"hand-overs": len(offers), "followed up": followed, "never followed up": len(offers) - followed}
    names = {"hand-overs": "handed_over", "followed up": "contacted", "never followed up": "untouched"}
    return {name: {"measured": said[f"follow_up.{names[name]}"], "true": count} for name, count in true.items()}


def _leaks(copy: Opened, truth: dict[str, Any], end: datetime) -> dict[str, dict[str, Any]]:
    """By kind and part of the loop: leads as measured and true, the range of what they cost, and what they truly did.

    The copy was made later than the story ends; what is asked is how it looked then.
    """
    asked = Asked.of(Period(end - timedelta(days=365), end), zone=ZONE, now=end)
    said = {f"{one.kind}, {one.part}": one for one in leaks(copy, asked)}
    true = {f"{one['kind']}, {one['part']}": one for one in truth["leaking"]}
    found = {}
    for name in sorted(said.keys() | true.keys()):
        ours, theirs = said.get(name), true.get(name, {})
        money = ours.loss if ours else None
        found[name] = {
            "measured": ours.affected if ours else 0,
            "true": theirs.get("leads", 0),
            "expected": money.expected if money else 0,
            "low": money.low if money else 0,
            "high": money.high if money else 0,
            "lost": theirs.get("lost_base_minor", 0),
        }
    return found
