"""Which leads somebody may see, edit or export: the only way to list."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from leadloop.leads.contracts import LeadRow
from leadloop.ledger.sql import fetch
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability, Scope, Verb


class Condition(NamedTuple):
    """A boolean SQL expression over the lead under the alias `l`, and its parameters in order."""

    sql: str
    params: tuple[Any, ...] = ()


NOTHING = Condition("false")
EVERYTHING = Condition("true")


def visible_to(viewer: Viewer, verb: Verb = "see") -> Condition:
    """The leads to which this right of the viewer reaches. No query.

    A partner's or agency's people see what was handed to their team; `team` reaches the teams under the viewer.
    """
    scope = viewer.scope(Capability.LEADS, verb)
    if scope is Scope.ALL:
        return EVERYTHING
    if scope is Scope.NONE:
        return NOTHING
    if scope is Scope.OWN or not viewer.team_ids:
        return Condition("l.owner_id = %s", (viewer.user_id,))
    return Condition("(l.owner_id = %s or l.team_id = any(%s::bigint[]))", (viewer.user_id, sorted(viewer.team_ids)))


def reaches(viewer: Viewer, lead: LeadRow, verb: Verb = "see") -> bool:
    """Whether the right reaches this lead, as `visible_to` has it. No query."""
    scope = viewer.scope(Capability.LEADS, verb)
    if scope in (Scope.ALL, Scope.NONE):
        return scope is Scope.ALL
    return lead.owner_id == viewer.user_id or (scope is not Scope.OWN and lead.team_id in viewer.team_ids)


def visible(viewer: Viewer, lead_ids: Collection[int], verb: Verb = "see") -> set[int]:
    """Those of the leads to which the viewer's right reaches. One query."""
    reach = visible_to(viewer, verb)
    found = fetch(
        f"select l.id from leads_lead l where l.id = any(%s::bigint[]) and {reach.sql}", [list(lead_ids), *reach.params]
    )
    return {lead_id for (lead_id,) in found}


def persons_within(viewer: Viewer, person_ids: Collection[int], verb: Verb = "see") -> set[int]:
    """Those of the persons who have leads, to all of which the viewer's right reaches; with a right to all, everybody.

    At most one query.
    """
    reach = visible_to(viewer, verb)
    if reach is EVERYTHING:
        return set(person_ids)
    found = fetch(
        "select l.person_id from leads_lead l where l.person_id = any(%s::bigint[])"
        f" group by l.person_id having bool_and({reach.sql})",
        [list(person_ids), *reach.params],
    )
    return {person_id for (person_id,) in found}
