"""Whose an enrolment is, when two persons that were merged are parted."""

from __future__ import annotations

from collections.abc import Collection

from leadloop.ledger.sql import run


def return_person(lead_ids: Collection[int], *, from_id: int, to_id: int) -> None:
    """Enrolments of these leads follow their person. One statement."""
    run(
        "update nurture_enrolment set person_id = %s where person_id = %s and lead_id = any(%s)",
        [to_id, from_id, sorted(lead_ids)],
    )
