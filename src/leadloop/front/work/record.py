"""One lead as its record shows it: next step first, then what to do, then why, then what happened."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadloop.agreement.contracts import Terms
from leadloop.capture.contracts import InquiryRow
from leadloop.capture.parse.profiles import profile
from leadloop.capture.queries import inquiries_read
from leadloop.capture.visits import PagesRead, pages_read
from leadloop.catalogue.queries import families
from leadloop.distribution.contracts import AssignmentRow
from leadloop.distribution.queries import assignments_read
from leadloop.front.alike.hints import HINTED, hints
from leadloop.front.templatetags.due_text import due_text
from leadloop.front.templatetags.ui import money
from leadloop.front.work.consent import consent_words
from leadloop.front.work.rows import clock_of, company_url
from leadloop.front.work.telling import Words
from leadloop.front.work.timeline import LIMIT, by_day, words_of
from leadloop.identity.contracts import SuggestionRow
from leadloop.identity.queries import suggestions_read, was_parted_read
from leadloop.leads.contracts import CLOSED_STAGES, LeadRow, Stage
from leadloop.leads.queries import lead as one_lead
from leadloop.leads.queries import reaches
from leadloop.ledger.contracts import Event
from leadloop.ledger.queries import parted_timeline, timeline_read
from leadloop.ledger.reads import together
from leadloop.loop.prospecting import BASIS
from leadloop.people.contracts import PersonRow
from leadloop.people.queries import companies, people
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import company, names
from leadloop.programmes.queries import names as programme_names
from leadloop.programmes.queries import sources
from leadloop.qualification.contracts import AssessmentRow
from leadloop.qualification.queries import assessments_read
from leadloop.selling.contracts import ActivityRow, OpportunityRow
from leadloop.selling.queries import activities_read, opportunities_read

GROUNDS = {"legitimate_interest": "legitimate interest", "none": "none yet"}
_MENTION = re.compile(r"\b(user|company):(\d+)")
LOGS = (
    ("call", "phone", "Call", "dial"),
    ("mail", "mail", "Mail", "email"),
    ("meeting", "users", "Meeting", "meeting"),
)


def record_of(viewer: Viewer, lead_id: int, *, terms: Terms, now: datetime) -> dict[str, Any]:
    """The record of this lead. Raises NotFound where the viewer may not see it."""
    lead = one_lead(viewer, lead_id)
    return record(viewer, lead, people([lead.person_id])[lead.person_id], terms=terms, now=now)


def record(viewer: Viewer, lead: LeadRow, person: PersonRow, *, terms: Terms, now: datetime) -> dict[str, Any]:
    """Everything the record's template needs, of a lead that the viewer may see."""
    editable, known = reaches(viewer, lead, "edit"), _known(lead, person)
    return {
        "lead": lead,
        "person": person,
        "row_id": f"lead-{lead.id}",
        "note_url": f"/leads/{lead.id}/note",
        "step": _next_step(lead, terms, now),
        "actions": _actions(lead, terms) if editable else [],
        "logs": LOGS if editable and lead.stage in _WORKED else (),
        "composer_kinds": [{"value": "note", "label": "Note", "prompt": "What did you learn?", "key": "note"}],
        "editable": editable,
        "days": by_day(known.events, _words(known, terms, viewer.zone), now),
        "reasons": _reasons(lead, known.assessment),
        "definitions": _definitions(lead, person, terms, consent_words(person, known.events, now)),
        "decision": _decision(known.assignments),
        "alike": hints(viewer, person, known.alike),
        "deals": known.deals,
        "stage_label": terms.label(lead.stage),
    }


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rooms know of a lead and of its person's past."""

    events: Sequence[Event]
    done: Mapping[int, Sequence[ActivityRow]]
    asked: Sequence[InquiryRow]
    assessment: AssessmentRow | None
    assignments: Sequence[AssignmentRow]
    deals: Sequence[OpportunityRow]
    alike: Sequence[SuggestionRow]
    pages: PagesRead


def _known(lead: LeadRow, person: PersonRow) -> _Known:
    """Read it, in one query; two where somebody was merged and parted again."""
    events, done = timeline_read(person_ids=person.known_as, limit=LIMIT), activities_read([lead.id])
    asked, judged = inquiries_read([lead.id]), assessments_read([lead.id])
    given, deals = assignments_read([lead.id]), opportunities_read([lead.id])
    alike = suggestions_read(person.known_as, states=HINTED)
    parted = was_parted_read(person.known_as)
    pages = pages_read(person.known_as)
    found = together(events, done, asked, judged, given, deals, alike, parted, pages)
    told = parted_timeline(person_ids=person.known_as, limit=LIMIT) if found[parted] else found[events]
    return _Known(
        events=told,
        done=found[done],
        asked=found[asked],
        assessment=found[judged].get(lead.id),
        assignments=found[given][lead.id],
        deals=found[deals].get(lead.id, []),
        alike=found[alike],
        pages=found[pages],
    )


def _words(known: _Known, terms: Terms, zone: str) -> Words:
    return words_of(known.events, known.done, known.asked, known.pages, terms, zone)


_WORKED = (Stage.INQUIRY, Stage.NURTURING, Stage.QUALIFIED, Stage.ACCEPTED, Stage.WORKING, Stage.OPPORTUNITY)


