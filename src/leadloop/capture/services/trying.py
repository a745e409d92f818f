"""Reading what would be delivered, before it is: the same steps, and nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from leadloop.capture.contracts import Claimed, Parsed, PortalRow, Unreadable
from leadloop.capture.services.lookups import look_up


def try_out(
    *, portal: PortalRow, bodies: Mapping[int, bytes], context: Mapping[str, str], now: datetime
) -> dict[int, Parsed | Unreadable]:
    """What intake would read in these bodies, by their number. As many queries as reading a batch takes."""
    claimed = [
        Claimed(
            submission_id=ref, portal=portal, body=body, content_type="application/json", context=context,
            received_at=now, happened_at=None, row_number=None,
        )
        for ref, body in bodies.items()
    ]  # fmt: skip
    return dict(zip(bodies, look_up(claimed), strict=True))
