"""What a fact is called on a timeline, with its icon and its details."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from leadloop.agreement.contracts import Terms
from leadloop.capture.visits import PagesRead
from leadloop.front.mailings.words import reason as refusal
from leadloop.ledger.contracts import Event
from leadloop.ledger.facts import kinds
from leadloop.selling.contracts import ActivityKind
from leadloop.selling.outcomes import OUTCOMES

_PATHS, _LONGEST_PATH = 4, 48
KEY = {"inquiry.received", "opportunity.won", "opportunity.opened", "lead.accepted"}
ICONS = {
    "inquiry.received": "forms",
    "lead.moved": "arrow-right",
    "lead.assigned": "user-plus",
    "lead.accepted": "user-check",
    "lead.rejected": "arrow-back-up",
    "lead.pulled_back": "arrow-back-up",
    "rejection.appealed": "scale",
    "appeal.decided": "scale",
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
    "message.returned": "mail-off",
    "reply.received": "mail",
    "journey.entered": "route",
    "journey.left": "route",
    "person.changed": "pencil",
    "person.merged": "users",
    "person.unmerged": "arrow-back-up",
    "command.undone": "arrow-back-up",
    "site.visited": "world",
    "consent.asked": "mail",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What the lines speak of, read for all events at once."""

    terms: Terms
    stages: dict[str, str]
    names: dict[int, str]
    notes: dict[int, tuple[str, str, str]]
    messages: dict[int, tuple[str, str]]
    zone: ZoneInfo
    persons: Mapping[int, str] = field(default_factory=dict)  # of a stream about several
    deals: Mapping[int, str] = field(default_factory=dict)
    pages: PagesRead = field(default_factory=lambda: PagesRead({}))


def icon(event: Event) -> str:
    """The icon of a fact."""
    if event.kind == "activity.logged":
        kind = str(event.payload["activity"])
        return {"mail": "mail", "meeting": "users", "social": "message-circle", "note": "note"}.get(kind, "phone")
    return ICONS.get(event.kind, "info-circle")


def title(event: Event, words: Words) -> str:
    """What a fact is called."""
    said = TITLES.get(event.kind)
    return said(event, words) if said else kinds()[event.kind].says


def _moved(event: Event, words: Words) -> str:
    after = words.terms.label(event.payload["after"])
    undone = event.payload.get("undone")
    return f"Back to {after}: {undone} taken back" if undone else f"Now {after}"


def _activity(event: Event, words: Words) -> str:
    kind, outcome, _ = words.notes.get(event.payload["activity_id"], (event.payload["activity"], "", ""))
    label = OUTCOMES[ActivityKind(kind)][outcome].label if outcome else ""
    return f"{str(kind).capitalize()}: {label.lower()}" if label else str(kind).capitalize()


def _inquiry(event: Event, words: Words) -> str:
    portal, _ = words.messages.get(event.payload["inquiry_id"], ("", ""))
    return f"Inquiry by {portal}" if portal else "Inquiry"


def _assigned(event: Event, words: Words) -> str:
    return f"Handed over to {words.names.get(event.payload['user_id'], 'somebody')}"


def _broken(event: Event, words: Words) -> str:
    clause = words.terms.clauses.promises.get(event.payload["promise"])
    return f"Not kept in time: {clause.label if clause else event.payload['promise']}"


def _stepped(event: Event, _words: Words) -> str:
    node, after = (str(event.payload[key]).replace("_", " ") for key in ("node", "after"))
    return f"Journey: “{node}” is done, “{after}” is next"


def _deal_moved(event: Event, words: Words) -> str:
    after = event.payload["after"]
    return f"Moved to {words.stages.get(after, after)}"


def _changed(event: Event, _words: Words) -> str:
    names = (FIELDS.get(name, name.replace("_", " ")) for name in event.payload["changes"])
    return f"Changed: {', '.join(names)}"


def _nothing(_event: Event, _words: Words) -> str:
    return ""


def _reason(event: Event, words: Words) -> str:
    clause = words.terms.clauses.reasons.get(event.reason)
    return clause.label if clause else ""


def _message(event: Event, words: Words) -> str:
    return words.messages.get(event.payload["inquiry_id"], ("", ""))[1]


def _pages(event: Event, words: Words) -> str:
    """How many pages, and which: each once, the first few."""
    count = event.payload["pages"]
    said = f"{count} pages" if count > 1 else "1 page"
    paths = list(dict.fromkeys(map(_path, words.pages.of_visit(event.payload["visit_id"], count))))
    more = f" and {len(paths) - _PATHS} more" if len(paths) > _PATHS else ""
    return f"{said}: {', '.join(paths[:_PATHS])}{more}" if paths else said


def _path(page: str) -> str:
    path = page[page.find("/") :] if "/" in page else "/"
    return path if len(path) <= _LONGEST_PATH else f"{path[: _LONGEST_PATH - 1]}…"


def _note(event: Event, words: Words) -> str:
    return words.notes.get(event.payload["activity_id"], ("", "", ""))[2]


def _how(event: Event, _words: Words) -> str:
    return {
        "rotation": f"by turn, rule “{event.payload['rule']}”",
        "account_owner": "looks after this firm",
        "fallback": "nobody of the pool could take it",
        "by_hand": "by hand",
    }.get(event.payload["how"], "")


TITLES: dict[str, Callable[[Event, Words], str]] = {
    "inquiry.received": _inquiry,
    "lead.moved": _moved,
    "lead.assigned": _assigned,
    "activity.logged": _activity,
    "promise.broken": _broken,
    "journey.stepped": _stepped,
    "opportunity.opened": lambda _event, _words: "Opportunity opened",
    "opportunity.moved": _deal_moved,
    "opportunity.changed": _changed,
}
FIELDS = {"amount": "amount", "close_on": "closing date", "owner_id": "owner"}
RETURNS = {
    "soft": "for now: the mailbox is full, or its server does not answer",
    "blocked": "their server refuses us; the address stays",
    "hard": "there is no such mailbox; nobody is written to there any more",
    "complaint": "called spam; nobody is written to there any more",
}
VERDICTS = {"stands": "Giving it back stands", "overturned": "Overturned"}
DETAILS: dict[str, Callable[[Event, Words], str]] = {
    "inquiry.received": _message,
    "lead.moved": _reason,
    "lead.rejected": _reason,
    "appeal.decided": lambda event, _words: VERDICTS[event.payload["verdict"]],
    "opportunity.lost": _reason,
    "lead.assigned": _how,
    "message.refused": lambda event, _words: refusal(event.reason),
    "message.returned": lambda event, _words: RETURNS[event.reason],
    "activity.logged": _note,
    "site.visited": _pages,
}


def detail(event: Event, words: Words) -> str:
    """What is said below the title; "" for nothing."""
    return DETAILS.get(event.kind, _nothing)(event, words)
