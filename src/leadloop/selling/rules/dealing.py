"""What a deal must have, and when its closing date was put off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from leadloop.kernel.errors import Invalid
from leadloop.selling.contracts import OpportunityRow, StageIn, StageRow

# What a column of the board may ask of a deal, with the words for what is missing.
NEEDS: dict[str, str] = {
    "amount": "an amount",
    "lines": "what is being sold, line by line",
    "company": "the company that buys",
    "person": "the person who decides",
}


def missing_for(stage: StageRow, row: OpportunityRow, *, has_lines: bool) -> list[str]:
    """Codes of what the deal lacks to stand in this stage, in the order of NEEDS."""
    has = {
        "amount": row.minor > 0,
        "lines": has_lines,
        "company": row.company_id is not None,
        "person": row.person_id is not None,
    }
    return [need for need in NEEDS if need in stage.needs and not has[need]]


def is_pushed(before: date, after: date) -> bool:
    """Whether the deal is now expected later than before."""
    return after > before


def check_step(step: str, at: datetime | None, now: datetime) -> None:
    """Raise Invalid unless there is something to do at a moment that lies ahead."""
    if not step.strip():
        raise Invalid("An open deal needs a next step", field="next_step", mend="Say what you will do")
    if at is None or at <= now:
        raise Invalid("The next step needs a moment that lies ahead", field="next_step_at", mend="Say when")


def check_pipeline(stages: Sequence[StageIn], in_use: Collection[str]) -> None:
    """Raise Invalid for columns that can't be a board; `in_use` are the keys of those in which deals stand."""
    keys = [stage.key for stage in stages]
    if not keys or len(set(keys)) < len(keys):
        raise Invalid("A board has columns, each with a key of its own", field="stages", mend="Name each column once")
    for stage in stages:
        if not stage.key or not stage.label.strip():
            raise Invalid("A column needs a key and a label", field="stages", mend="Name it")
        if not 0 <= stage.win_percent <= 100:
            raise Invalid(f"{stage.label}: a chance is 0 to 100 percent", field="win_percent", mend="Give a percentage")
        unknown = sorted(set(stage.needs) - NEEDS.keys())
        if unknown:
            raise Invalid(
                f"{stage.label} needs “{unknown[0]}”, which nobody knows",
                field="needs",
                mend=f"Use any of: {', '.join(NEEDS)}",
            )
    left_out = sorted(set(in_use) - set(keys))
    if left_out:
        raise Invalid(f"Deals stand or stood in “{left_out[0]}”", field="stages", mend="Keep this column")
