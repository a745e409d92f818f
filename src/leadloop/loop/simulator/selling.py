"""How salespeople work: through the same commands as their pages. One of them follows up badly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from leadloop.kernel import clock
from leadloop.leads.contracts import LeadRow, Stage, Tab
from leadloop.leads.queries import worklist
from leadloop.loop import commands
from leadloop.loop.simulator import dealing
from leadloop.loop.simulator.days import workday
from leadloop.loop.simulator.story import Pursued, Story
from leadloop.loop.simulator.truth import Intent
from leadloop.platform.contracts import Viewer
from leadloop.selling.contracts import ActivityIn, ActivityKind

DILIGENCE = {"kim": 0.96, "ola": 0.93, "sam": 0.9, "dara": 0.3}  # how likely something due is done this turn
PER_TURN, MINUTES = 20, 6  # what fits into a turn, and how long each takes
SOON = timedelta(hours=5)
GIVES_UP_AFTER = 4  # calls that nobody answered


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody about to do something: who, on which lead, when, and what chance says."""

    viewer: Viewer
    lead: LeadRow
    known: Pursued
    now: datetime
    roll: Random

    def log(self, kind: ActivityKind, outcome: str, note: str, days: tuple[int, int], step: str) -> None:
        """Log what was done and promise the next step."""
        entry = ActivityIn(
            lead_id=self.lead.id,
            kind=kind,
            outcome=outcome,
            note=note,
            minutes=self.roll.randint(2, 40),
            next_step_at=workday(self.now, days, self.roll),
            next_step_note=step,
        )
        commands.log(self.viewer, entry, now=self.now)
        if kind is ActivityKind.MEETING:
            self.known.met = True


def turn(story: Story, key: str, viewer: Viewer, start: datetime) -> int:
    """One salesperson works down their list from `start`; returns how many things were done."""
    page = worklist(viewer, tab=Tab.TODAY, limit=80, now=start)
    done = 0
    for lead in page.rows:
        known, roll = story.of(lead), story.roll(key, lead.id)
        now = start + timedelta(minutes=MINUTES * done)
        if done == PER_TURN or now >= story.truth.end:
            break
        if known is None or lead.stage not in STEPS or not _is_time(lead, now) or roll.random() > DILIGENCE[key]:
            continue
        with clock.at(now):
            STEPS[lead.stage](Act(viewer, lead, known, now, roll))
        done += 1
    return done


def _is_time(lead: LeadRow, now: datetime) -> bool:
    fresh = lead.stage in (Stage.ASSIGNED, Stage.ACCEPTED)
    return fresh or (lead.due_at is not None and lead.due_at <= now + SOON)


def _answer(act: Act) -> None:
    """Accept the hand-over, or give it back with a reason."""
    chance = act.roll.random()
    if act.known.who.intent is Intent.NONE and chance < 0.3:
        reason = act.roll.choice(("not_a_fit", "no_need", "bad_data"))
        commands.reject(act.viewer, [act.lead.id], reason=reason, now=act.now)
    elif chance < 0.03:
        commands.reject(act.viewer, [act.lead.id], reason="not_my_area", now=act.now)
    else:
        commands.accept(act.viewer, [act.lead.id], now=act.now)


def _reach(act: Act) -> None:
    """Try to speak with them; give up for now when nobody ever answers."""
    act.known.tries += 1
    if act.roll.random() < 0.55:
        act.known.first_contact = act.known.first_contact or act.now
        booked = act.roll.random() < 0.3
        outcome, note = ("booked_meeting", "Visit agreed.") if booked else ("talked", "Asked for the details.")
        act.log(ActivityKind.CALL, outcome, note, (2, 6), "Visit" if booked else "Send data sheets and call")
    elif act.known.tries < GIVES_UP_AFTER:
        outcome = act.roll.choice(("no_answer", "no_answer", "voicemail"))
        act.log(ActivityKind.CALL, outcome, "", (1, 2), "Call again")
    else:
        commands.recycle(act.viewer, [act.lead.id], reason="no_answer", now=act.now)


def _talk(act: Act) -> None:
    """In contact: find out what it is, and make a deal of it or let it go."""
    act.known.contacts += 1
    intent, chance = act.known.who.intent, act.roll.random()
    ready = {Intent.BUYING: 0.62, Intent.LATER: 0.3, Intent.CURIOUS: 0.08, Intent.NONE: 0.0}[intent]
    if chance < ready:
        dealing.open_deal(act.viewer, act.lead, act.known, act.roll, act.now)
    elif intent is Intent.BUYING or act.known.contacts < 2:
        kind, outcome = act.roll.choice(((ActivityKind.MEETING, "held"), (ActivityKind.MAIL, "sent")))
        act.log(kind, outcome, "Went through the requirements.", (3, 8), "Talk about the next steps")
    elif intent is Intent.NONE:
        reason = act.roll.choice(("not_a_fit", "no_need", "competitor"))
        commands.disqualify(act.viewer, [act.lead.id], reason=reason, now=act.now)
    else:
        days = act.roll.randint(25, 80)
        commands.recycle(act.viewer, [act.lead.id], reason="not_now", wake_days=days, now=act.now)


def _deal(act: Act) -> None:
    """Bring a deal forward, or to its end."""
    if act.known.deal_id is None:
        return
    if dealing.is_decided(act.known, act.roll, act.now):
        dealing.close(act.viewer, act.lead, act.known, act.roll, act.now)
        return
    kind, outcome, note = act.roll.choice(
        (
            (ActivityKind.CALL, "talked", "Open questions answered."),
            (ActivityKind.MEETING, "held", "Looked at the site together."),
            (ActivityKind.MAIL, "replied", "They ask for one more drawing."),
        )
    )
    act.log(kind, outcome, note, (4, 9), act.roll.choice(("Call about the offer", "Send the drawing", "Visit")))
    dealing.go_on(act.viewer, act.known, act.roll, act.now)


STEPS: dict[Stage, Callable[[Act], None]] = {
    Stage.ASSIGNED: _answer,
    Stage.ACCEPTED: _reach,
    Stage.WORKING: _talk,
    Stage.OPPORTUNITY: _deal,
}
