"""People of an export with their touches: each human and everything they answered in one transaction.

Rows that came before are known and do nothing. The first row of a human opens their lead as it stood there, or joins
one that is open here; their touches join that lead whatever became of it, since they are what led to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from leadloop.agreement.queries import in_force
from leadloop.capture import services as capture
from leadloop.capture.contracts import Parsed, Settled
from leadloop.capture.imports import run as importing
from leadloop.identity import services as identity
from leadloop.identity.contracts import Resolved
from leadloop.kernel import clock
from leadloop.leads import services as leads
from leadloop.leads.queries import latest_of
from leadloop.leads.services import PastTouch
from leadloop.ledger.contracts import Lane
from leadloop.ledger.services import lane
from leadloop.loop import intake
from leadloop.loop.from_crm.humans import TOUCH_KEY

BATCH = 500


def take_in(run_id: int, path: Path, *, now: datetime) -> importing.Counts:
    """Store the rows of a run and take them in at once, some hundred at a time; return what was new and known."""

    with lane(Lane.BULK):
        return importing.store(run_id=run_id, path=path, now=now, batch=BATCH, at_once=take)


@transaction.atomic
def take(ids: Sequence[int]) -> None:
    """Take stored rows in. One that can't be goes to quarantine, as everywhere."""
    intake.process(intake.Batch(capture.claim_these(ids), clock.now(), in_force()), steps=STEPS, unscored=UNSCORED)


def set_touches_apart(batch: intake.Batch) -> None:
    """Touches open no leads."""
    batch.touches = [one for one in batch.parsed if one.external_id.startswith(TOUCH_KEY)]
    batch.parsed = [one for one in batch.parsed if not one.external_id.startswith(TOUCH_KEY)]


def join_touches(batch: intake.Batch) -> None:
    """Join touches to the newest lead of their person. Everybody with a touch has one, see `humans`."""
    touches = batch.touches
    if not touches:
        return
    leads.write_now()
    who = identity.resolve(
        [one.candidate for one in touches],
        inquiry_ids={one.ref: one.ref for one in touches},
        actor=intake.INTAKE,
        now=batch.now,
    )
    found = latest_of({one.person_id for one in who.values()})
    of = {one.ref: found[who[one.ref].person_id] for one in touches}
    leads.join_past(
        [PastTouch(of[one.ref].id, one.programme_id, one.source_id, one.happened_at) for one in touches],
        actor=intake.INTAKE,
    )
    settled = [(one, _settled(one, who[one.ref], of[one.ref].id)) for one in touches]
    capture.settle(settled, actor=intake.INTAKE, now=batch.now)


def _settled(one: Parsed, who: Resolved, lead_id: int) -> Settled:
    return Settled(one.ref, person_id=who.person_id, lead_id=lead_id, outcome="joined", company_id=who.company_id)


UNSCORED = (
    intake.read,
    set_touches_apart,
    intake.resolve,
    intake.open_or_join,
    intake.settle,
    intake.allow,
    join_touches,
)
STEPS = (*UNSCORED, intake.score, intake.hand_over)
