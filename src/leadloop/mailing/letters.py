"""The letter of a mailing to each recipient."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from leadloop.catalogue.queries import families
from leadloop.content.contracts import Composed, TemplateRow
from leadloop.content.markup import compose
from leadloop.content.queries import texts_of
from leadloop.content.rules import suiting
from leadloop.kernel.errors import NotFound
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import rows as lead_rows
from leadloop.mailing.contracts import Recipient
from leadloop.people.contracts import PersonRow
from leadloop.people.links import personal_key
from leadloop.people.queries import people
from leadloop.platform.contracts import UserRow
from leadloop.platform.queries import company, users

ANY = "en"
# What a letter to a segment can say of each; a template that names more falls back to its own words.
KNOWN = (
    "person.given_name", "person.family_name", "person.name", "person.key", "company.name", "us.name", "owner.name",
    "owner.email", "interest.name",
)  # fmt: skip
Texts = Mapping[str, TemplateRow]


@dataclass(frozen=True, slots=True)
class Around:
    """Everything around some recipients. `now` is when their letters are written."""

    persons: Mapping[int, PersonRow]
    leads: Mapping[int, LeadRow]
    staff: Mapping[int, UserRow]
    interests: Mapping[int, str]
    us: str
    now: datetime


def texts(key: str) -> dict[str, TemplateRow]:
    """The text in every language there is. Raises NotFound for a key without any."""
    found = texts_of(key)
    if not found:
        raise NotFound(f"There is no template {key}", field="template", mend="Choose one from the list")
    return found


def frozen(found: Texts) -> list[dict[str, Any]]:
    """Texts as they are kept with a mailing."""
    return [asdict(row) for row in found.values()]


def thawed(kept: Collection[Mapping[str, Any]]) -> dict[str, TemplateRow]:
    """Texts as they were kept."""
    return {row["language"]: TemplateRow(**row) for row in kept}


def around(found: Collection[Recipient], writer_id: int, *, now: datetime) -> Around:
    """Read it. Five queries; `writer_id` stands in where there is no lead with an owner."""
    leads = lead_rows({one.lead_id for one in found if one.lead_id is not None})
    return Around(
        persons=people({one.person_id for one in found}),
        leads=leads,
        staff=users({*(row.owner_id for row in leads.values()), writer_id}),
        interests={key: family.name for key, family in families().items()},
        us=company().name,
        now=now,
    )


def letter(one: Recipient, known: Around, texts: Texts, writer_id: int) -> tuple[Composed, str]:
    """The letter and its language: the person's own where there is a text in it, else English, else any."""
    person = known.persons[one.person_id]
    text = suiting("", person.language or ANY, {("", key): row for key, row in texts.items()}, {})
    text = text or next(iter(texts.values()))
    return compose(
        text.subject, text.body, _values(one, person, known, writer_id), language=text.language
    ), text.language


def keeper(one: Recipient, known: Around, writer_id: int) -> UserRow | None:
    """Whom an answer goes to: the lead's owner, else who sent the mailing."""
    lead = known.leads.get(one.lead_id or 0)
    return known.staff.get(lead.owner_id if lead else writer_id) or known.staff.get(writer_id)


def _values(one: Recipient, person: PersonRow, known: Around, writer_id: int) -> dict[str, object]:
    owner, lead = keeper(one, known, writer_id), known.leads.get(one.lead_id or 0)
    return {
        "person.given_name": person.given,
        "person.family_name": person.family,
        "person.name": person.name if person.given or person.family else "",
        "person.key": personal_key(person.id, now=known.now),
        "company.name": person.company_name,
        "us.name": known.us,
        "owner.name": owner.name if owner else "",
        "owner.email": owner.email if owner else "",
        "interest.name": known.interests.get(lead.interest_id, "") if lead else "",
    }
