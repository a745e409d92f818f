"""The stage machine as tables: which stage leads where, what is owed there, what a move asks for."""

from __future__ import annotations

from leadloop.agreement.contracts import ReasonUse
from leadloop.leads.contracts import PromiseKind, Stage

ORDER = (
    Stage.INQUIRY,
    Stage.NURTURING,
    Stage.QUALIFIED,
    Stage.ASSIGNED,
    Stage.ACCEPTED,
    Stage.WORKING,
    Stage.OPPORTUNITY,
    Stage.WON,
)
RANK = {stage: place for place, stage in enumerate(ORDER)}

# A named keeper of the agreement answers for a lead in these; further on, a salesperson does.
KEEPER_STAGES = frozenset({Stage.INQUIRY, Stage.NURTURING, Stage.QUALIFIED})

_EXITS = frozenset({Stage.LOST, Stage.DISQUALIFIED, Stage.MERGED})


def _from(first: Stage, *back: Stage) -> frozenset[Stage]:
    return frozenset(ORDER[RANK[first] :]) | _EXITS | frozenset(back)


# Undoing is no move: it puts back what stood before.
MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.INQUIRY: _from(Stage.NURTURING),
    Stage.NURTURING: _from(Stage.QUALIFIED),
    Stage.QUALIFIED: _from(Stage.ASSIGNED, Stage.NURTURING),
    Stage.ASSIGNED: _from(Stage.ACCEPTED, Stage.NURTURING, Stage.QUALIFIED),
    Stage.ACCEPTED: _from(Stage.WORKING, Stage.NURTURING),
    Stage.WORKING: _from(Stage.OPPORTUNITY, Stage.NURTURING),
    Stage.OPPORTUNITY: _from(Stage.WON, Stage.NURTURING),
    Stage.WON: frozenset({Stage.OPPORTUNITY}),
    Stage.LOST: frozenset({Stage.NURTURING, Stage.QUALIFIED, Stage.WORKING, Stage.OPPORTUNITY}),
    Stage.DISQUALIFIED: frozenset({Stage.NURTURING, Stage.QUALIFIED}),
    Stage.MERGED: frozenset(),
}

# Moves ahead that leave no stage out; every other move ahead skips and says why.
STEPS = frozenset(
    {
        (Stage.INQUIRY, Stage.NURTURING),
        (Stage.INQUIRY, Stage.QUALIFIED),
        (Stage.NURTURING, Stage.QUALIFIED),
        (Stage.QUALIFIED, Stage.ASSIGNED),
        (Stage.ASSIGNED, Stage.ACCEPTED),
        (Stage.ACCEPTED, Stage.WORKING),
        (Stage.WORKING, Stage.OPPORTUNITY),
        (Stage.OPPORTUNITY, Stage.WON),
    }
)

REASON_TO_CLOSE: dict[Stage, tuple[ReasonUse, ...]] = {
    Stage.WON: ("win",),
    Stage.LOST: ("lose",),
    Stage.DISQUALIFIED: ("disqualify",),
    Stage.MERGED: ("merge",),
}
REASON_TO_GO_BACK: dict[tuple[Stage, Stage], tuple[ReasonUse, ...]] = {
    (Stage.QUALIFIED, Stage.NURTURING): ("recycle",),
    (Stage.ASSIGNED, Stage.NURTURING): ("reject", "recycle"),
    (Stage.ASSIGNED, Stage.QUALIFIED): ("reject", "pull_back"),
    (Stage.ACCEPTED, Stage.NURTURING): ("recycle",),
    (Stage.WORKING, Stage.NURTURING): ("recycle",),
    (Stage.OPPORTUNITY, Stage.NURTURING): ("recycle", "lose"),
}

STAGE_PROMISE: dict[Stage, PromiseKind] = {
    Stage.INQUIRY: PromiseKind.QUALIFY,
    Stage.NURTURING: PromiseKind.NURTURE,
    Stage.QUALIFIED: PromiseKind.QUALIFY,
    Stage.ASSIGNED: PromiseKind.ACCEPT,
    Stage.ACCEPTED: PromiseKind.CONTACT,
    Stage.WORKING: PromiseKind.NEXT_STEP,
    Stage.OPPORTUNITY: PromiseKind.NEXT_STEP,
}

# What stays owed when a lead comes into a stage. A changed stage is no contact: only evidence keeps a reply or a
# contact, so both run on. Marketing answers a nurtured person with its next step.
OWED: dict[Stage, frozenset[str]] = {
    Stage.INQUIRY: frozenset({PromiseKind.REPLY}),
    Stage.NURTURING: frozenset(),
    Stage.QUALIFIED: frozenset({PromiseKind.REPLY}),
    Stage.ASSIGNED: frozenset({PromiseKind.REPLY}),
    Stage.ACCEPTED: frozenset({PromiseKind.REPLY}),
    Stage.WORKING: frozenset({PromiseKind.REPLY, PromiseKind.CONTACT}),
    Stage.OPPORTUNITY: frozenset({PromiseKind.REPLY, PromiseKind.CONTACT}),
}

# What a lead owes when its last promise was kept and nothing followed.
FOLLOW_UP: dict[Stage, PromiseKind] = {
    **STAGE_PROMISE,
    Stage.NURTURING: PromiseKind.WAKE,
    Stage.ACCEPTED: PromiseKind.NEXT_STEP,
}


def is_recycling(before: Stage, to: Stage) -> bool:
    """Whether a lead that was past nurturing goes back to it."""
    return to is Stage.NURTURING and RANK.get(before, -1) > RANK[to]


def is_ahead(before: Stage, to: Stage) -> bool:
    """Whether a move leads further towards winning. A closed lead that is taken up again goes nowhere ahead."""
    return before in RANK and before is not Stage.WON and RANK.get(to, -1) > RANK[before]


def leaves_out_a_stage(before: Stage, to: Stage) -> bool:
    """Whether a move ahead skips a stage."""
    return is_ahead(before, to) and (before, to) not in STEPS


def leaves_out_qualified(before: Stage, to: Stage) -> bool:
    """Whether a lead is handed over, or further, without having been qualified on this way."""
    return leaves_out_a_stage(before, to) and RANK[before] < RANK[Stage.QUALIFIED] < RANK[to]
