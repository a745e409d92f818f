"""Which value of two firms survives when they become one, by the same rules as for persons (see `survivorship`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from leadloop.kernel.text import company_key
from leadloop.kernel.values import dataclass
from leadloop.people.apart import LOSER
from leadloop.people.rules.changing import ATTRIBUTE
from leadloop.people.rules.firms import COLUMNS, Firm
from leadloop.people.rules.survivorship import MAIN, USUAL, Offer, Said, Told, compared, said_last

LINKS = ("parent_id", "account_owner_id")
VALUES = (*COLUMNS, *LINKS)
_OFFERED = tuple(column for column in VALUES if column != "name_key")  # the key goes with the name
_USUAL = {"name": MAIN, "domain": MAIN}


@dataclass(frozen=True, slots=True)
class FirmHeld:
    """A firm with its id, when it became known, and its values."""

    id: int
    created_at: datetime
    firm: Firm


def firm_offers(
    survivor: FirmHeld, loser: FirmHeld, told: Told, *, rule: str = USUAL, chosen: Mapping[str, str] | None = None
) -> list[Offer]:
    """Return every field on which one of two says something; `chosen` by field, by hand."""
    return compared(
        _says(survivor, told), _says(loser, told), survivor.created_at, rule=rule, usual=_USUAL, chosen=chosen or {}
    )


def taken_of(offers: Collection[Offer]) -> list[str]:
    """Return the fields that the loser says better; its other values only fill gaps."""
    return [one.field for one in offers if one.wins == LOSER and one.survivor.value]


def joined(survivor: FirmHeld, loser: FirmHeld, taken: Collection[str]) -> Firm:
    """Return the one firm: what the survivor says, its gaps filled, and what is `taken` of the loser.

    It never stands below one of the two.
    """
    ours, theirs = survivor.firm, loser.firm
    values = {name: _one(name, ours.values[name], theirs.values[name], taken) for name in VALUES}
    values["name_key"] = company_key(values["name"]) or ours.values["name_key"]
    both = (survivor.id, loser.id)
    parents = (values["parent_id"], ours.values["parent_id"], theirs.values["parent_id"])
    values["parent_id"] = next((one for one in parents if one is not None and one not in both), None)
    own = {key: value for key, value in theirs.attributes.items() if ATTRIBUTE + key in taken}
    return Firm(values, {**theirs.attributes, **ours.attributes, **own})


def _one(name: str, ours: Any, theirs: Any, taken: Collection[str]) -> Any:
    if ours in ("", None) or (name in taken and theirs not in ("", None)):
        return theirs if theirs not in ("", None) else ours
    return ours


def _says(held: FirmHeld, told: Told) -> dict[str, Said]:
    values = {column: held.firm.values[column] for column in _OFFERED}
    values |= {ATTRIBUTE + key: value for key, value in sorted(held.firm.attributes.items())}
    return {
        name: Said(str(value), *said_last(held.id, (name,), told, held.created_at))
        for name, value in values.items()
        if value not in ("", None)
    }
