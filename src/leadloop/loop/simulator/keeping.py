"""What the keepers of the early stages do: judge what is left to judge, and look again at what was put off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from leadloop.kernel import clock
from leadloop.leads.contracts import LeadRow, PromiseKind, Stage, Tab
from leadloop.leads.queries import worklist
from leadloop.loop import commands
from leadloop.loop.simulator.story import Story
from leadloop.loop.simulator.truth import Intent
from leadloop.platform.contracts import Viewer

JUDGED = (PromiseKind.QUALIFY, PromiseKind.WAKE)
TO_SALES: Mapping[Intent, float] = {Intent.BUYING: 0.9, Intent.LATER: 0.45, Intent.CURIOUS: 0.12, Intent.NONE: 0.03}


def turn(story: Story, key: str, viewer: Viewer, start: datetime) -> int:
    """One keeper works down their list from `start`; returns how many things were done."""
    done = 0
    for lead in worklist(viewer, tab=Tab.TODAY, limit=40, now=start).rows:
        now = start + timedelta(minutes=3 * done)
        if lead.due_kind not in JUDGED or lead.stage not in (Stage.INQUIRY, Stage.NURTURING) or story.of(lead) is None:
            continue
        with clock.at(now):
            _judge(story, key, viewer, lead, now)
        done += 1
    return done


def _judge(story: Story, key: str, viewer: Viewer, lead: LeadRow, now: datetime) -> None:
    known, roll = story.of(lead), story.roll(key, lead.id)
    assert known is not None
    if roll.random() < TO_SALES[known.who.intent]:
        known.nurtured = lead.stage is Stage.NURTURING
        commands.qualify(viewer, [lead.id], now=now)
    elif known.who.intent is Intent.NONE:
        commands.disqualify(viewer, [lead.id], reason=roll.choice(("not_a_fit", "no_need")), now=now)
    else:
        commands.snooze(viewer, [lead.id], until=now + timedelta(days=roll.randint(14, 40)), now=now)
