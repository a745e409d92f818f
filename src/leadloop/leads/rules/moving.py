"""May this lead make this move?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from leadloop.agreement.contracts import ReasonUse, Terms
from leadloop.kernel.decision import Decision, Reason
from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import CLOSED_STAGES, Move, Stage
from leadloop.leads.rules.stages import (
    MOVES,
    REASON_TO_CLOSE,
    REASON_TO_GO_BACK,
    leaves_out_a_stage,
    leaves_out_qualified,
)

_USES: dict[ReasonUse, str] = {
    "reject": "rejecting",
    "recycle": "putting it back into nurturing",
    "lose": "losing",
    "disqualify": "disqualifying",
    "skip": "leaving a stage out",
    "pull_back": "pulling back",
    "win": "winning",
    "merge": "merging",
}


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """What a move is judged by. `has_open_twin`: another open lead of the same person and interest."""

    stage: Stage
    closed_at: datetime | None = None
    has_open_twin: bool = False


def may_move(facts: MoveFacts, move: Move, terms: Terms, now: datetime) -> Decision[bool]:
    """Whether the move may be made: by the table of moves, with the reason it asks for, and in time.

    Yes carries one reason that says which move it is; no carries everything that stands against it.
    """
    if move.to is facts.stage:
        return _no(Reason("same_stage", f"The lead stands in “{terms.label(move.to)}” already."))
    if move.to not in MOVES[facts.stage]:
        return _no(Reason("no_such_move", f"No way leads {_way(facts.stage, move.to, terms)}."))
    against = (*_reopening(facts, terms, now), *_reasons(facts.stage, move, terms))
    if against:
        return Decision(outcome=False, reasons=against)
    return Decision(outcome=True, reasons=(Reason("move", f"It goes {_way(facts.stage, move.to, terms)}."),))


def needed_uses(before: Stage, to: Stage) -> tuple[ReasonUse, ...]:
    """For what the reason of a move must be meant; empty when it needs none."""
    return REASON_TO_CLOSE.get(to) or REASON_TO_GO_BACK.get((before, to), ())


def exception_of(before: Stage, move: Move, terms: Terms) -> str:
    """The code with which a lead is handed over unqualified; empty for every other move."""
    return _skip_code(move, terms) if leaves_out_qualified(before, move.to) else ""


def _no(reason: Reason) -> Decision[bool]:
    return Decision(outcome=False, reasons=(reason,))


def _skip_code(move: Move, terms: Terms) -> str:
    known = terms.clauses.reasons
    said = (move.exception_code, move.reason)
    return next((code for code in said if code in known and "skip" in known[code].uses), "")


def _reopening(facts: MoveFacts, terms: Terms, now: datetime) -> Iterator[Reason]:
    if facts.stage not in CLOSED_STAGES:
        return
    days = terms.clauses.reopen_days
    if facts.closed_at is None or now - facts.closed_at > timedelta(days=days):
        yield Reason("closed_too_long", f"It was closed more than {days} days ago. A new inquiry opens a new lead.")
    if facts.has_open_twin:
        yield Reason("open_twin", "This person has another open lead for the same interest.")


def _reasons(before: Stage, move: Move, terms: Terms) -> Iterator[Reason]:
    known = terms.clauses.reasons
    for code in {move.reason, move.exception_code} - {""}:
        if code not in known:
            yield Reason("unknown_reason", f"“{code}” is no reason of the agreement.")
    uses = needed_uses(before, move.to)
    if uses and not (move.reason in known and set(uses) & set(known[move.reason].uses)):
        yield Reason("needs_reason", _asking(uses, terms))
    if leaves_out_a_stage(before, move.to) and not _skip_code(move, terms):
        yield Reason("needs_skip_reason", _asking(("skip",), terms))


def _asking(uses: tuple[ReasonUse, ...], terms: Terms) -> str:
    labels = list(dict.fromkeys(label for use in uses for label in terms.reasons_for(use).values()))
    choice = ", ".join(labels) or "none stands in the agreement yet"
    return f"Give a reason for {' or '.join(_USES[use] for use in uses)}: {choice}."


def _way(before: Stage, to: Stage, terms: Terms) -> str:
    return f"from “{terms.label(before)}” to “{terms.label(to)}”"
