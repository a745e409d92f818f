"""Two records side by side: what each says, what differs, and why they were taken for one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadloop.agreement.contracts import Terms
from leadloop.front.alike.queue import FOUND, odds
from leadloop.front.cells import Piece
from leadloop.front.templatetags.ui import local_date
from leadloop.front.touched import last_touched
from leadloop.identity.contracts import SuggestionRow, Verdict
from leadloop.identity.queries import open_suggestions, suggestions
from leadloop.kernel.errors import NotFound
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import listing
from leadloop.loop import commands
from leadloop.people.contracts import ContactPointRow, PersonRow
from leadloop.people.queries import contact_points, people
from leadloop.people.rules.names import folded
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names

MOST_LEADS = 100
AHEAD = 50  # looked through for the next pair within reach
_PLAIN = (
    ("Company", "company_name"),
    ("Title", "title"),
    ("City", "city"),
    ("Country", "country"),
    ("Language", "language"),
)
STANDS = {
    Verdict.MERGED: "They were made one person.",
    Verdict.NEVER: "Somebody said that they are never the same.",
    Verdict.RELATED: "Somebody said that they belong together, but are two.",
    Verdict.DISMISSED: "Somebody left them as two.",
}


def pair_page(viewer: Viewer, suggestion_id: int, *, terms: Terms, now: datetime) -> Piece:
    """Everything the template needs, in a constant number of queries. NotFound for what is not within reach."""
    row = suggestions([suggestion_id]).get(suggestion_id)
    if row is None or not commands.alike_within(viewer, [row]):
        raise NotFound("There are no such two records", mend="Choose a pair from the list")
    both = people([row.person_a, row.person_b])
    one, other = both[row.person_a], both[row.person_b]
    return {
        "pair": row,
        "one": one,
        "other": other,
        "title": one.name if one.name == other.name else f"{one.name} and {other.name}",
        "fact": f"{odds(row.weight)} · found {local_date(row.found_at, viewer.zone)}, {FOUND[row.found_by].lower()}",
        "reasons": [{"label": said["text"], "points": round(said.get("weight") or 0)} for said in row.reasons],
        "weight": f"{row.weight:.1f}",
        "lines": _lines(viewer, one, other, terms, now),
        "is_open": row.state is Verdict.OPEN,
        "stands": STANDS.get(row.state, ""),
        "next_id": _next(viewer, row),
    }


def next_pair(viewer: Viewer, suggestion_id: int) -> int | None:
    """The pair that comes after this one in the queue; None at its end."""
    row = suggestions([suggestion_id]).get(suggestion_id)
    return _next(viewer, row) if row else None


def _next(viewer: Viewer, row: SuggestionRow) -> int | None:
    following = open_suggestions(limit=AHEAD, after=(row.weight, row.id))
    return next((one.id for one in commands.alike_within(viewer, following)), None)


def _lines(viewer: Viewer, one: PersonRow, other: PersonRow, terms: Terms, now: datetime) -> list[Piece]:
    ids = {one.id, other.id}
    points = contact_points(ids)
    found = listing(viewer, filters={"person": sorted(ids)}, limit=MOST_LEADS, now=now, counted=False).rows
    touched = last_touched(found)
    both = (one, other)
    seen = [local_date(touched[person.id], viewer.zone) if person.id in touched else "" for person in both]
    told = [
        _line("Name", *(_texts(person.name) for person in both)),
        _line("E-mail", *(_addresses(points[person.id], "email") for person in both)),
        _line("Phone", *(_addresses(points[person.id], "phone") for person in both)),
        *(_line(term, *(_texts(getattr(person, field)) for person in both)) for term, field in _PLAIN),
        _line("Consent", *(_texts(", ".join(person.consented)) for person in both)),
        _line("Last touch", *map(_texts, seen), compared=False),
    ]
    owners = names({lead.owner_id for lead in found})
    leads = [[_lead(lead, terms, owners) for lead in found if lead.person_id == of.id] for of in both]
    return [line for line in told if line["one"] or line["other"]] + [_line("Leads", *leads, compared=False)]


def _line(term: str, one: Sequence[Piece], other: Sequence[Piece], *, compared: bool = True) -> Piece:
    """What both say under a heading, and in a word how it compares."""
    return {"term": term, "one": one, "other": other, "mark": _mark(one, other) if compared else ""}


def _mark(one: Sequence[Piece], other: Sequence[Piece]) -> str:
    mine, yours = ({folded(piece["text"]) for piece in of} for of in (one, other))
    if not mine or not yours:
        return "Only one has it"
    if mine == yours:
        return "Same"
    return "In part the same" if mine & yours else "Differs"


def _texts(text: str) -> list[Piece]:
    return [{"text": text, "url": ""}] if text else []


def _addresses(points: Sequence[ContactPointRow], kind: str) -> list[Piece]:
    return [{"text": point.value, "url": ""} for point in points if point.kind == kind]


def _lead(lead: LeadRow, terms: Terms, owners: Mapping[int, str]) -> Piece:
    return {"text": f"{terms.label(lead.stage)}, {owners.get(lead.owner_id, '')}", "url": f"/leads/{lead.id}"}
