"""Why each inquiry was taken for whom, kept beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import orjson

from leadloop.identity.rules.explaining import explained
from leadloop.identity.services.claiming import Settled
from leadloop.ledger.copying import copy

_COLUMNS = ("inquiry_id", "person_id", "outcome", "keys", "reasons", "at")


def keep_decisions(refs: Sequence[int], settled: Settled, inquiry_ids: Mapping[int, int], *, now: datetime) -> None:
    """Keep the decision of every candidate that came with an inquiry."""
    kept = [
        (inquiry_ids[ref], found.holder, *_words(found.by, found.against, is_new=place in settled.new), now)
        for place, (ref, found) in enumerate(zip(refs, settled.matches, strict=True))
        if ref in inquiry_ids
    ]
    copy("identity_matchdecision", _COLUMNS, kept)


@lru_cache(maxsize=512)
def _words(by: tuple[str, ...], against: tuple[str, ...], *, is_new: bool) -> tuple[str, str, str]:
    """Return outcome, keys and reasons as they are stored; there are few different ones."""
    decision = explained(by, against, is_new=is_new)
    return decision.outcome, ",".join(by), orjson.dumps(decision.as_json()).decode()
