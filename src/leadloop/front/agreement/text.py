"""The clauses as tables and pairs, for reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadloop.agreement.contracts import Clauses, ReasonClause, StageClause
from leadloop.criteria.compile import explain
from leadloop.front.agreement.words import HANDOVERS, LEADERSHIPS, PLACES, USES


def people_in(clauses: Clauses) -> set[int]:
    """Everybody whom the clauses name."""
    stages = clauses.stages.values()
    named = {stage.keeper_id for stage in stages} | {stage.deputy_id for stage in stages if stage.deputy_id}
    return named | set(clauses.places.values())


def text(clauses: Clauses, names: Mapping[int, str]) -> dict[str, Any]:
    """Everything `agreement/_text.html` needs; `names` are those of `people_in`."""
    return {
        "stages": _stages(clauses, names),
        "promises": _promises(clauses),
        "reasons": _reasons(clauses),
        "leading": [
            {"term": "Who leads", "value": LEADERSHIPS[clauses.leadership]},
            {"term": "Handing over", "value": HANDOVERS[clauses.handover]},
            {"term": "Taking up again", "value": _reopening(clauses.reopen_days)},
        ],
        "places": [
            {"term": PLACES.get(kind, kind), "value": names.get(user_id, "Nobody")}
            for kind, user_id in clauses.places.items()
        ],
    }


def _stages(clauses: Clauses, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "caption": "Stages",
        "columns": _columns("Stage", "What it means", "Keeper", "Deputy"),
        "rows": [
            {
                "cells": [
                    stage.label,
                    _meaning(stage),
                    names.get(stage.keeper_id, "Nobody"),
                    names.get(stage.deputy_id, "–") if stage.deputy_id else "–",
                ]
            }
            for stage in clauses.stages.values()
        ],
    }


def _meaning(stage: StageClause) -> str:
    """What the stage means, and by which rule a lead enters it, if there is one."""
    rule = f" A lead enters it by rule when {explain(stage.enters_when)}." if stage.enters_when else ""
    return f"{stage.means}{rule}"


def _promises(clauses: Clauses) -> dict[str, Any]:
    return {
        "caption": "Promises",
        "columns": _columns("Promise", "Kept within"),
        "rows": [{"cells": [promise.label, promise.text()]} for promise in clauses.promises.values()],
    }


def _reasons(clauses: Clauses) -> dict[str, Any]:
    return {
        "caption": "Reasons",
        "columns": _columns("Reason", "May be given for", "What follows"),
        "rows": [
            {"cells": [reason.label, ", ".join(USES[use] for use in reason.uses), _follows(reason, clauses)]}
            for reason in clauses.reasons.values()
        ],
    }


def _follows(reason: ReasonClause, clauses: Clauses) -> str:
    back = f"goes back to {clauses.stages[reason.back_to].label}" if reason.back_to else ""
    again = f"is looked at again after {reason.wake_days} days" if reason.wake_days else ""
    return " and ".join(filter(None, (back, again))) or "–"


def _reopening(days: int) -> str:
    return f"A closed lead is picked up again within {days} days" if days else "A closed lead stays closed"


def _columns(*labels: str) -> list[dict[str, Any]]:
    return [{"label": label} for label in labels]
