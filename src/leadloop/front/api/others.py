"""People and programmes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from leadloop.front.api.schemas import PeopleQuery, PersonOut, Problem, ProgrammeOut, RowId
from leadloop.front.api.tokens import Token, viewer
from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.leads.queries import listing
from leadloop.people.queries import people, search
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability, Scope
from leadloop.programmes.queries import programmes

router = Router()
HITS = 20
ERRORS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


@router.get(
    "/people",
    response={200: list[PersonOut], **ERRORS},
    auth=Token("people:see"),
    summary="Find people",
    tags=["people"],
)
def find_people(request: HttpRequest, asked: Query[PeopleQuery]) -> Any:
    """At most twenty people that fit. Takes the scope people:see, and leads:see for users who see only some leads."""
    found = search(asked.q, limit=HITS)
    seen = _visible(viewer(request), [person.id for person in found])
    return [person for person in found if person.id in seen]


@router.get(
    "/people/{person_id}",
    response={200: PersonOut, **ERRORS},
    auth=Token("people:see"),
    summary="One person",
    tags=["people"],
)
def get_person(request: HttpRequest, person_id: Path[RowId]) -> Any:
    """One person; the survivor where two were found to be the same. Scopes as for finding them."""
    found = people([person_id]).get(person_id)
    if found is None or found.id not in _visible(viewer(request), [found.id]):
        raise NotFound("There is no such person", field="person_id")
    return found


@router.get(
    "/programmes",
    response={200: list[ProgrammeOut], **ERRORS},
    auth=Token("programmes:see"),
    summary="The tree of programmes",
    tags=["programmes"],
)
def list_programmes(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's signature
    """Every programme, campaign and activity. Takes the scope programmes:see."""
    return list(programmes().values())


def _visible(who: Viewer, person_ids: Collection[int]) -> set[int]:
    """All of them for those who may see everybody; else those with a lead that the viewer may see."""
    if who.scope(Capability.PEOPLE, "see") is Scope.ALL:
        return set(person_ids)
    if not person_ids:
        return set()
    page = listing(who, filters={"person": list(person_ids)}, limit=500, now=clock.now())
    return {row.person_id for row in page.rows}
