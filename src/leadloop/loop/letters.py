"""What Leadloop writes by itself: the acknowledgement to the inquirer, the notice to the owner, the warning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from leadloop.agreement.contracts import Terms
from leadloop.capture.contracts import InquiryRow
from leadloop.capture.queries import inquiries
from leadloop.catalogue.queries import families
from leadloop.content import standard
from leadloop.content.contracts import AssetRow, TemplateRow
from leadloop.content.markup import compose
from leadloop.content.queries import assets, templates
from leadloop.content.wording import say_when
from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import LeadRow, PromiseRow, PromiseState
from leadloop.leads.queries import promises, rows
from leadloop.ledger.contracts import Event
from leadloop.loop.notices.choosing import Post, post_of
from leadloop.loop.notices.contracts import Topic
from leadloop.outreach.contracts import Draft, Purpose
from leadloop.people.contracts import PersonRow
from leadloop.people.queries import people
from leadloop.platform.contracts import UserRow
from leadloop.platform.queries import company, users

GRAVE = ("reply", "accept", "contact")  # promises of which keepers hear by letter; the rest is shown


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything letters about some leads speak of, read for all of them at once."""

    leads: Mapping[int, LeadRow]
    persons: Mapping[int, PersonRow]
    owed: Mapping[int, Sequence[PromiseRow]]
    staff: Mapping[int, UserRow]
    interests: Mapping[int, str]
    assets: Mapping[int, AssetRow]
    us: str
    zone: str


def desk(lead_ids: Iterable[int], *, also: Iterable[int] = ()) -> Desk:
    """Read it; `also` names further users. A constant number of queries."""
    found = rows(set(lead_ids))
    firm = company()
    return Desk(
        leads=found,
        persons=people({lead.person_id for lead in found.values()}),
        owed=promises(found),
        staff=users({lead.owner_id for lead in found.values()} | set(also)),
        interests={key: family.name for key, family in families().items()},
        assets=assets(),
        us=firm.name,
        zone=firm.zone,
    )


def acknowledgements(events: Sequence[Event], *, now: datetime) -> list[Draft]:
    """Thank inquirers, send what they asked for, and say who answers by when. Of `inquiry.received` facts."""
    asking = [e for e in events if e.lead_id and _to_be_thanked(e)]
    table = desk(e.lead_id for e in asking if e.lead_id)
    wanted = {_ack_key(e, table): e for e in asking}
    texts = templates(set(wanted))
    return [draft for e in asking if (draft := _acknowledge(e, table, texts, now))]


def _to_be_thanked(event: Event) -> bool:
    return bool(event.payload["acknowledge"]) and not event.payload["historic"] and event.person_id is not None


def _ack_key(event: Event, table: Desk) -> tuple[str, str]:
    assert event.lead_id is not None
    lead = table.leads[event.lead_id]
    key = standard.ACKNOWLEDGEMENT
    if event.payload.get("asset_id") in table.assets:
        key = standard.ACKNOWLEDGEMENT_WITH_ASSET
    return key, table.persons[lead.person_id].language or "en"


def _acknowledge(
    event: Event, table: Desk, texts: Mapping[tuple[str, str], TemplateRow], now: datetime
) -> Draft | None:
    assert event.lead_id is not None
    lead = table.leads[event.lead_id]
    person = table.persons[lead.person_id]
    template = texts.get(_ack_key(event, table))
    if template is None or not person.email:
        return None
    asset = table.assets.get(event.payload.get("asset_id") or 0)
    values = {
        **_about(lead, table),
        "reply.by": _promised(lead, table, "reply", person.zone or table.zone, template.language),
        "asset.title": asset.title if asset else "",
        "asset.url": asset.url if asset else "",
    }
    written = compose(template.subject, template.body, values, language=template.language)
    return Draft(
        occasion=f"ack:inquiry:{event.payload['inquiry_id']}",
        purpose=Purpose.TRANSACTIONAL,
        language=template.language,
        auto_answer=asset is None,  # a document somebody asked for is sent each time
        person_id=lead.person_id,
        lead_id=lead.id,
        not_before=now,
        template_key=template.key,
        subject=written.subject,
        text=written.text,
        html=written.html,
    )


def notices(events: Sequence[Event], post: Mapping[int, Post], *, not_before: datetime) -> list[Draft]:
    """Tell people about the leads they were given, at the hours that are right for them. Of `lead.assigned` facts."""
    given = [e for e in events if e.lead_id is not None]
    table = desk((e.lead_id for e in given if e.lead_id), also=(e.payload["user_id"] for e in given))
    asked = _last_inquiries([e.lead_id for e in given if e.lead_id])
    texts = templates({(standard.NEW_LEAD, table.staff[e.payload["user_id"]].language) for e in given})
    return [_notice(e, table, asked, texts, post[e.payload["user_id"]], not_before) for e in given]


