"""What decisions and texts of a journey know of its leads, read for the whole batch at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from leadloop.catalogue.queries import families
from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import LeadRow
from leadloop.nurture.rules import SUPPLIED, engagement_now
from leadloop.people.contracts import CompanyRow, PersonRow
from leadloop.people.links import personal_key
from leadloop.people.queries import companies, people
from leadloop.platform.contracts import UserRow
from leadloop.platform.queries import company, users

_NAMES = {
    subject: [key.partition(".")[2] for key in SUPPLIED if key.startswith(f"{subject}.")]
    for subject in ("lead", "person", "company")
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything around some leads."""

    persons: Mapping[int, PersonRow]
    firms: Mapping[int, CompanyRow]
    staff: Mapping[int, UserRow]
    interests: Mapping[int, str]
    us: str
    now: datetime


def surroundings(rows: Collection[LeadRow], *, now: datetime) -> Surroundings:
    """Read it. Five queries."""
    return Surroundings(
        persons=people({row.person_id for row in rows}),
        firms=companies({row.company_id for row in rows if row.company_id is not None}),
        staff=users({row.owner_id for row in rows}),
        interests={family.id: family.name for family in families().values()},
        us=company().name,
        now=now,
    )


def asked(row: LeadRow, around: Surroundings, now: datetime, half_life_days: float) -> dict[str, Any]:
    """What decisions may ask, keyed as in `rules.SUPPLIED`."""
    person, firm = around.persons.get(row.person_id), around.firms.get(row.company_id or 0)
    return {
        "score.fit": row.fit,
        "score.engagement": engagement_now(row.engagement, now, half_life_days),
        "score.readiness": row.readiness,
        **{f"lead.{name}": getattr(row, name) for name in _NAMES["lead"]},
        **({f"person.{name}": getattr(person, name) for name in _NAMES["person"]} if person else {}),
        **({f"company.{name}": getattr(firm, name) for name in _NAMES["company"]} if firm else {}),
    }


def told(row: LeadRow, around: Surroundings) -> dict[str, object]:
    """What texts may say, keyed as in `content.fields`."""
    person, owner = around.persons.get(row.person_id), around.staff.get(row.owner_id)
    named = person is not None and bool(person.given or person.family)
    firm = around.firms.get(row.company_id or 0)
    return {
        "person.given_name": person.given if person else "",
        "person.family_name": person.family if person else "",
        "person.name": person.name if person and named else "",
        "person.key": personal_key(row.person_id, now=around.now),
        "company.name": firm.name if firm else person.company_name if person else "",
        "us.name": around.us,
        "owner.name": owner.name if owner else "",
        "owner.email": owner.email if owner else "",
        "interest.name": around.interests.get(row.interest_id, ""),
    }
