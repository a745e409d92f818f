"""Deals: brought forward step by step, put off, won or lost as the truth has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from leadloop.loop.simulator.conduct.early import entry
from leadloop.loop.simulator.conduct.memory import Act, Pursued
from leadloop.loop.simulator.conduct.people import Desk, act
from leadloop.loop.simulator.conduct.timing import about, uneven, workday
from leadloop.loop.simulator.house.state import Deal, Lead
from leadloop.loop.simulator.truth import Intent
from leadloop.selling.contracts import ActivityKind

LOST_BECAUSE = {"price": 0.3, "bought_elsewhere": 0.36, "went_silent": 0.2, "no_need": 0.14}
HOPELESS = 0.08  # of those who won't buy, at each visit: they say so early
QUIET = 0.12  # visits after which the other side is silent for weeks
DONE = (
    (ActivityKind.CALL, "talked", "Open questions answered."),
    (ActivityKind.MEETING, "held", "Looked at the site together."),
    (ActivityKind.MAIL, "replied", "They ask for one more drawing."),
    (ActivityKind.CALL, "talked", "Purchasing wants a better price for a longer term."),
)


def on_deal(desk: Desk, lead: Lead, known: Pursued, now: datetime) -> Act | None:
    """The next thing that is done about a deal; it is done on the lead that led to it."""
    deal = lead.deal
    if deal is None or deal.primary is not lead:
        return None
    key, roll = desk.keys[deal.owner_id], known.roll
    if known.todo:
        todo, known.todo = known.todo, ""
        return _right_after(desk, lead, deal, todo, uneven(now + timedelta(minutes=roll.uniform(2, 9)), roll), key)
    at = about(deal.next_step_at, now, desk.calendar(key), roll, diligence=desk.diligence(key))
    if roll.random() < QUIET:
        at = uneven(workday(at, (12, 35), roll), roll)
    if _closes(desk, lead, deal, known, at):
        return _close(desk, lead, known, at, key)
    known.visits += 1
    known.todo = _todo(desk, deal, known, at)
    return _visit(lead, known, at, key)


def _visit(lead: Lead, known: Pursued, at: datetime, key: str) -> Act:
    roll = known.roll
    kind, outcome, note = roll.choice(DONE)
    known.met = known.met or kind is ActivityKind.MEETING
    step = roll.choice(("Call about the offer", "Send the drawing", "Visit", "Talk to purchasing"))
    logged = entry(lead, known, kind, outcome, note, workday(at, (5, 13), roll), step)
    return act(lead, at, key, "log", entry=logged)


def _todo(desk: Desk, deal: Deal, known: Pursued, at: datetime) -> str:
    """What is changed on the board right after a visit."""
    if deal.stage_key != list(desk.around.board)[-1] and known.roll.random() < 0.6:
        return "forward"
    return "put_off" if deal.close_on <= (at + timedelta(days=4)).date() else ""


def _right_after(desk: Desk, lead: Lead, deal: Deal, todo: str, at: datetime, key: str) -> Act:
    if todo == "forward":
        stages = list(desk.around.board)
        return act(lead, at, key, "move_deal", stage=stages[stages.index(deal.stage_key) + 1])
    later = desk.pursued[lead.id].roll.randint(14, 45)
    return act(lead, at, key, "put_off", close_on=(at + timedelta(days=later)).date())


def _closes(desk: Desk, lead: Lead, deal: Deal, known: Pursued, at: datetime) -> bool:
    """Whether they decide now: in the last column, once their time has come; some say no earlier."""
    roll = known.roll
    if known.decided(at, 1.25):
        return True
    if not desk.would_buy(lead, at) and roll.random() < HOPELESS:
        return True
    last = deal.stage_key == list(desk.around.board)[-1]
    ripe = known.decided(at, 0.7) or known.who.intent in (Intent.CURIOUS, Intent.NONE)
    return last and ripe and roll.random() < 0.7


def _close(desk: Desk, lead: Lead, known: Pursued, at: datetime, key: str) -> Act:
    roll = known.roll
    if desk.would_buy(lead, at):
        known.won = True
        return act(lead, at, key, "win")
    if known.who.intent is Intent.LATER and roll.random() < 0.35:
        return act(lead, at, key, "lose", reason="not_now", recycled=True)
    reason = roll.choices(list(LOST_BECAUSE), list(LOST_BECAUSE.values()))[0]
    return act(lead, at, key, "lose", reason=reason, recycled=False)
