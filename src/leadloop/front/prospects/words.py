"""What is known of a prospect, in words; and what became of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.catalogue.queries import families
from leadloop.front.prospects.forms import ROLES
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import visible
from leadloop.loop import commands
from leadloop.loop.prospecting import Added, Look, Standing
from leadloop.people.contracts import PersonRow
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability as Can
from leadloop.platform.roles import Scope

_CHIPS = {
    Standing.NEW: ("new here", "ok"),
    Standing.KNOWN: ("known", "none"),
    Standing.MINE: ("yours already", "none"),
    Standing.THEIRS: ("somebody else's", "risk"),
    Standing.ERASED: ("not to be taken in", "late"),
    Standing.UNREADABLE: ("can't be reached", "late"),
}


class Told:
    """Words for looks, with the names and rights they need asked once for all."""

    def __init__(self, viewer: Viewer, looks: Sequence[Look]) -> None:
        leads = [lead for one in looks for lead in one.leads]
        persons = {one.person.id for one in looks if one.person} | {p.id for one in looks for p in one.namesakes}
        self._owners = names({lead.owner_id for lead in leads})
        self._interests = families()
        self._open = visible(viewer, [lead.id for lead in leads])
        self._seen = commands.seen_among(viewer, persons) if persons else set()
        self._walled = viewer.scope(Can.PEOPLE, "see") is Scope.PARTNER

    def chip(self, one: Look) -> Mapping[str, str]:
        """The standing in a word."""
        text, state = _CHIPS[one.standing]
        return {"text": text, "state": state}

    def lines(self, one: Look) -> list[dict[str, Any]]:
        """Each `text`, and `url` where there is something to open."""
        return [
            *self._of_standing(one),
            *([{"text": f"The same person as row {one.twin_of + 1}."}] if one.twin_of is not None else []),
            *({"text": f"No marketing by {way}: they do not want it."} for way in one.barred),
            *(line for person in one.namesakes if (line := self._namesake(person))),
        ]

    def owner(self, lead: LeadRow) -> str:
        """Who has a lead; behind a partner's wall nobody is named whose lead they don't see."""
        if self._walled and lead.id not in self._open:
            return "Somebody else"
        return self._owners.get(lead.owner_id, "Somebody else")

    def _of_standing(self, one: Look) -> list[dict[str, Any]]:
        if one.standing is Standing.ERASED:
            return [{"text": "They asked to be forgotten, so they are not taken in again."}]
        if one.standing is Standing.UNREADABLE:
            return [{"text": one.why}]
        if one.person is None or (self._walled and one.person.id not in self._seen and not one.leads):
            return []
        return [self._person(one, one.person), *(self._lead(lead) for lead in one.leads)]

    def _person(self, one: Look, person: PersonRow) -> dict[str, Any]:
        role = dict(ROLES).get(one.role, "") if one.role != "unknown" else ""
        shown = person.id in self._seen or not self._walled
        said = ", ".join(part for part in (person.name, person.company_name, role.lower()) if part)
        url = f"/persons/{person.id}" if person.id in self._seen else ""
        return {"text": f"Known already: {said}" if shown else "Known already", "url": url}

    def _lead(self, lead: LeadRow) -> dict[str, Any]:
        about = self._interests[lead.interest_id].name
        url = f"/leads/{lead.id}" if lead.id in self._open else ""
        return {"text": f"{self.owner(lead)} has their lead: {about}", "url": url}

    def _namesake(self, person: PersonRow) -> dict[str, Any] | None:
        if self._walled and person.id not in self._seen:
            return None
        at = f" at {person.company_name}" if person.company_name else ""
        url = f"/persons/{person.id}" if person.id in self._seen else ""
        return {"text": f"Somebody of this name is known{at}", "url": url}


def outcome(viewer: Viewer, added: Sequence[Added], called: Mapping[int, str]) -> list[str]:
    """What became of them, in sentences; who was left out is named with the reason."""
    told = Told(viewer, [one.look for one in added])
    new = sum(one.outcome == "new" for one in added)
    joined = sum(one.outcome == "joined" for one in added)
    counted = [f"{new} new {'lead' if new == 1 else 'leads'}"] if new else []
    counted += [f"{joined} added to {'a lead' if joined == 1 else 'leads'} that {_is(joined)} open"] if joined else []
    said = [f"{' and '.join(counted)}."] if counted else []
    return [*said, *(_left(one, called[one.ref], told) for one in added if one.outcome in ("left_out", "quarantined"))]


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _left(one: Added, name: str, told: Told) -> str:
    if one.outcome == "quarantined":
        return f"{name} waits in quarantine."
    if one.look.lead is not None:
        return f"{name} was left out: {told.owner(one.look.lead)} has the lead."
    return f"{name} was left out: {told.chip(one.look)['text']}."
