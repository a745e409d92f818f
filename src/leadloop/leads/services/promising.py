"""Making, keeping, dropping and putting off promises, apart from what moves bring with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.kernel.errors import NotFound
from leadloop.leads.contracts import PromiseState
from leadloop.leads.services.promise_changes import Asked, apply
from leadloop.leads.services.store import lock, running
from leadloop.ledger.contracts import Actor


def promise(asks: Iterable[Asked], *, actor: Actor, now: datetime) -> list[int]:
    """Make promises, given as `contracts.Ask`, and return their ids.

    A running promise of the same kind gives way and counts as dropped. Raises NotFound for an unknown lead and
    Refused for a closed one. A constant number of queries.
    """
    return apply({}, asks, actor=actor, now=now).made


def keep(
    proofs: Iterable[tuple[int, str, str]],
    *,
    actor: Actor,
    now: datetime,
    then: Iterable[Asked] = (),
    terms: Terms | None = None,
) -> list[int]:
    """Keep running promises by evidence, given as `contracts.Proof`; returns the ids that were kept.

    What is not owed is passed over, so telling it twice does no harm. `then` is promised next, as by `promise`.
    An open lead on which nothing would be owed any more gets a follow-up by `terms` (None: those in force).
    A constant number of queries.
    """
    wanted = {(lead_id, kind): (PromiseState.KEPT, evidence) for lead_id, kind, evidence in proofs}
    return apply(wanted, then, actor=actor, now=now, terms=terms).settled


def drop(
    owed: Iterable[tuple[int, str]], *, actor: Actor, now: datetime, reason: str = "", terms: Terms | None = None
) -> list[int]:
    """Drop running promises, as (lead, kind), that nobody owes any more; otherwise like `keep`."""
    wanted = dict.fromkeys(owed, (PromiseState.DROPPED, ""))
    return apply(wanted, (), actor=actor, now=now, terms=terms, reason=reason).settled


def reschedule(lead_id: int, kind: str, due_at: datetime, *, actor: Actor, now: datetime) -> int:
    """Put a running promise off, or bring it forward; returns the id of the promise that takes its place.

    One that was broken stays broken on record. Raises NotFound when none of this kind is owed.
    """
    with transaction.atomic():
        owed = running(lock([lead_id])).get(lead_id, [])
        row = next((row for row in owed if row.kind == kind), None)
        if row is None:
            raise NotFound("nothing of this kind is owed on the lead", field="kind", mend="Load the page again")
        return promise([(lead_id, kind, row.owner_id, due_at, row.note)], actor=actor, now=now)[0]
