"""What is done before anybody has spoken with them: keepers judge, salespeople answer, call, or let it lie."""

from __future__ import annotations

from datetime import datetime, timedelta

from leadloop.distribution.contracts import How
from leadloop.leads.contracts import PromiseKind
from leadloop.loop.simulator.conduct.memory import Act, Pursued
from leadloop.loop.simulator.conduct.people import Desk, act
from leadloop.loop.simulator.conduct.timing import about, soon, uneven, workday
from leadloop.loop.simulator.house.state import Lead
from leadloop.loop.simulator.truth import Intent
from leadloop.selling.contracts import ActivityIn, ActivityKind

KEEPER, CHIEF, HANDS_OVER = "tomas", "grace", "ines"  # nurturing, head of sales, head of lead management
PARTNER, CALL_CENTRE = "pia", "nina"
REACHED = 0.58  # calls that somebody answers
WRITES_AFTER, GIVES_UP_AFTER = 3, 5  # tries; who can't be called is written to
MOST_WAKES = 3
ACCEPTS_ANYWAY = 0.82  # of those who won't follow up: it stops the clock
CLEARED = 0.78  # what was let lie and is put back by the head of sales some day
CLEARED_AFTER = (38, 85)  # days
PATIENCE = 1.1


def nurtured(desk: Desk, lead: Lead, known: Pursued, now: datetime) -> Act | None:
    """On a journey the clock does the work; what was put off is looked at again by the keeper."""
    known.nurtured = True
    if known.who.country == "ES" and not known.asked_partner:
        known.asked_partner = True
        at = soon(now, desk.calendar(HANDS_OVER), known.roll, minutes=240)
        return act(lead, at, HANDS_OVER, "assign", user_id=desk.demo.staff[PARTNER])
    if lead.enrolment is not None or PromiseKind.WAKE not in lead.owed or desk.keys[lead.owner_id] != KEEPER:
        return None
    due_at = lead.owed[PromiseKind.WAKE].due_at
    at = about(due_at, max(now, due_at - timedelta(hours=3)), desk.calendar(KEEPER), known.roll, diligence=0.85)
    return _woken(desk, lead, known, at)


def _woken(desk: Desk, lead: Lead, known: Pursued, at: datetime) -> Act:
    known.wakes += 1
    roll, intent = known.roll, known.who.intent
    past = known.decided(at, PATIENCE)
    to_sales = {Intent.BUYING: 0.75, Intent.LATER: 0.5, Intent.CURIOUS: 0.08, Intent.NONE: 0.02}[intent]
    give_up = {Intent.BUYING: 0.1, Intent.LATER: 0.15, Intent.CURIOUS: 0.6, Intent.NONE: 0.9}[intent]
    chance = roll.random()
    if known.wakes > MOST_WAKES or (past and chance < 0.75) or chance > 1 - give_up:
        unfit = ("not_a_fit", "not_a_fit", "bad_data", "junk")
        reason = roll.choice(unfit) if intent is Intent.NONE and roll.random() < 0.7 else "no_need"
        return act(lead, at, KEEPER, "disqualify", reason=reason)
    if chance < to_sales:
        if roll.random() < 0.25:
            return act(lead, at, KEEPER, "assign", user_id=desk.demo.staff[CALL_CENTRE])
        return act(lead, at, KEEPER, "qualify")
    return act(lead, at, KEEPER, "snooze", until=workday(at, (25, 75), roll))


def offered(desk: Desk, lead: Lead, known: Pursued, now: datetime) -> Act | None:
    """Accept the hand-over, give it back with a reason, or let its time run out."""
    offer = lead.offer
    if offer is None:
        return None
    key, roll = desk.keys[offer.user_id], known.roll
    if offer.how == How.FALLBACK:
        return act(lead, soon(now, desk.calendar(key), roll, minutes=200), key, "accept")
    if not desk.follows(known, key):
        if roll.random() < ACCEPTS_ANYWAY:
            return act(lead, soon(now, desk.calendar(key), roll, minutes=70, spread=0.4), key, "accept")
        return None
    at = soon(now, desk.calendar(key), roll, minutes=26, spread=0.6)
    if (reason := _refusal(known)) and offer.how == How.ROTATION:
        return act(lead, at, key, "reject", reason=reason)
    return act(lead, at, key, "accept")


