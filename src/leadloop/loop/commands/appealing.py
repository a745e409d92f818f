"""Appealing against leads given back, and deciding it."""

from __future__ import annotations

from datetime import datetime

from leadloop.agreement.queries import in_force
from leadloop.distribution import services as distribution
from leadloop.distribution.queries import given_back_one
from leadloop.kernel.errors import Forbidden, NotFound
from leadloop.leads.queries import visible
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability as Can


def appeal(viewer: Viewer, assignment_id: int, *, text: str, now: datetime) -> str:
    """Say why a lead should not have been given back; returns what was done, in words."""
    if not viewer.may(Can.LEADS, "edit"):
        raise Forbidden("Your role does not change leads", mend="Ask somebody of the team that passed it on")
    back = given_back_one(assignment_id)
    if back is None or not (back.from_user_id == viewer.user_id or visible(viewer, [back.lead_id], "see")):
        raise NotFound(f"there is no lead given back under {assignment_id}", field="assignment_id")
    distribution.appeal(assignment_id, text=text, by=viewer.user_id, terms=in_force(), now=now)
    return "The appeal is made. Whoever answers for handing over decides."


def decide(viewer: Viewer, assignment_id: int, *, overturned: bool, note: str, now: datetime) -> str:
    """Let it stand or hand the lead back; returns what was done, in words. The rules say who may."""
    back, given = distribution.decide(
        assignment_id, overturned=overturned, note=note, by=viewer.user_id, terms=in_force(), now=now
    )
    who = names([back.user_id]).get(back.user_id, "its last owner")
    if given:
        return f"Overturned: the lead is with {who} again."
    return f"Overturned, on {who}'s record. The lead stays where it is by now." if overturned else "It stands."
