"""What happened, in words: facts of a person, lead or deal, by day, machine steps folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.agreement.contracts import Terms
from leadloop.capture.contracts import InquiryRow
from leadloop.capture.queries import inquiries_read
from leadloop.capture.visits import PagesRead, pages_read
from leadloop.front.work.telling import KEY, Words, detail, icon, title
from leadloop.ledger.contracts import Event, user_of
from leadloop.ledger.queries import opportunity_timeline
from leadloop.ledger.reads import together
from leadloop.platform.queries import names
from leadloop.selling.contracts import ActivityRow
from leadloop.selling.queries import activities_read, pipeline_stages

_Day = dict[str, Any]

LIMIT = 60
FOLDED = {
    "lead.scored",
    "lead.joined",
    "lead.opened",
    "promise.made",
    "promise.kept",
    "promise.dropped",
    "promise.resumed",
    "message.queued",
    "lead.owned",
    "journey.stepped",
    "person.remembered",
    "company.remembered",
}


def deal_days(opportunity_id: int, lead_ids: Sequence[int], *, terms: Terms, zone: str, now: datetime) -> list[_Day]:
    """The same of one deal, whose calls and mails are those of its leads."""
    events = opportunity_timeline(opportunity_id=opportunity_id, limit=LIMIT)
    return by_day(events, read_words(events, lead_ids, terms, zone), now)


def by_day(events: Sequence[Event], words: Words, now: datetime) -> list[_Day]:
    """Facts as days with their items, the newest first."""
    dated = [(e.happened_at.astimezone(words.zone), e) for e in sorted(events, key=_newest_first, reverse=True)]
    today = now.astimezone(words.zone).date()
    return [
        {"label": _day(day, today), "items": list(_items([e for _, e in group], words))}
        for day, group in groupby(dated, key=lambda pair: pair[0].date())
    ]


def _newest_first(event: Event) -> tuple[datetime, int]:
    return event.happened_at, event.id


def read_words(
    events: Sequence[Event],
    lead_ids: Sequence[int],
    terms: Terms,
    zone: str,
    *,
    persons: Mapping[int, str] | None = None,
    deals: Mapping[int, str] | None = None,
) -> Words:
    """What these facts speak of: one query. `persons` and `deals` are names by id, where it is about several."""
    done, asked = activities_read(lead_ids), inquiries_read(lead_ids)
    pages = pages_read({e.person_id for e in events if e.kind == "site.visited" and e.person_id} | set(persons or ()))
    found = together(done, asked, pages)
    words = words_of(events, found[done], found[asked], found[pages], terms, zone)
    return replace(words, persons=persons or {}, deals=deals or {})


def words_of(
    events: Sequence[Event],
    done: Mapping[int, Sequence[ActivityRow]],
    asked: Sequence[InquiryRow],
    pages: PagesRead,
    terms: Terms,
    zone: str,
) -> Words:
    """The same of what was read already: what was done, by lead, the inquiries, and pages of our site."""
    return Words(
        terms=terms,
        stages={stage.key: stage.label for stage in pipeline_stages()},
        names=names({value for e in events for value in _users(e)}),
        notes={a.id: (str(a.kind), a.outcome, a.note) for of_lead in done.values() for a in of_lead},
        messages={i.id: (i.portal_name, i.message) for i in asked},
        zone=ZoneInfo(zone),
        pages=pages,
    )


def _users(event: Event) -> Iterable[int]:
    if (actor := user_of(event.actor)) is not None:
        yield actor
    yield from (event.payload[key] for key in ("owner_id", "user_id") if event.payload.get(key))


def _day(day: Any, today: Any) -> str:
    ago = (today - day).days
    if ago in (0, 1):
        return "Today" if ago == 0 else "Yesterday"
    return f"{day:%-d %B %Y}"


def _items(events: Sequence[Event], words: Words) -> Iterable[dict[str, Any]]:
    for folded, group in groupby(events, key=lambda e: e.kind in FOLDED):
        if not folded:
            yield from (_item(e, words) for e in group)
            continue
        steps = list(group)
        yield {
            "icon": "settings",
            "title": f"{len(steps)} step{'s' if len(steps) > 1 else ''} by Leadloop",
            "folded": [f"{_time(e, words)} {title(e, words)}" for e in steps],
            "time": _time(steps[0], words),
        }


def _item(event: Event, words: Words) -> dict[str, Any]:
    actor = user_of(event.actor)
    by = words.names.get(actor, "") if actor else ""
    return {
        "id": f"fact-{event.id}",
        "icon": icon(event),
        "title": title(event, words),
        "detail": " · ".join(
            part for part in (_whose(event, words), detail(event, words), f"by {by}" if by else "") if part
        ),
        "time": _time(event, words),
        "url": _subject_url(event, words),
        "key": event.kind in KEY,
    }


def _whose(event: Event, words: Words) -> str:
    """Whose fact it is, on a stream about several persons and deals."""
    deal = words.deals.get(event.opportunity_id or 0, "")
    return deal or words.persons.get(event.person_id or 0, "")


def _subject_url(event: Event, words: Words) -> str:
    if event.opportunity_id in words.deals:
        return f"/deals/{event.opportunity_id}"
    return f"/leads/{event.lead_id}" if event.lead_id and event.person_id in words.persons else ""


def _time(event: Event, words: Words) -> str:
    return f"{event.happened_at.astimezone(words.zone):%H:%M}"
