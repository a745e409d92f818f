"""Adding prospects: delivered, taken in at once, and with their next step in the finder's hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leadloop.capture.contracts import InquiryRow, PortalRow
from leadloop.capture.parse.standing import FOUND_BY
from leadloop.capture.queries import inquiries
from leadloop.capture.services import receive_several
from leadloop.leads import services as leads
from leadloop.leads.contracts import Ask, PromiseKind
from leadloop.leads.queries import rows
from leadloop.ledger.contracts import by_user
from leadloop.loop import intake
from leadloop.loop.prospecting.contracts import Added, Look, Prospect, Standing, Then
from leadloop.loop.prospecting.looking import body_of, look
from leadloop.platform.contracts import Viewer

_NEVER = (Standing.ERASED, Standing.UNREADABLE)


@transaction.atomic
def add(
    viewer: Viewer, prospects: Sequence[Prospect], then: Then, *, portal: PortalRow, token: str, now: datetime
) -> list[Added]:
    """Add prospects and return what became of each, in their order.

    Their leads are the finder's, with a next step that the agreement dates where `then` does not. Whom somebody else
    pursues is left out, or added to that lead where asked for; who was erased is left out. The same `token` again
    adds nobody twice. Conflict for a portal that is closed. The number of queries does not depend on how many they are.
    """
    looks = look(viewer, prospects, then, portal=portal, now=now)
    wanted = {one.ref: body_of(one, then) for one in prospects if _comes_in(one, looks[one.ref])}
    stored = receive_several(
        portal=portal,
        bodies={f"{token}:{ref}": body for ref, body in wanted.items()},
        now=now,
        context={FOUND_BY: str(viewer.user_id)},
    )
    intake.take_now(*stored.values())
    found = {one.id: one for one in inquiries(ids=stored.values())}
    became = {ref: found.get(stored[f"{token}:{ref}"]) for ref in wanted}
    _promise_next(viewer, became, then, now)
    return [_added(looks[one.ref], became.get(one.ref), came_in=one.ref in wanted) for one in prospects]


def _comes_in(one: Prospect, seen: Look) -> bool:
    if seen.standing is Standing.THEIRS:
        return one.to_theirs
    return seen.standing not in _NEVER


def _promise_next(viewer: Viewer, became: Mapping[int, InquiryRow | None], then: Then, now: datetime) -> None:
    """What comes next on the leads that are the finder's."""
    if then.next_step_at is None:
        return
    ids = {one.lead_id for one in became.values() if one is not None and one.lead_id is not None}
    mine = sorted(row.id for row in rows(ids).values() if row.owner_id == viewer.user_id)
    note = then.next_step_note.strip() or "First contact"
    asks = [Ask(lead_id, PromiseKind.NEXT_STEP, None, then.next_step_at, note) for lead_id in mine]
    leads.promise(asks, actor=by_user(viewer.user_id), now=now)


def _added(seen: Look, inquiry: InquiryRow | None, *, came_in: bool) -> Added:
    if not came_in:
        return Added(seen.ref, "left_out", seen)
    if inquiry is None:
        return Added(seen.ref, "quarantined", seen)
    return Added(seen.ref, inquiry.outcome, seen, inquiry.lead_id)
