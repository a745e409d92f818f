"""May this be logged on this lead, and is it complete?"""

from __future__ import annotations

from datetime import datetime, timedelta

from leadloop.kernel.errors import Invalid, Refused
from leadloop.leads.contracts import Stage
from leadloop.selling.contracts import ActivityIn, ActivityKind
from leadloop.selling.outcomes import OUTCOMES, Outcome, outcome_of

# Whoever has worked a lead says what comes next as long as it stays in their hands.
OWES_A_STEP = frozenset({Stage.ACCEPTED, Stage.WORKING, Stage.OPPORTUNITY})
SKEW = timedelta(minutes=5)  # clocks of clients run ahead a little
LONGEST_NOTE = 20_000
DAY = 24 * 60


def check_activity(activity: ActivityIn, stage: Stage, now: datetime) -> Outcome:
    """The outcome that was given, when the activity may be logged on a lead in this stage.

    A lead that waits to be accepted is accepted first: nobody works a lead that is not theirs. At the earlier
    stages anybody who may work a lead, such as inside sales, logs freely. Raises Refused or Invalid.
    """
    outcome = _outcome(activity)
    if activity.kind is not ActivityKind.NOTE:
        if stage is Stage.ASSIGNED:
            raise Refused(
                "This lead was handed over and nobody has accepted it yet",
                field="lead_id",
                mend="Accept the lead first, then log what you did",
            )
        if stage in OWES_A_STEP and not activity.leaves and activity.next_step_at is None:
            raise Invalid(
                "A lead that stays open needs a next step",
                field="next_step_at",
                mend="Say what you will do next and when, or close or recycle the lead",
            )
    _check_step(activity, now)
    _check_rest(activity, now)
    return outcome


def _outcome(activity: ActivityIn) -> Outcome:
    found = outcome_of(activity.kind, activity.outcome)
    if found is not None:
        return found
    if activity.kind is ActivityKind.NOTE:
        raise Invalid("A note has no outcome", field="outcome", mend="Log it as a call, mail or meeting instead")
    what = f"“{activity.outcome}” is no outcome of this" if activity.outcome else "How it went is missing"
    known = ", ".join(f"{code} ({one.label})" for code, one in OUTCOMES[activity.kind].items())
    raise Invalid(what, field="outcome", mend=f"Choose one of: {known}")


def _check_step(activity: ActivityIn, now: datetime) -> None:
    if activity.next_step_at is None:
        if activity.next_step_note.strip():
            raise Invalid("The next step has no time", field="next_step_at", mend="Say when you will do it")
        return
    if not activity.next_step_note.strip():
        raise Invalid("The next step says nothing", field="next_step_note", mend="Say what you will do")
    if activity.next_step_at <= now:
        raise Invalid("The next step lies in the past", field="next_step_at", mend="Choose a later moment")


def _check_rest(activity: ActivityIn, now: datetime) -> None:
    if activity.happened_at is not None and activity.happened_at > now + SKEW:
        raise Invalid("It has not happened yet", field="happened_at", mend="Log it when it is done")
    if activity.minutes is not None and not 0 <= activity.minutes <= DAY:
        raise Invalid("It can't have taken that long", field="minutes", mend="Give minutes, at most a day")
    if activity.kind is ActivityKind.NOTE and not activity.note.strip():
        raise Invalid("The note is empty", field="note", mend="Write something")
    if max(len(activity.note), len(activity.next_step_note)) > LONGEST_NOTE:
        raise Invalid(f"A note has at most {LONGEST_NOTE} characters", field="note", mend="Attach it instead")
