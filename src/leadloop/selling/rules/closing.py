"""May a deal be closed this way?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum, auto

from leadloop.agreement.contracts import Terms
from leadloop.kernel.errors import Invalid
from leadloop.selling.contracts import Fate


class Stake(Enum):
    """What losing a deal means to one of its leads."""

    CLOSED = auto()
    ANOTHER_DEAL = auto()
    THIS_DEAL = auto()


def check_closing_day(closed_on: date, today: date) -> None:
    """Raise Invalid for a day that has not come yet."""
    if closed_on > today:
        raise Invalid("A deal can't be closed on a day to come", field="closed_on", mend="Give today or an earlier day")


def fates_of(reason: str, fates: Mapping[int, Fate], standing: Mapping[int, Stake], terms: Terms) -> dict[int, Fate]:
    """What becomes of each lead that would be left without a deal, by ascending lead.

    `standing` tells of every lead of the deal what is at stake: closed ones stay closed, and one with another open
    deal goes on with that, whatever is said of it. Raises Invalid for a reason that is none for losing, for a lead
    that is not on the deal, and for one of which nothing is said.
    """
    known = terms.reasons_for("lose")
    if reason not in known:
        raise Invalid(
            f"“{reason}” is no reason for losing" if reason else "Why it was lost is missing",
            field="reason",
            mend=f"Choose one of: {', '.join(f'{code} ({label})' for code, label in known.items())}",
        )
    strangers = sorted(set(fates) - set(standing))
    if strangers:
        raise Invalid(f"Lead {strangers[0]} is no lead of this deal", field="outcomes", mend="Load the page again")
    asked = sorted(lead_id for lead_id, stake in standing.items() if stake is Stake.THIS_DEAL)
    unsaid = [lead_id for lead_id in asked if lead_id not in fates]
    if unsaid:
        raise Invalid(
            f"What becomes of lead {unsaid[0]} is missing",
            field="outcomes",
            mend="Say for each lead whether it is lost too or looked at again later",
        )
    return {lead_id: fates[lead_id] for lead_id in asked}
