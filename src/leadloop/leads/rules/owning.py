"""Who answers for a lead."""

from __future__ import annotations

from collections.abc import Container, Iterable

from leadloop.agreement.contracts import StageClause, Terms
from leadloop.leads.contracts import CLOSED_STAGES, Move, Stage
from leadloop.leads.rules.stages import KEEPER_STAGES


def keepers(clauses: Iterable[StageClause]) -> set[int | None]:
    """Everybody who keeps one of these stages or stands in there; None stands for the lack of a deputy."""
    return {one for clause in clauses for one in (clause.keeper_id, clause.deputy_id)}


def keeper_of(stage: Stage, terms: Terms, active: Container[int]) -> int | None:
    """The keeper of a stage, or who stands in for one who has left; None when neither works here."""
    clause = terms.clauses.stages[stage]
    return next((one for one in (clause.keeper_id, clause.deputy_id) if one is not None and one in active), None)


def owner_at_opening(wanted: int | None, stage: Stage, terms: Terms, active: Container[int]) -> int | None:
    """Who was asked for, if they work here, else the keeper of the stage."""
    return wanted if wanted is not None and wanted in active else keeper_of(stage, terms, active)


def owner_after(move: Move, owner_id: int, terms: Terms, active: Container[int]) -> int | None:
    """Who answers for the lead after a move; None when that would be nobody who works here.

    A closed lead stays with whom it was closed by. The keeper looks after the keepers' stages and steps in for an
    owner who has left.
    """
    if move.owner_id is not None:
        return move.owner_id if move.owner_id in active else None
    if move.to in CLOSED_STAGES:
        return owner_id
    if move.to not in KEEPER_STAGES and owner_id in active:
        return owner_id
    return keeper_of(move.to, terms, active)
