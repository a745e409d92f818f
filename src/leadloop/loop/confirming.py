"""The mail that asks somebody to confirm a consent (double opt-in)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.forms import STANDARD, languages_of
from leadloop.capture.queries import portals
from leadloop.content import standard
from leadloop.content.contracts import TemplateRow
from leadloop.content.markup import compose
from leadloop.content.queries import templates
from leadloop.content.wording import say_when
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Event
from leadloop.loop.pursuing import portal_of
from leadloop.outreach.contracts import Draft, Purpose
from leadloop.people.contracts import Asked, ConfirmationRow, PersonRow
from leadloop.people.queries import confirmations_by_id, people
from leadloop.people.tokens import confirm_url
from leadloop.platform.queries import company


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the letters of a batch speak of, read for all of them at once."""

    persons: Mapping[int, PersonRow]
    portals: Mapping[int, PortalRow]
    texts: Mapping[tuple[str, str], TemplateRow]
    us: str
    zone: str


def letters(events: Sequence[Event], *, now: datetime) -> list[Draft]:
    """One for each that still waits, in the language of the form. Of `consent.asked` facts. At most eight queries."""
    found = confirmations_by_id({e.payload["confirmation_id"] for e in events})
    waiting = [one for one in found.values() if one.state(now) is Asked.WAITING]
    if not waiting:
        return []
    languages = languages_by_source({one.source for one in waiting})
    texts = templates({(standard.CONFIRM_CONSENT, language) for language in languages.values()})
    firm = company()
    desk = _Desk(people({one.person_id for one in waiting}), portals(), texts, firm.name, firm.zone)
    return [_letter(one, languages[one.source], desk) for one in waiting if not desk.persons[one.person_id].erased]


def languages_by_source(sources: set[str]) -> dict[str, str]:
    """In which language each source asks. One query."""
    known = languages_of([number for one in sources if (number := portal_of(one)) is not None])
    return {one: known.get(portal_of(one) or 0, STANDARD.language) for one in sources}


def _letter(row: ConfirmationRow, language: str, desk: _Desk) -> Draft:
    template, person = desk.texts[standard.CONFIRM_CONSENT, language], desk.persons[row.person_id]
    values = {
        "person.given_name": person.given,
        "person.family_name": person.family,
        "person.name": person.name if person.given or person.family else "",
        "us.name": desk.us,
        "consent.wording": _sayable(row, desk.portals.get(portal_of(row.source) or 0)),
        "confirm.url": confirm_url(row.id),
        "confirm.by": say_when(row.expires_at, person.zone or desk.zone, template.language),
    }
    written = compose(template.subject, template.body, values, language=template.language)
    return Draft(
        occasion=f"confirm:{row.id}",
        purpose=Purpose.TRANSACTIONAL,
        language=template.language,
        person_id=row.person_id,
        template_key=template.key,
        subject=written.subject,
        text=written.text,
        html=written.html,
    )


def _sayable(row: ConfirmationRow, portal: PortalRow | None) -> str:
    """The words to be confirmed; nothing where somebody outside may have made them up: see `to_be_confirmed`."""
    if portal is None or portal.kind is not PortalKind.BROWSER or row.wording == portal.consent_wording:
        return row.wording
    return ""
