"""What somebody has answered already, by whatever way, so that a form needn't ask them again."""

from __future__ import annotations

from collections.abc import Mapping

from leadloop.capture.contracts import PortalRow
from leadloop.capture.forms.layouts import Layout
from leadloop.capture.models import Inquiry
from leadloop.capture.parse.fields import ANSWERS, Field
from leadloop.capture.parse.keys import resolver
from leadloop.people.contracts import CompanyRow, PersonRow
from leadloop.people.queries import companies, people


def answered(person_id: int, *, portal: PortalRow, layout: Layout) -> frozenset[str] | None:
    """The keys of the queued questions that this person has answered; None for somebody unknown or erased.

    Three queries at most. The answers themselves stay here.
    """
    person = people({person_id}).get(person_id)
    if person is None or person.erased:
        return None
    queued = [one.key for one in layout.questions if one.queued]
    if not queued:
        return frozenset()
    firm = companies({person.company_id}).get(person.company_id) if person.company_id is not None else None
    said = known_fields(person, firm) | _answers(person.id)
    find = resolver(portal.mapping, ours=False)
    fields = {key: find(key) for key in queued}
    return frozenset(key for key, field in fields.items() if field in said or (not field and key in person.attributes))


def known_fields(person: PersonRow, firm: CompanyRow | None) -> set[str]:
    """The fields in which something is known of a person and their firm. Pure."""
    known: Mapping[Field, object] = {
        Field.GIVEN_NAME: person.given,
        Field.FAMILY_NAME: person.family,
        Field.FULL_NAME: person.given or person.family,
        Field.EMAIL: person.email,
        Field.PHONE: person.phone,
        Field.MOBILE: person.phone,
        Field.TITLE: person.title,
        Field.COMPANY: person.company_name,
        Field.COUNTRY: person.country or (firm and firm.country),
        Field.CITY: person.city or (firm and firm.city),
        Field.WEBSITE: firm and firm.website,
        Field.INDUSTRY: firm and firm.industry,
        Field.EMPLOYEES: firm and firm.employees is not None,
    }
    return {str(field) for field, value in known.items() if value}


def _answers(person_id: int) -> set[str]:
    """Questions about readiness that one of their inquiries answered."""
    kept = Inquiry.objects.filter(person_id=person_id).values_list("answers", flat=True)
    return {str(field) for field in ANSWERS if any(one.get(str(field)) for one in kept)}
