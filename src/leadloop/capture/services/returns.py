"""What letters that were set aside say of messages of ours."""

from __future__ import annotations

from collections.abc import Collection

import orjson

from leadloop.capture.contracts import Code
from leadloop.capture.parse.body import BodyError
from leadloop.capture.parse.mail.opening import reports_in
from leadloop.ledger.sql import fetch
from leadloop.outreach.contracts import Returned

_REPORTS = """
select body, content_type, context::text from capture_submission
 where id = any(%s::bigint[]) and reason_code = any(%s::text[]) and body <> '' order by id
"""
REPORTS = (Code.BOUNCE, Code.COMPLAINT)


def returned(ids: Collection[int]) -> list[Returned]:
    """Read the bounces and complaints among these deliveries, the oldest first. At most one query."""
    if not ids:
        return []
    found: list[Returned] = []
    for body, content_type, context in fetch(_REPORTS, [sorted(ids), [str(code) for code in REPORTS]]):
        try:
            found += reports_in(bytes(body), content_type, orjson.loads(context))
        except BodyError:
            continue  # it could be read when it was set aside; what can't be any more says nothing
    return found
