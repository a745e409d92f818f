"""The messages that steps of journeys send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from leadloop.content.contracts import TemplateRow
from leadloop.content.markup import compose
from leadloop.content.queries import templates
from leadloop.leads.contracts import LeadRow
from leadloop.nurture.contracts import Sending
from leadloop.nurture.services.values import Surroundings, told
from leadloop.outreach.contracts import Draft, Purpose

ANY = "en"
Texts = Mapping[tuple[str, str], TemplateRow]


class Wanted(NamedTuple):
    """One message that a lead's walk asks for."""

    enrolment_id: int
    sending: Sending
    lead: LeadRow
    journey: str


def texts_for(wanted: Iterable[Wanted], around: Surroundings) -> Texts:
    """The text of each template in each language that is needed. One query."""
    return templates(list({(one.sending.template, language_of(one.lead, around)) for one in wanted}))


def draft(one: Wanted, around: Surroundings, texts: Texts) -> Draft:
    """The message. Its occasion makes it one per pass through the journey and node, however often it is asked for."""
    lead = one.lead
    text = texts[one.sending.template, language_of(lead, around)]
    owner = around.staff.get(lead.owner_id)
    written = compose(text.subject, text.body, told(lead, around), language=text.language)
    return Draft(
        occasion=f"journey:{one.enrolment_id}:{one.sending.node}",
        purpose=Purpose.MARKETING,
        person_id=lead.person_id,
        lead_id=lead.id,
        subject=written.subject or one.journey,
        text=written.text,
        html=written.html,
        reply_to=owner.email if owner else "",
        language=text.language,
        template_key=text.key,
    )


def language_of(lead: LeadRow, around: Surroundings) -> str:
    """The person's language; English when it is not known."""
    person = around.persons.get(lead.person_id)
    return (person.language if person else "") or ANY
