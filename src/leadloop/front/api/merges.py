"""Merging two records of one person, and taking it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from leadloop.front.api.schemas import (
    MergeBody,
    Merged,
    MergePlanOut,
    MergeQuery,
    Parted,
    Problem,
    RowId,
    UnmergeBody,
    UnmergePlanOut,
)
from leadloop.front.api.tokens import Token, viewer
from leadloop.kernel import clock
from leadloop.loop import commands

router = Router(tags=["people"])
ERRORS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


@router.get(
    "/people/{person_id}/merge",
    response={200: MergePlanOut, **ERRORS},
    auth=Token("people:edit"),
    summary="What a merge would do",
)
def plan_merge(request: HttpRequest, person_id: Path[RowId], asked: Query[MergeQuery]) -> Any:
    """Field by field what would stay and why, and what would move; nothing is changed. Takes the scope people:edit,
    and leads:edit for users who see only some people.
    """
    plan = commands.plan_merge(viewer(request), person_id, asked.other, rule=asked.rule)
    return {
        "survivor_id": plan.survivor.id,
        "loser_id": plan.loser.id,
        "offers": plan.offers,
        "moves": [{"what": what, "count": count} for what, count in plan.moves],
        "against": [reason.text for reason in plan.against],
    }


@router.post(
    "/people/{person_id}/merge",
    response={201: Merged, **ERRORS, 409: Problem},
    auth=Token("people:edit"),
    summary="Merge a record into this person",
)
def merge(request: HttpRequest, person_id: Path[RowId], body: MergeBody) -> Any:
    """Make one person of two. Everything of the other record moves, and its id stands for this person from then on.
    Scopes as for looking.
    """
    who = viewer(request)
    merge_id = commands.merge(who, person_id, body.other, rule=body.rule, chosen=body.chosen, now=clock.now())
    return Status(201, {"merge_id": merge_id, "person_id": commands.seen(who, person_id).id})


@router.get(
    "/merges/{merge_id}",
    response={200: UnmergePlanOut, **ERRORS, 409: Problem},
    auth=Token("people:edit"),
    summary="What taking a merge back would do",
)
def plan_unmerge(request: HttpRequest, merge_id: Path[RowId]) -> Any:
    """Whose the inquiries since are, and the questions that have to be answered; nothing is changed. Scopes as for
    merging.
    """
    return commands.plan_unmerge(viewer(request), merge_id, now=clock.now())


@router.post(
    "/merges/{merge_id}/undo",
    response={200: Parted, **ERRORS, 409: Problem},
    auth=Token("people:edit"),
    summary="Take a merge back",
)
def unmerge(request: HttpRequest, merge_id: Path[RowId], body: UnmergeBody) -> Any:
    """Make two persons of one again, as if they had never been merged. With open questions nothing is changed, and the
    answer is 409: ask for them first. Scopes as for merging.
    """
    done = commands.unmerge(
        viewer(request), merge_id, answers=body.answers, never_again=body.never_again, now=clock.now()
    )
    if done.questions:
        raise commands.unanswered(done)
    return {"survivor_id": done.survivor_id, "loser_id": done.loser_id, "still_merged": list(done.passed_over)}
