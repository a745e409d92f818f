"""What crosses the door of prospecting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import LeadRow
from leadloop.people.contracts import PersonRow


class Basis(StrEnum):
    """On what ground somebody is written to who did not ask. Neither is a consent: no marketing mail rests on it."""

    INTEREST = "legitimate_interest"
    NONE = "none"


class Standing(StrEnum):
    """Whose a prospect is, before they are added."""

    NEW = "new"  # nobody knows them
    KNOWN = "known"  # we know them, and nobody pursues them for this interest
    MINE = "mine"  # the finder has their open lead for it: that is joined
    THEIRS = "theirs"  # somebody else has it, and keeps it
    ERASED = "erased"  # they asked to be forgotten, and are not taken in again
    UNREADABLE = "unreadable"  # there is nothing to reach them by


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """Somebody who was found: texts by the field of an import. `ref` numbers them within what is added together.

    `to_theirs` adds what is said here to the lead that somebody else has; without it they are left out then.
    """

    ref: int
    texts: Mapping[str, str]
    to_theirs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """What holds for all that are added together: interest by its key, ground, and what comes next by when."""

    interest: str = ""
    basis: Basis = Basis.NONE
    next_step_at: datetime | None = None
    next_step_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known of a prospect: their record with its role in the purchase, and all their open leads.

    `lead` is the one for the same interest. `namesakes` are others who are called the same; `barred` the ways on which
    the address may not be used for marketing ("e-mail", "phone"); `twin_of` an earlier row that is the same person.
    """

    ref: int
    standing: Standing
    person: PersonRow | None = None
    role: str = ""
    lead: LeadRow | None = None
    leads: tuple[LeadRow, ...] = ()
    namesakes: tuple[PersonRow, ...] = ()
    barred: tuple[str, ...] = ()
    twin_of: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a prospect. `outcome` is "new", "joined", "left_out" or "quarantined"; with its lead, if any."""

    ref: int
    outcome: str
    look: Look
    lead_id: int | None = None
