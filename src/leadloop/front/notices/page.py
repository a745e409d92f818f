"""What the page of notices shows: each in words with where it leads, as far as the viewer still sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from leadloop.agreement.contracts import Terms
from leadloop.capture.queries import portals
from leadloop.front.cells import Piece
from leadloop.front.templatetags.due_text import due_text
from leadloop.front.templatetags.ui import local_time
from leadloop.leads.contracts import LeadRow, Sort
from leadloop.leads.queries import listing
from leadloop.loop.notices.contracts import NoticeKind, NoticeRow
from leadloop.loop.notices.posting import NAMED
from leadloop.loop.notices.reading import notices
from leadloop.loop.notices.wording import more, title
from leadloop.mailing.queries import mailings_by_id
from leadloop.people.contracts import PersonRow
from leadloop.people.queries import people
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability as Can

PAGE = 50
SOON = timedelta(hours=1)
SHOWN_SOON = 10
ICONS = {
    NoticeKind.LEAD: "user-plus",
    NoticeKind.LEADS: "users",
    NoticeKind.LATE: "alert-triangle",
    NoticeKind.BACK: "arrow-back-up",
    NoticeKind.APPEAL: "scale",
    NoticeKind.MAILING: "mail-off",
    NoticeKind.IMPORT: "file-import",
    NoticeKind.PORTAL: "door-enter",
    NoticeKind.REPLY: "mail",
}


@dataclass(frozen=True, slots=True)
class _Words:
    """What notices speak of; leads only as far as the viewer sees them now."""

    viewer: Viewer
    terms: Terms
    leads: Mapping[int, LeadRow]
    persons: Mapping[int, PersonRow]
    mailings: Mapping[int, str]
    portals: Mapping[int, str]

    def who(self, lead_id: int | None) -> str:
        """The lead by its person's name; "a lead" where the viewer does not see it any more."""
        lead = self.leads.get(lead_id or 0)
        return self.persons[lead.person_id].name if lead else "a lead"


def notices_page(viewer: Viewer, *, before: int | None, terms: Terms, now: datetime) -> Piece:
    """Everything the template needs, in a constant number of queries."""
    found = notices(viewer.user_id, before=before, limit=PAGE + 1)
    shown, zone = found[:PAGE], ZoneInfo(viewer.zone)
    words, today = _read(viewer, shown, terms, now), now.astimezone(zone).date()
    days = groupby(shown, key=lambda row: row.at.astimezone(zone).date())
    waiting = sum(row.waits for row in shown)
    return {
        "waiting": waiting,
        "fact": f"{waiting} on this page {'waits' if waiting == 1 else 'wait'}" if waiting else "nothing waits",
        "soon": [] if before else _soon(viewer, terms, now),
        "days": [
            {
                "label": "Today" if day == today else f"{day:%-d %B %Y}",
                "items": [_item(row, words) for row in rows],
            }
            for day, rows in days
        ],
        "older_url": f"/notifications?before={shown[-1].id}" if len(found) > PAGE else "",
    }


def _read(viewer: Viewer, shown: Sequence[NoticeRow], terms: Terms, now: datetime) -> _Words:
    ids = {row.lead_id for row in shown if row.lead_id}
    leads = listing(viewer, filters={"id": list(ids) or [0]}, limit=PAGE, now=now, counted=False).rows
    stopped = [row.subject_id for row in shown if row.kind is NoticeKind.MAILING and row.subject_id]
    missing = any(row.kind is NoticeKind.PORTAL for row in shown)
    return _Words(
        viewer=viewer,
        terms=terms,
        leads={lead.id: lead for lead in leads},
        persons=people({lead.person_id for lead in leads}),
        mailings={key: row.name for key, row in mailings_by_id(stopped).items()} if stopped else {},
        portals={key: row.name for key, row in portals().items()} if missing else {},
    )


def _item(row: NoticeRow, words: _Words) -> Piece:
    title, detail, url = _said(row, words)
    settled = row.read_at is None and not row.waits
    return {
        "id": row.id,
        "icon": ICONS[row.kind],
        "title": title,
        "detail": f"{detail} · settled since" if settled else detail,
        "url": url,
        "time": local_time(row.at, words.viewer.zone),
        "state": ("late" if row.kind in (NoticeKind.LATE, NoticeKind.BACK) else "risk") if row.waits else "none",
        "unread": row.waits,
    }


def _said(row: NoticeRow, words: _Words) -> tuple[str, str, str]:
    """Title, detail, and where it leads, "" where the viewer may not go."""
    who, named = words.who(row.lead_id), {NoticeKind.MAILING: words.mailings, NoticeKind.PORTAL: words.portals}
    name = named[row.kind].get(row.subject_id or 0, NAMED[row.kind]) if row.kind in named else who
    detail = who if row.kind is NoticeKind.LATE else more(row.kind, row.detail)
    return title(row.kind, row.detail, name=name, terms=words.terms), detail, _url(row, words)


def _url(row: NoticeRow, words: _Words) -> str:
    match row.kind:
        case NoticeKind.LEADS:
            return "/worklist?tab=new"
        case NoticeKind.APPEAL:
            return f"/given-back#hand-over-{row.subject_id}"
        case NoticeKind.MAILING:
            return f"/mailings/{row.subject_id}" if words.viewer.may(Can.MAILINGS, "see") else ""
        case NoticeKind.PORTAL:
            return f"/portals/{row.subject_id}" if words.viewer.may(Can.PORTALS, "see") else ""
        case NoticeKind.IMPORT:
            return f"/imports/{row.subject_id}" if words.viewer.may(Can.IMPORTS, "see") else ""
        case _:
            return f"/leads/{row.lead_id}" if row.lead_id in words.leads else ""


def _soon(viewer: Viewer, terms: Terms, now: datetime) -> list[Piece]:
    """The viewer's promises that run out within the hour."""
    wanted = {"owner": viewer.user_id, "open": True, "due_from": now, "due_before": now + SOON}
    leads = listing(viewer, filters=wanted, sort=Sort.DUE, limit=SHOWN_SOON, now=now, counted=False).rows
    persons = people({lead.person_id for lead in leads})
    return [
        {
            "url": f"/leads/{lead.id}",
            "title": persons[lead.person_id].name,
            "detail": terms.clauses.promises[lead.due_kind].label if lead.due_kind in terms.clauses.promises else "",
            "time": f"in {due_text(lead.due_at, now)}" if lead.due_at else "",
        }
        for lead in leads
    ]
