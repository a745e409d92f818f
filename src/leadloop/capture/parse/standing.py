"""Where an imported lead stood: its owner, and what status and conversion together say."""

from __future__ import annotations

from leadloop.capture.parse.draft import Draft
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.plan import Standing
from leadloop.capture.parse.words import is_yes

NOWHERE = Standing(None)


def standing(draft: Draft) -> tuple[int | None, Standing]:
    """Return the owner and the standing of an import row; (None, nowhere) for every other delivery.

    A status that closes a lead counts before its conversion: junk that somebody converted by mistake is junk.
    Otherwise a converted lead became what the reading says, whatever its status was left at.
    """
    plan = draft.plan
    if plan is None:
        return None, NOWHERE
    owner = plan.owners.get(draft.values.get(Field.OWNER, ""), plan.fallback_owner)
    stood = plan.statuses.get(draft.values.get(Field.STATUS, ""), NOWHERE)
    converted = draft.values.get(Field.CONVERTED)
    if plan.converted and stood.closed_as is None and converted is not None and is_yes(converted):
        return owner, plan.converted
    return owner, stood
