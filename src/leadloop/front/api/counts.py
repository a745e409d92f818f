"""Counts of the other side, reported by programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Router

from leadloop.capture.queries import counts, portal
from leadloop.capture.services import say_counts
from leadloop.front.api.schemas import CountsIn, DayCountOut, PortalPath, Problem
from leadloop.front.api.tokens import Token, viewer
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user

router = Router()
ERRORS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


@router.post(
    "/portals/{key}/counts",
    response={200: list[DayCountOut], **ERRORS},
    auth=Token("portals:edit"),
    summary="Say how many inquiries were sent",
    tags=["portals"],
)
def report_counts(request: HttpRequest, path: Path[PortalPath], body: CountsIn) -> Any:
    """Report how many inquiries the other side sent on each day; what was said of a day before is replaced.

    Answers with what came in on these days of the company's zone. Takes the scope portals:edit.
    """
    found = portal(path.key)
    counted = {one.day: one.count for one in body.counts}
    say_counts(portal_id=found.id, counted=counted, actor=by_user(viewer(request).user_id), now=clock.now())
    rows = counts(first=min(counted), last=max(counted), portal_id=found.id)
    return [row for row in rows if row.day in counted]