def _refusal(known: Pursued) -> str:
    """Why a lead is given back; empty for most. Some good ones are given back too."""
    roll, intent = known.roll, known.who.intent
    chance = roll.random()
    if intent is Intent.NONE and chance < 0.35:
        return roll.choice(("not_a_fit", "no_need", "bad_data"))
    if intent is Intent.CURIOUS and chance < 0.08:
        return "not_now"
    return "not_my_area" if chance > 0.975 else "not_now" if chance > 0.955 else ""


def accepted(desk: Desk, lead: Lead, known: Pursued, now: datetime) -> Act | None:
    """Try to reach them; give up for now when nobody ever answers."""
    key, roll = desk.keys[lead.owner_id], known.roll
    if key == CHIEF:
        sellers = [one for one in desk.demo.who.sellers if desk.diligence(one) > 0.5]
        at = soon(now, desk.calendar(key), roll, minutes=90)
        return act(lead, at, key, "assign", user_id=desk.demo.staff[roll.choice(sellers)])
    if not desk.follows(known, key):
        return let_lie(lead, known, now)
    calendar = desk.calendar(key)
    if known.tries == 0 or lead.owed.get(PromiseKind.NEXT_STEP) is None:
        at = soon(now, calendar, roll, minutes=150)
    else:
        at = about(lead.owed[PromiseKind.NEXT_STEP].due_at, now, calendar, roll, diligence=desk.diligence(key))
    known.tries += 1
    if roll.random() < REACHED:
        return act(lead, at, key, "log", entry=_reached(lead, known, at))
    if known.tries >= GIVES_UP_AFTER:
        known.tries = 0
        return act(lead, at, key, "recycle", reason="no_answer")
    if known.tries >= WRITES_AFTER and roll.random() < desk.diligence(key):
        written = entry(lead, known, ActivityKind.MAIL, "sent", "", workday(at, (3, 6), roll), "Ask whether it arrived")
        return act(lead, at, key, "log", entry=written)
    outcome = roll.choice(("no_answer", "no_answer", "voicemail"))
    step = workday(at, (1, 2), roll)
    return act(lead, at, key, "log", entry=entry(lead, known, ActivityKind.CALL, outcome, "", step, "Call again"))


def _reached(lead: Lead, known: Pursued, at: datetime) -> ActivityIn:
    booked = known.roll.random() < 0.3
    outcome, note = ("booked_meeting", "Visit agreed.") if booked else ("talked", "Asked for the details.")
    step = "Visit" if booked else "Send data sheets and call"
    return entry(lead, known, ActivityKind.CALL, outcome, note, workday(at, (2, 6), known.roll), step)


def let_lie(lead: Lead, known: Pursued, now: datetime) -> Act | None:
    """Nothing is done for weeks. Some day the head of sales puts some of it back; the rest stays where it leaks."""
    known.late = True
    if known.roll.random() > CLEARED:
        return None
    at = workday(now, CLEARED_AFTER, known.roll)
    reason = known.roll.choice(("no_answer", "went_silent"))
    return act(lead, uneven(at, known.roll), CHIEF, "recycle", reason=reason)


def entry(
    lead: Lead, known: Pursued, kind: ActivityKind, outcome: str, note: str, step_at: datetime, step: str
) -> ActivityIn:
    """What is logged, with the next step that it promises."""
    return ActivityIn(
        lead_id=lead.id,
        kind=kind,
        outcome=outcome,
        note=note,
        minutes=known.roll.randint(2, 40),
        next_step_at=step_at,
        next_step_note=step,
    )
