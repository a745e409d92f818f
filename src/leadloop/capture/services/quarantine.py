"""Setting aside what can't be read, and sending it through again. The original is never touched."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from leadloop.capture.contracts import Unreadable
from leadloop.capture.doors import FETCHING
from leadloop.capture.facts import InquiryQuarantined, InquiryReplayed
from leadloop.capture.lists.keeping import note_hits
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import Actor, Lane
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch

_QUARANTINE = """
update capture_submission s
   set state = 'quarantined', settled_at = %s, reason_code = given.code, reason_text = given.words,
       context = case when given.about = '' then s.context
                      else s.context || jsonb_build_object('about', given.about) end
  from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) as given (id, code, words, about)
 where s.id = given.id and s.state = 'received'
returning s.id, s.portal_id, s.reason_code
"""
_REPLAY = """
update capture_submission s
   set state = 'received', settled_at = null, reason_code = '', reason_text = '', attempts = s.attempts + 1,
       corrected = coalesce(given.corrected::jsonb, s.corrected),
       lane = case when given.corrected is null
                    and exists (select from capture_fetch f where f.id = s.id and f.done_at is null)
                   then %s else %s end
  from (select id, corrected from unnest(%s::bigint[], %s::text[]) as g (id, corrected)) as given
 where s.id = given.id and s.state = 'quarantined'
returning s.id, s.portal_id
"""
_LONGEST_CODE, _LONGEST_TEXT = 60, 500


@transaction.atomic
def quarantine(unreadable: Sequence[Unreadable], *, actor: Actor, now: datetime) -> list[int]:
    """Set waiting deliveries aside with their reasons; return the ids it held for.

    Two statements, three where a list caught any.
    """
    if not unreadable:
        return []
    ordered = sorted(unreadable, key=lambda one: one.submission_id)
    held = [
        [one.submission_id for one in ordered],
        [one_line(one.code, _LONGEST_CODE) or "unknown" for one in ordered],
        [one_line(one.text, _LONGEST_TEXT) for one in ordered],
        [" ".join(one.about) for one in ordered],
    ]
    rows = sorted(fetch(_QUARANTINE, [now, *held]))
    held_ids = {row[0] for row in rows}
    caught = [(one.caught_by, one.submission_id, True) for one in ordered if one.caught_by is not None]
    note_hits([hit for hit in caught if hit[1] in held_ids], now=now)
    record(
        [
            InquiryQuarantined(happened_at=now, reason=code, inquiry_id=submission_id, portal_id=portal_id)
            for submission_id, portal_id, code in rows
        ],
        actor=actor,
    )
    return [row[0] for row in rows]


@transaction.atomic
def replay(
    ids: Collection[int],
    *,
    actor: Actor,
    now: datetime,
    corrected: Mapping[int, Mapping[str, Any]] | None = None,
) -> list[int]:
    """Send deliveries from quarantine through again, on the live lane; return those that were in it. Two statements.

    `corrected` gives by id what replaces or completes the original, key by key; an empty text takes a value away.
    The original stays as it came. Who replays vouches: suspicion of spam no longer holds the delivery. A lead that was
    to be fetched from a platform, and could not be, is asked for again.
    """
    wanted = sorted(set(ids))
    corrections = corrected or {}
    if strange := set(corrections) - set(wanted):
        raise Invalid(f"delivery {min(strange)} is corrected but not replayed", field="corrected")
    given = [_as_json(corrections.get(one)) for one in wanted]
    rows = sorted(fetch(_REPLAY, [FETCHING, int(Lane.LIVE), wanted, given]))
    record(
        [
            InquiryReplayed(
                happened_at=now, inquiry_id=submission_id, portal_id=portal_id, corrected=submission_id in corrections
            )
            for submission_id, portal_id in rows
        ],
        actor=actor,
    )
    return [row[0] for row in rows]


def _as_json(correction: Mapping[str, Any] | None) -> str | None:
    """Return a correction as JSON that PostgreSQL can keep, None for none."""
    if correction is None:
        return None
    return orjson.dumps(dict(correction)).decode().replace("\\u0000", "")
