"""Taking back what a report about a message of ours did to an address."""

from __future__ import annotations

from datetime import datetime

from leadloop.capture.services import returned
from leadloop.ledger.contracts import by_user
from leadloop.outreach.services import accept_again
from leadloop.platform.contracts import Viewer


def use_again(viewer: Viewer, submission_id: int, *, now: datetime) -> bool:
    """Let the address that this bounce or complaint barred be used again; False where it had barred none."""
    return accept_again(returned([submission_id]), actor=by_user(viewer.user_id), now=now) > 0
