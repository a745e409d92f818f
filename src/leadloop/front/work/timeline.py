"""What happened, in words: facts of a person, lead or deal, by day, machine steps folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.agreement.contracts import Terms
from leadloop.capture.queries import inquiries
from leadloop.ledger.contracts import Event, user_of
from leadloop.ledger.facts import kinds
from leadloop.ledger.queries import opportunity_timeline, timeline
from leadloop.platform.queries import names
from leadloop.selling.contracts import ActivityKind
from leadloop.selling.outcomes import OUTCOMES
from leadloop.selling.queries import activities, pipeline_stages

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
KEY = {"inquiry.received", "opportunity.won", "opportunity.opened", "lead.accepted"}
ICONS = {
    "inquiry.received": "forms",
    "lead.moved": "arrow-right",
    "lead.assigned": "user-plus",
    "lead.accepted": "user-check",
    "lead.rejected": "arrow-back-up",
    "lead.pulled_back": "arrow-back-up",
    "activity.logged": "phone",
    "opportunity.opened": "briefcase",
    "opportunity.moved": "layout-kanban",
    "opportunity.changed": "pencil",
    "opportunity.won": "trophy",
    "opportunity.lost": "x",
    "promise.broken": "alert-triangle",
    "message.sent": "mail",
    "message.refused": "mail-off",
    "message.failed": "mail-off",
    "journey.entered": "route",
    "journey.left": "route",
    "person.changed": "pencil",
    "command.undone": "arrow-back-up",
}


@dataclass(frozen=True, slots=True)
class _Words:
    """What the lines speak of, read for all events at once."""

    terms: Terms
    stages: dict[str, str]
    names: dict[int, str]
    notes: dict[int, tuple[str, str, str]]
    messages: dict[int, tuple[str, str]]
    zone: ZoneInfo


def days(person_ids: Sequence[int], lead_id: int, *, terms: Terms, zone: str, now: datetime) -> list[_Day]:
    """Days with their items for `parts/timeline.html`, the newest first. A constant number of queries.

    `person_ids` are all ids of the one person.
    """
    events = timeline(person_ids=person_ids, limit=LIMIT)
    return _by_day(events, _read(events, [lead_id], terms, zone), now)


def deal_days(opportunity_id: int, lead_ids: Sequence[int], *, terms: Terms, zone: str, now: datetime) -> list[_Day]:
    """The same of one deal, whose calls and mails are those of its leads."""
    events = opportunity_timeline(opportunity_id=opportunity_id, limit=LIMIT)
    return _by_day(events, _read(events, lead_ids, terms, zone), now)


def _by_day(events: Sequence[Event], words: _Words, now: datetime) -> list[_Day]:
    dated = [(e.happened_at.astimezone(words.zone), e) for e in sorted(events, key=_newest_first, reverse=True)]
    today = now.astimezone(words.zone).date()
    return [
        {"label": _day(day, today), "items": list(_items([e for _, e in group], words))}
        for day, group in groupby(dated, key=lambda pair: pair[0].date())
    ]


def _newest_first(event: Event) -> tuple[datetime, int]:
    return event.happened_at, event.id


def _read(events: Sequence[Event], lead_ids: Sequence[int], terms: Terms, zone: str) -> _Words:
    user_ids = {value for e in events for value in _users(e)}
    done = [one for of_lead in activities(lead_ids).values() for one in of_lead]
    asked = inquiries(lead_ids)
    return _Words(
        terms=terms,
        stages={stage.key: stage.label for stage in pipeline_stages()},
        names=names(user_ids),
        notes={a.id: (str(a.kind), a.outcome, a.note) for a in done},
        messages={i.id: (i.portal_name, i.message) for i in asked},
        zone=ZoneInfo(zone),
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


def _items(events: Sequence[Event], words: _Words) -> Iterable[dict[str, Any]]:
    for folded, group in groupby(events, key=lambda e: e.kind in FOLDED):
        if not folded:
            yield from (_item(e, words) for e in group)
            continue
        steps = list(group)
        yield {
            "icon": "settings",
            "title": f"{len(steps)} step{'s' if len(steps) > 1 else ''} by Leadloop",
            "folded": [f"{_time(e, words)} {_title(e, words)}" for e in steps],
            "time": _time(steps[0], words),
        }


def _item(event: Event, words: _Words) -> dict[str, Any]:
    detail = DETAILS.get(event.kind, _nothing)(event, words)
    actor = user_of(event.actor)
    by = words.names.get(actor, "") if actor else ""
    return {
        "id": f"fact-{event.id}",
        "icon": _icon(event),
        "title": _title(event, words),
        "detail": " · ".join(part for part in (detail, f"by {by}" if by else "") if part),
        "time": _time(event, words),
        "key": event.kind in KEY,
    }


def _time(event: Event, words: _Words) -> str:
    return f"{event.happened_at.astimezone(words.zone):%H:%M}"


def _icon(event: Event) -> str:
    if event.kind == "activity.logged":
        kind = str(event.payload["activity"])
        return {"mail": "mail", "meeting": "users", "social": "message-circle", "note": "note"}.get(kind, "phone")
    return ICONS.get(event.kind, "info-circle")


def _title(event: Event, words: _Words) -> str:
    said = TITLES.get(event.kind)
    return said(event, words) if said else kinds()[event.kind].says


def _moved(event: Event, words: _Words) -> str:
    after = words.terms.label(event.payload["after"])
    undone = event.payload.get("undone")
    return f"Back to {after}: {undone} taken back" if undone else f"Now {after}"


def _activity(event: Event, words: _Words) -> str:
    kind, outcome, _ = words.notes.get(event.payload["activity_id"], (event.payload["activity"], "", ""))
    label = OUTCOMES[ActivityKind(kind)][outcome].label if outcome else ""
    return f"{str(kind).capitalize()}: {label.lower()}" if label else str(kind).capitalize()


def _inquiry(event: Event, words: _Words) -> str:
    portal, _ = words.messages.get(event.payload["inquiry_id"], ("", ""))
    return f"Inquiry by {portal}" if portal else "Inquiry"


def _assigned(event: Event, words: _Words) -> str:
    return f"Handed over to {words.names.get(event.payload['user_id'], 'somebody')}"


def _broken(event: Event, words: _Words) -> str:
    clause = words.terms.clauses.promises.get(event.payload["promise"])
    return f"Not kept in time: {clause.label if clause else event.payload['promise']}"


def _deal_moved(event: Event, words: _Words) -> str:
    after = event.payload["after"]
    return f"Moved to {words.stages.get(after, after)}"


def _changed(event: Event, _words: _Words) -> str:
    names = (FIELDS.get(name, name.replace("_", " ")) for name in event.payload["changes"])
    return f"Changed: {', '.join(names)}"


def _nothing(_event: Event, _words: _Words) -> str:
    return ""


def _reason(event: Event, words: _Words) -> str:
    clause = words.terms.clauses.reasons.get(event.reason)
    return clause.label if clause else ""


def _message(event: Event, words: _Words) -> str:
    return words.messages.get(event.payload["inquiry_id"], ("", ""))[1]


def _note(event: Event, words: _Words) -> str:
    return words.notes.get(event.payload["activity_id"], ("", "", ""))[2]


def _how(event: Event, _words: _Words) -> str:
    return {
        "rotation": f"by turn, rule “{event.payload['rule']}”",
        "account_owner": "looks after this firm",
        "fallback": "nobody of the pool could take it",
        "by_hand": "by hand",
    }.get(event.payload["how"], "")


TITLES: dict[str, Callable[[Event, _Words], str]] = {
    "inquiry.received": _inquiry,
    "lead.moved": _moved,
    "lead.assigned": _assigned,
    "activity.logged": _activity,
    "promise.broken": _broken,
    "opportunity.opened": lambda _event, _words: "Opportunity opened",
    "opportunity.moved": _deal_moved,
    "opportunity.changed": _changed,
}
FIELDS = {"amount": "amount", "close_on": "closing date", "owner_id": "owner"}
DETAILS: dict[str, Callable[[Event, _Words], str]] = {
    "inquiry.received": _message,
    "lead.moved": _reason,
    "lead.rejected": _reason,
    "opportunity.lost": _reason,
    "lead.assigned": _how,
    "activity.logged": _note,
}