def _notice(
    event: Event,
    table: Desk,
    asked: Mapping[int, InquiryRow],
    texts: Mapping[tuple[str, str], TemplateRow],
    post: Post,
    not_before: datetime,
) -> Draft:
    assert event.lead_id is not None
    lead, user = table.leads[event.lead_id], table.staff[event.payload["user_id"]]
    template = texts[standard.NEW_LEAD, user.language]
    last = asked.get(lead.id)
    values = {
        **_about(lead, table),
        "owner.name": user.name,
        "portal.name": last.portal_name if last else "",
        "inquiry.message": last.message if last else "",
        "promise.due": _promised(lead, table, "accept", user.zone, template.language),
        "lead.url": lead_url(lead.id),
    }
    written = compose(template.subject, template.body, values, language=template.language)
    return Draft(
        occasion=f"notify:assign:{lead.id}:{event.payload['assignment_id']}",
        purpose=Purpose.INTERNAL,
        user_id=user.id,
        about_person_id=lead.person_id,
        language=template.language,
        lead_id=lead.id,
        not_before=post.leaves(not_before, _due(lead, table, "accept")),
        template_key=template.key,
        subject=written.subject,
        text=written.text,
        html=written.html,
    )


def _last_inquiries(lead_ids: Sequence[int]) -> dict[int, InquiryRow]:
    newest_last = reversed(inquiries(lead_ids))
    return {row.lead_id: row for row in newest_last if row.lead_id is not None}


def warnings(events: Sequence[Event], *, terms: Terms, now: datetime) -> list[Draft]:
    """Tell keepers of promises that ran out, as they chose. Of `promise.broken` facts; the GRAVE ones only."""
    grave = [e for e in events if e.lead_id and e.payload["promise"] in GRAVE]
    table, post = desk((e.lead_id for e in grave if e.lead_id), also=_keepers(terms)), post_of(_keepers(terms))
    drafts = []
    for event in grave:
        assert event.lead_id is not None
        lead = table.leads[event.lead_id]
        keeper = terms.keeper(str(lead.stage))
        if keeper != lead.owner_id and keeper in post and post[keeper].at_once(Topic.WATCH):
            drafts.append(_warning(event, lead, table, terms, keeper, post[keeper].leaves(now)))
    return drafts


def _warning(event: Event, lead: LeadRow, table: Desk, terms: Terms, keeper: int, leaves: datetime) -> Draft:
    label = terms.clauses.promises[event.payload["promise"]].label
    who = table.persons[lead.person_id]
    owner = table.staff.get(lead.owner_id)
    subject = f"Late: {label}, {who.name}"
    text = (
        f"{owner.name if owner else 'Nobody'} has not kept “{label}” for {who.name}"
        f"{f' of {who.company_name}' if who.company_name else ''}.\n\n{lead_url(lead.id)}\n"
    )
    return Draft(
        occasion=f"late:{event.payload['promise_id']}",
        purpose=Purpose.INTERNAL,
        user_id=keeper,
        about_person_id=lead.person_id,
        lead_id=lead.id,
        subject=subject,
        text=text,
        template_key="late",
        not_before=leaves,
    )


def lead_url(lead_id: int) -> str:
    """The address of a lead's page."""
    return f"{settings.PUBLIC_URL}/leads/{lead_id}"


def _about(lead: LeadRow, table: Desk) -> dict[str, Any]:
    person = table.persons[lead.person_id]
    owner = table.staff.get(lead.owner_id)
    return {
        "person.given_name": person.given,
        "person.family_name": person.family,
        "person.name": person.name if person.given or person.family else "",
        "company.name": person.company_name,
        "interest.name": table.interests.get(lead.interest_id, ""),
        "owner.name": owner.name if owner else "",
        "us.name": table.us,
    }


def _promised(lead: LeadRow, table: Desk, kind: str, zone: str, language: str) -> str:
    due_at = _due(lead, table, kind)
    return say_when(due_at, zone, language) if due_at else ""


def _due(lead: LeadRow, table: Desk, kind: str) -> datetime | None:
    """When what is owed runs out, None where nothing of the kind is."""
    running = (p for p in table.owed.get(lead.id, ()) if p.kind == kind and p.state == PromiseState.RUNNING)
    promise = next(running, None)
    return promise.due_at if promise else None


def _keepers(terms: Terms) -> set[int]:
    return {clause.keeper_id for clause in terms.clauses.stages.values()}