def _next_step(lead: LeadRow, terms: Terms, now: datetime) -> dict[str, Any] | None:
    if lead.due_at is None:
        return None
    percent, state = clock_of(lead, now)
    clause = terms.clauses.promises[lead.due_kind]
    left = due_text(lead.due_at, now)
    title = f"{clause.label} is {left}" if state == "late" else f"{clause.label} due in {left}"
    return {
        "title": title,
        "reason": f"{terms.label(lead.stage)}: {terms.clauses.stages[lead.stage].means}",
        "percent": percent,
        "state": state,
    }


def _actions(lead: LeadRow, terms: Terms) -> list[dict[str, Any]]:
    """What can be done from this stage; the first one is the primary button."""
    base = f"/leads/{lead.id}"
    accept = {"label": "Accept", "url": f"{base}/accept", "icon": "check", "key": "done"}
    table: dict[Stage, list[dict[str, Any]]] = {
        Stage.INQUIRY: [{"label": terms.label("qualified"), "url": f"{base}/qualify", "icon": "check", "key": "done"}],
        Stage.NURTURING: [
            {"label": terms.label("qualified"), "url": f"{base}/qualify", "icon": "check", "key": "done"}
        ],
        Stage.ASSIGNED: [accept, {"label": "Give back", "sheet": f"{base}/reject", "icon": "arrow-back-up"}],
        Stage.WORKING: [{"label": "Opportunity", "sheet": f"{base}/opportunity", "icon": "briefcase", "key": "create"}],
    }
    open_ones = [
        {"label": "Snooze", "sheet": f"{base}/snooze", "icon": "clock", "key": "snooze"},
        {"label": "Assign", "sheet": f"{base}/assign", "icon": "user-plus", "key": "assign"},
        {"label": "Recycle", "sheet": f"{base}/recycle", "icon": "repeat"},
        {"label": "Disqualify", "sheet": f"{base}/disqualify", "icon": "x"},
    ]
    if lead.stage in CLOSED_STAGES:
        return []
    if lead.stage is Stage.OPPORTUNITY:
        return open_ones[:2]
    return [*table.get(lead.stage, []), *open_ones]


def _reasons(lead: LeadRow, found: AssessmentRow | None) -> dict[str, Any]:
    """Why the lead has its grade: the points of each rule, and what is known of its readiness."""
    if found is None:
        return {"title": "Not scored yet", "fit": [], "readiness": []}
    return {
        "title": f"Why {lead.grade} {lead.fit}",
        "fit": [{"label": r["text"], "points": round(r.get("weight") or 0)} for r in found.fit_reasons],
        "readiness": [r["text"] for r in found.readiness_reasons],
    }


def _definitions(lead: LeadRow, person: PersonRow, terms: Terms, consent: str) -> list[dict[str, Any]]:
    staff = names([lead.owner_id])
    programme = programme_names([lead.programme_id]) if lead.programme_id else {}
    source = sources().get(lead.source_id) if lead.source_id else None
    pairs = [
        ("Stage", terms.label(lead.stage)),
        ("Owner", staff.get(lead.owner_id, "")),
        ("E-mail", person.email),
        ("Phone", person.phone),
        ("Company", person.company_name),
        ("Country", person.country),
        ("Interest", families()[lead.interest_id].name),
        ("Worth", money(lead.expected_value, company().currency) if lead.expected_value else ""),
        ("Source", source.label if source else ""),
        ("Programme", programme.get(lead.programme_id or 0, "")),
        ("Buying role", "" if person.buying_role == "unknown" else person.buying_role.replace("_", " ")),
        ("Consent", consent),
        ("Ground", GROUNDS.get(str(person.attributes.get(BASIS, "")), "")),
        ("Profile", str(person.attributes.get("social", ""))),
        ("Record", _record_words(person)),
    ]
    urls = {"Company": company_url(lead, person), "Record": f"/persons/{person.id}", "Profile": _profile_url(person)}
    return [{"term": term, "value": value, "url": urls.get(term, "")} for term, value in pairs if value]


def _profile_url(person: PersonRow) -> str:
    """Where a profile on a network that we know is; "" for any other text, which a link could be made to run."""
    seen = profile(str(person.attributes.get("social", "")))
    return f"https://{seen.address.partition('//')[2] or seen.address}" if seen else ""


def _record_words(person: PersonRow) -> str:
    """Which record it is, and how many were merged into it."""
    merged = len(person.known_as) - 1
    return f"{person.id}, of {merged + 1} merged" if merged else str(person.id)


def _decision(history: Sequence[AssignmentRow]) -> dict[str, Any] | None:
    """How it came to its owner: every rule and candidate that was looked at."""
    if not history:
        return None
    newest = history[0]
    staff = names({row.user_id for row in history} | _mentioned(newest.log, "user"))
    firms = {i: row.name for i, row in companies(_mentioned(newest.log, "company")).items()}
    return {
        "owner": staff.get(newest.user_id, ""),
        "lines": [_named(reason["text"], {"user": staff, "company": firms}) for reason in newest.log],
        "before": [f"{staff.get(row.user_id, '')}: {str(row.state).replace('_', ' ')}" for row in history[1:]],
    }


def _mentioned(log: list[dict[str, Any]], kind: str) -> set[int]:
    return {int(found) for reason in log for what, found in _MENTION.findall(reason["text"]) if what == kind}


def _named(text: str, known: Mapping[str, Mapping[int, str]]) -> str:
    """Decision logs keep ids; people read names."""
    return _MENTION.sub(lambda found: known[found[1]].get(int(found[2]), found[0]), text)
