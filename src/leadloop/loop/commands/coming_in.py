"""A call that came in: written down while one talks, and a lead before one hangs up."""

from __future__ import annotations

from datetime import datetime

import orjson
from django.db import transaction

from leadloop.agreement.queries import in_force
from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.parse.fields import Field
from leadloop.capture.queries import inquiry, portals
from leadloop.capture.services import receive
from leadloop.catalogue.queries import families
from leadloop.kernel.errors import Invalid
from leadloop.kernel.values import dataclass
from leadloop.leads import services as leads
from leadloop.leads.contracts import Ask, PromiseKind, Proof
from leadloop.ledger.contracts import by_user
from leadloop.loop import intake
from leadloop.people.queries import people
from leadloop.platform.contracts import Viewer

PORTAL = "phone"
KEPT = (PromiseKind.REPLY, PromiseKind.CONTACT)  # whoever rang was talked to


@dataclass(frozen=True, slots=True, kw_only=True)
class CameIn:
    """What somebody said on the telephone. `person_id` is who they turned out to be, None for a stranger.

    Without `next_step_at` the agreement says what comes next, and when.
    """

    phone: str
    name: str = ""
    company: str = ""
    email: str = ""
    interest_id: int | None = None
    message: str = ""
    person_id: int | None = None
    next_step_at: datetime | None = None
    next_step_note: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a call: its delivery, and its lead; None where it went to quarantine or was not about buying."""

    submission_id: int
    lead_id: int | None


def phone_portal() -> PortalRow:
    """The portal that calls come through; Invalid where it is missing or closed."""
    found = next((row for row in portals().values() if row.key == PORTAL and row.kind is PortalKind.STAFF), None)
    if found is None or not found.is_on:
        raise Invalid(
            "calls have no portal that is open", field="phone", mend="Open the portal “Phone” on the page Portals"
        )
    return found


@transaction.atomic
def call_came_in(viewer: Viewer, given: CameIn, *, now: datetime) -> Taken:
    """Take a call in: stored as every inquiry is, its lead opened or joined, what comes next promised.

    One transaction. The answer and the first contact that may be owed are kept by it, for the caller was talked to.
    """
    body = orjson.dumps(_body(given))
    submission_id = receive(portal=phone_portal(), body=body, now=now, context={"taken_by": str(viewer.user_id)})
    intake.take_now(submission_id)
    found = inquiry(submission_id)
    lead_id = found.lead_id if found else None
    if lead_id is not None:
        proofs = [Proof(lead_id, kind, f"inquiry:{submission_id}") for kind in KEPT]
        leads.keep(proofs, then=_then(lead_id, given), terms=in_force(), actor=by_user(viewer.user_id), now=now)
    return Taken(submission_id, lead_id)


def _then(lead_id: int, given: CameIn) -> list[Ask]:
    if given.next_step_at is None:
        return []
    return [Ask(lead_id, PromiseKind.NEXT_STEP, None, given.next_step_at, given.next_step_note.strip() or "Call back")]


def _body(given: CameIn) -> dict[str, str]:
    """What the inbox gets: of somebody known what tells them, and what was said now."""
    known = people([given.person_id]).get(given.person_id) if given.person_id else None
    wanted = families().get(given.interest_id or 0)
    said = {
        Field.PHONE: given.phone,
        Field.FULL_NAME: known.name if known else given.name,
        Field.EMAIL: known.email if known else given.email,
        Field.COMPANY: given.company,
        Field.INTEREST: wanted.key if wanted else "",
        Field.MESSAGE: given.message,
    }
    return {str(field): text.strip() for field, text in said.items() if text.strip()}
