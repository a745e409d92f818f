"""Whose somebody is whom a salesperson found."""

from __future__ import annotations

from collections.abc import Sequence

from leadloop.kernel.decision import Decision, Reason
from leadloop.leads.contracts import LeadRow


def pursued(leads: Sequence[LeadRow], *, interest_id: int) -> LeadRow | None:
    """The open lead that a find for this interest would join; None where it opens one."""
    return next((one for one in leads if one.interest_id == interest_id), None)


def may_take(lead: LeadRow | None, *, finder_id: int) -> Decision[bool]:
    """Whether the finder may work them: nobody's open lead changes hands because a colleague came across its person."""
    if lead is None:
        return _decided("free", "Nobody pursues them for this interest.", may=True)
    if lead.owner_id == finder_id:
        return _decided("mine", "The finder has the lead already.", may=True)
    return _decided("theirs", "Somebody else has the open lead, and keeps it.", may=False)


def _decided(code: str, text: str, *, may: bool) -> Decision[bool]:
    return Decision(may, (Reason(code, text),))
