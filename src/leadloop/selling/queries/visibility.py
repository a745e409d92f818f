"""Which deals somebody may see, edit or export: the only way to list."""

from __future__ import annotations

from collections.abc import Collection

from leadloop.leads.queries import Condition
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability, Scope, Verb
from leadloop.selling.sql import fetch


def visible_to(viewer: Viewer, verb: Verb = "see") -> Condition:
    """The deals, under the alias `o`, to which this right of the viewer reaches. No query.

    `team` and `partner` reach the viewer's teams; whoever has none reaches their own deals.
    """
    scope = viewer.scope(Capability.OPPORTUNITIES, verb)
    if scope is Scope.ALL:
        return Condition("true")
    if scope is Scope.NONE:
        return Condition("false")
    if scope is Scope.OWN or not viewer.team_ids:
        return Condition("o.owner_id = %s", (viewer.user_id,))
    return Condition("(o.owner_id = %s or o.team_id = any(%s))", (viewer.user_id, sorted(viewer.team_ids)))


def visible(viewer: Viewer, opportunity_ids: Collection[int], verb: Verb = "see") -> set[int]:
    """Those of the deals to which the viewer's right reaches. One query."""
    reach = visible_to(viewer, verb)
    found = fetch(
        f"select o.id from selling_opportunity o where o.id = any(%s) and {reach.sql}",
        [list(opportunity_ids), *reach.params],
    )
    return {opportunity_id for (opportunity_id,) in found}
