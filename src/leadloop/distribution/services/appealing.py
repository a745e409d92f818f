"""Appeals against leads given back: made once, decided once by whoever answers for handing over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.distribution.appeal_rules import may_appeal, may_decide, others
from leadloop.distribution.contracts import AssignmentState, GivenBack, Verdict
from leadloop.distribution.facts import AppealDecided, RejectionAppealed
from leadloop.distribution.models import Appeal
from leadloop.distribution.queries.appeals import COLUMNS, given_back_row
from leadloop.distribution.services.assigning import assign_by_hand
from leadloop.kernel.decision import Decision
from leadloop.kernel.errors import Invalid, NotFound, Refused
from leadloop.leads.queries import rows as lead_rows
from leadloop.ledger.contracts import by_user
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch

LONGEST = 2000  # characters of an appeal or a note
# Two statements: who waited for the lock must see what was written while they waited.
_LOCK = "select id from distribution_assignment where id = %s for update"
_ONE = f"""
select {COLUMNS}, a.state from distribution_assignment a left join distribution_appeal p on p.assignment_id = a.id
 where a.id = %s
"""


def appeal(assignment_id: int, *, text: str, by: int, terms: Terms, now: datetime) -> GivenBack:
    """Say why a lead should not have been given back; whoever answers for handing over is told.

    Raises NotFound for a hand-over that was not given back, Invalid without words, Refused by `may_appeal`.
    """
    said = _said(text, "text", "Say why the lead should not have been given back")
    with transaction.atomic():
        back, state = _locked(assignment_id)
        if state is not AssignmentState.REJECTED:
            raise NotFound(f"hand-over {assignment_id} was not given back", field="assignment_id")
        _allowed(may_appeal(back, by, terms, now))
        made = Appeal.objects.create(assignment_id=assignment_id, text=said, made_by_id=by, made_at=now)
        fact = RejectionAppealed(**_about(back, terms, now), appeal_id=made.id, arbiter_id=others(back, by, terms)[0])
        record([fact], actor=by_user(by))
    return back


def decide(
    assignment_id: int, *, overturned: bool, note: str, by: int, terms: Terms, now: datetime
) -> tuple[GivenBack, bool]:
    """Let giving it back stand, or overturn it; returns what was decided on and whether the lead went back.

    An overturned one goes back to the person who gave it back, where it still waits for somebody; else it stays where
    it is and the verdict stands on record. Raises NotFound without an appeal, Refused by `may_decide`.
    """
    said = _said(note, "note", "Say why, for both of them")
    with transaction.atomic():
        back, state = _locked(assignment_id)
        if back.appeal_id is None or back.made_by_id is None:
            raise NotFound(f"nobody appealed against hand-over {assignment_id}", field="assignment_id")
        _allowed(may_decide(back, state, by, terms))
        verdict = Verdict.OVERTURNED if overturned else Verdict.STANDS
        Appeal.objects.filter(id=back.appeal_id).update(verdict=verdict, decided_by_id=by, decided_at=now, note=said)
        fact = AppealDecided(
            **_about(back, terms, now), appeal_id=back.appeal_id, verdict=verdict, made_by_id=back.made_by_id
        )
        record([fact], actor=by_user(by))
        given = overturned and assign_by_hand(
            [back.lead_id],
            user_id=back.user_id,
            terms=terms,
            actor=by_user(by),
            now=now,
            skip_reason="asked_for_sales",
        )
    return back, bool(given)


def _locked(assignment_id: int) -> tuple[GivenBack, AssignmentState]:
    fetch(_LOCK, [assignment_id])
    found = fetch(_ONE, [assignment_id])
    if not found:
        raise NotFound(f"there is no hand-over {assignment_id}", field="assignment_id")
    return given_back_row(found[0][:-1]), AssignmentState(found[0][-1])


def _about(back: GivenBack, terms: Terms, now: datetime) -> dict[str, Any]:
    """What the facts of an appeal have in common."""
    return {
        "happened_at": now,
        "lead_id": back.lead_id,
        "person_id": lead_rows([back.lead_id])[back.lead_id].person_id,
        "agreement_version": terms.version,
        "assignment_id": back.assignment_id,
        "user_id": back.user_id,
    }


def _allowed(decision: Decision[bool]) -> None:
    if not decision.outcome:
        raise Refused(decision.reasons[0].text, field="assignment_id", decision=decision)


def _said(text: str, field: str, mend: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST:
        problem = "nothing was said" if not said else f"this is longer than {LONGEST} characters"
        raise Invalid(problem, field=field, mend=mend)
    return said
