"""Where an imported lead stood: its owner, and what status and conversion together say."""

from __future__ import annotations

from collections.abc import Mapping

from leadloop.capture.contracts import Claimed, PortalKind
from leadloop.capture.parse.draft import Draft
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.plan import RowPlan, Standing
from leadloop.capture.parse.words import is_yes
from leadloop.leads.contracts import Stage

SALES_OWNED = "sales_owned"
FOUND_BY = "found_by"  # in the context of a delivery: the id of the user
NOWHERE = Standing(None)
# Stages in which somebody in sales holds a lead, so a row that names nobody needs the owner given for such cases.
_HELD = frozenset({Stage.ASSIGNED, Stage.ACCEPTED, Stage.WORKING, Stage.OPPORTUNITY})


def standing(draft: Draft) -> tuple[int | None, Standing]:
    """Return the owner and the standing of an import row; of every other delivery its finder, or None, and nowhere.

    The owner is None, meaning the stage's keeper, where the row names nobody and nobody in sales holds the lead.

    A status that closes a lead counts before its conversion: junk that somebody converted by mistake is junk.
    Otherwise a converted lead became what the reading says, whatever its status was left at.
    """
    plan = draft.plan
    if plan is None:
        return _finder(draft.claimed), NOWHERE
    stood = _stood(draft.values, plan)
    named = draft.values.get(Field.OWNER)
    if named is not None:
        return plan.owners.get(named, plan.fallback_owner), stood
    return (plan.fallback_owner if stood.stage in _HELD else None), stood


def _finder(claimed: Claimed) -> int | None:
    """Who found somebody on their own, where the portal leaves people to their finders. Our own pages alone say so."""
    portal = claimed.portal
    if portal.handover != SALES_OWNED or portal.kind != PortalKind.STAFF:
        return None
    said = claimed.context.get(FOUND_BY, "")
    return int(said) if said.isdecimal() else None


def _stood(values: Mapping[str, str], plan: RowPlan) -> Standing:
    stood = plan.statuses.get(values.get(Field.STATUS, ""), NOWHERE)
    converted = values.get(Field.CONVERTED)
    if plan.converted and stood.closed_as is None and converted is not None and is_yes(converted):
        return plan.converted
    return stood
