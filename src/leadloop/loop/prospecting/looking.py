"""Who prospects are, and whose: asked before anything is stored, and again when they are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson

from leadloop.capture.contracts import Parsed, PortalKind, PortalRow, Unreadable
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.keys import sure
from leadloop.capture.parse.standing import FOUND_BY, SALES_OWNED
from leadloop.capture.queries import portals
from leadloop.capture.services import try_out
from leadloop.identity.queries import known as who_is_known
from leadloop.identity.rules.keys import person_keys
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import open_of
from leadloop.leads.rules.finding import may_take, pursued
from leadloop.loop.prospecting.contracts import Look, Prospect, Standing, Then
from leadloop.outreach.contracts import Purpose
from leadloop.people.contracts import Channel, PersonRow
from leadloop.people.queries import buying_roles, erased, namesakes, people, suppressed
from leadloop.platform.contracts import Viewer

BASIS = "contact_basis"  # kept with the person, as an attribute
_WAYS = ((Channel.EMAIL, "e-mail"), (Channel.CALL, "phone"))


def doors() -> list[PortalRow]:
    """The portals that our people's own finds come through, by name."""
    found = (one for one in portals().values() if one.kind is PortalKind.STAFF and one.handover == SALES_OWNED)
    return sorted((one for one in found if one.is_on), key=lambda one: one.name)


def body_of(one: Prospect, then: Then) -> bytes:
    """What the inbox gets."""
    texts = {**one.texts, Field.INTEREST: then.interest}
    said = {sure(field): text.strip() for field, text in texts.items() if text.strip()}
    return orjson.dumps({**said, BASIS: str(then.basis)}, option=orjson.OPT_SORT_KEYS)


def look(
    viewer: Viewer, prospects: Sequence[Prospect], then: Then, *, portal: PortalRow, now: datetime
) -> dict[int, Look]:
    """What is known of each, by ref. Writes nothing. The number of queries does not depend on how many they are."""
    bodies = {one.ref: body_of(one, then) for one in prospects}
    read = try_out(portal=portal, bodies=bodies, context={FOUND_BY: str(viewer.user_id)}, now=now)
    sound = {ref: one for ref, one in read.items() if isinstance(one, Parsed)}
    known = _Known(sound)
    return {
        ref: Look(ref=ref, standing=Standing.UNREADABLE, why=one.text)
        if isinstance(one, Unreadable)
        else known.of(one, viewer.user_id)
        for ref, one in read.items()
    }


class _Known:
    """What the house knows of some prospects, asked once for all."""

    def __init__(self, sound: Mapping[int, Parsed]) -> None:
        self._ids = who_is_known([one.candidate for one in sound.values()])
        names = {_name(one) for one in sound.values()}
        self._called = namesakes(names)
        others = {i for several in self._called.values() for i in several}
        self._people = people({*self._ids.values(), *others})
        self._roles = buying_roles(self._ids.values())
        self._leads: dict[int, list[LeadRow]] = {}
        for lead in open_of(self._ids.values()):
            self._leads.setdefault(lead.person_id, []).append(lead)
        self._twins = _twins(sound)
        norms = {channel: {norm for one in sound.values() if (norm := _norm(one, channel))} for channel, _ in _WAYS}
        self._erased = {channel: erased(norms[channel], channel) for channel, _ in _WAYS}
        self._barred = {channel: suppressed(norms[channel], channel, Purpose.MARKETING) for channel, _ in _WAYS}

    def of(self, one: Parsed, finder_id: int) -> Look:
        person_id = self._ids.get(one.ref)
        person = self._people.get(person_id) if person_id else None
        leads = tuple(self._leads.get(person.id, ())) if person else ()
        lead = pursued(leads, interest_id=one.interest_id)
        return Look(
            ref=one.ref,
            standing=self._standing(one, person, lead, finder_id),
            person=person,
            role=self._roles.get(person_id or 0, ""),
            lead=lead,
            leads=leads,
            namesakes=self._namesakes(one, person),
            barred=tuple(word for channel, word in _WAYS if _norm(one, channel) in self._barred[channel]),
            twin_of=self._twins.get(one.ref),
        )

    def _standing(self, one: Parsed, person: PersonRow | None, lead: LeadRow | None, finder_id: int) -> Standing:
        if any(_norm(one, channel) in self._erased[channel] for channel, _ in _WAYS):
            return Standing.ERASED
        if not may_take(lead, finder_id=finder_id).outcome:
            return Standing.THEIRS
        if lead is not None:
            return Standing.MINE
        return Standing.NEW if person is None else Standing.KNOWN

    def _namesakes(self, one: Parsed, person: PersonRow | None) -> tuple[PersonRow, ...]:
        """None where a key has told who it is."""
        ids = self._called.get(_name(one), ()) if person is None else ()
        return tuple(self._people[i] for i in ids)


def _name(one: Parsed) -> str:
    return f"{one.candidate.given} {one.candidate.family}".strip()


def _norm(one: Parsed, channel: Channel) -> str:
    return (one.candidate.email if channel is Channel.EMAIL else one.candidate.phone) or ""


def _twins(sound: Mapping[int, Parsed]) -> dict[int, int]:
    """For whoever stands here twice the row where they stand first."""
    first: dict[tuple[str, str], int] = {}
    twins: dict[int, int] = {}
    for ref, one in sound.items():
        keys = person_keys(one.candidate)[:1]  # the key that decides
        for key in keys:
            if first.setdefault(key, ref) != ref:
                twins[ref] = first[key]
    return twins
