"""Writing what an assessment says onto the headline of leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import transaction

from leadloop.leads.contracts import Score, Stage
from leadloop.leads.facts import LeadScored
from leadloop.leads.services.newborn import Newborn, newborn
from leadloop.leads.services.shapes import LEAD_TYPES
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch

_NAMES = ("fit", "grade", "engagement", "readiness", "propensity", "expected_value", "buying_stage")
_FIGURES = {name: LEAD_TYPES[name] for name in _NAMES}
_TOLD = (
    "id",
    "person_id",
    "company_id",
    "programme_id",
    "fit",
    "grade",
    "engagement",
    "readiness",
    "handover",
    "stage",
)
_told = itemgetter(*_TOLD)
_NEW = ", ".join(f"coalesce(n.{name}, l.{name})" for name in _FIGURES)
_OLD = ", ".join(f"l.{name}" for name in _FIGURES)
_UPDATE = f"""
with new as materialized (
    select * from unnest(%s::bigint[], {", ".join(f"%s::{kind}[]" for kind in _FIGURES.values())})
               as n (id, {", ".join(_FIGURES)})
), locked as materialized (
    select l.id from leads_lead l where l.id = any(%s::bigint[]) order by l.id for no key update
)
update leads_lead l
   set ({", ".join(_FIGURES)}) = row ({_NEW})
  from new n join locked on locked.id = n.id
 where l.id = n.id and ({_OLD}) is distinct from ({_NEW})
returning {", ".join(f"l.{name}" for name in _TOLD)}
"""


def score(
    scores: Sequence[Score],
    *,
    rules_version: int,
    qualified: Mapping[int, bool],
    actor: Actor,
    now: datetime,
    agreement_version: int | None = None,
) -> list[int]:
    """Write the figures and return the leads of which any changed; only these get a fact. A figure of None stays.

    `qualified` says per lead what the agreement made of the figures. Two queries.
    """
    if not scores:
        return []
    with transaction.atomic():
        changed = _write(scores)
        record(
            [
                LeadScored(
                    happened_at=now,
                    person_id=person_id,
                    company_id=company_id,
                    lead_id=lead_id,
                    programme_id=programme_id,
                    agreement_version=agreement_version,
                    fit=fit,
                    grade=grade,
                    engagement=engagement,
                    readiness=readiness,
                    qualified=qualified.get(lead_id, False),
                    rules_version=rules_version,
                    direct=handover == "all_inquiries" and stage == Stage.INQUIRY,
                )
                for (
                    lead_id,
                    person_id,
                    company_id,
                    programme_id,
                    fit,
                    grade,
                    engagement,
                    readiness,
                    handover,
                    stage,
                ) in sorted(changed)
            ],
            actor=actor,
        )
    return sorted(row[0] for row in changed)


def _write(scores: Sequence[Score]) -> list[tuple[Any, ...]]:
    """Returns what `lead.scored` tells of the leads that changed."""
    held = newborn()
    mine = [told for one in scores if one.lead_id in held.leads and (told := _judged(held, one))]
    others = [one for one in scores if one.lead_id not in held.leads]
    if not others:
        return mine
    ids = [one.lead_id for one in others]
    figures: list[list[Any]] = [[getattr(one, name) for one in others] for name in _FIGURES]
    return [*mine, *fetch(_UPDATE, [ids, *figures, sorted(ids)])]


def _judged(held: Newborn, given: Score) -> tuple[Any, ...] | None:
    """Put the figures onto a lead that isn't written yet; None where nothing changed."""
    lead = held.leads[given.lead_id]
    figures = {name: value for name in _FIGURES if (value := getattr(given, name)) is not None}
    if all(lead[name] == value for name, value in figures.items()):
        return None
    held.change(given.lead_id, figures.items())
    return tuple(_told(lead))


def touch(lead_ids: Sequence[int], *, at: datetime) -> None:
    """Count one touch on each of these leads, a lead named twice counts two. Whoever saw the touch records it."""
    if not lead_ids:
        return
    with transaction.atomic():
        fetch(
            """
            with seen as materialized (
                select id, count(*)::int as times from unnest(%s::bigint[]) as s (id) group by id
            ),
            locked as materialized (
                select l.id, s.times from leads_lead l join seen s on s.id = l.id order by l.id for no key update of l
            )
            update leads_lead l
               set touches = l.touches + k.times, last_touch_at = greatest(l.last_touch_at, %s)
              from locked k where l.id = k.id returning l.id
            """,
            [list(lead_ids), at],
        )


def rebase_engagement(shift: float) -> int:
    """Add to the engagement S of every lead that has one, in ascending order, and return their number.

    A new half-life moves S by t/h_new - t/h_old, t being now in unix seconds: today's engagement stays as it is.
    """
    found = fetch(
        """
        with locked as materialized (
            select id from leads_lead where engagement is not null order by id for no key update
        )
        update leads_lead l set engagement = l.engagement + %s from locked where l.id = locked.id returning l.id
        """,
        [shift],
    )
    return len(found)
