"""What the page of calls shows: the queue by places, and the card of one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.agreement.contracts import Terms
from leadloop.agreement.queries import in_force
from leadloop.capture.queries import inquiries
from leadloop.catalogue.queries import families
from leadloop.content.guide import CALL_GUIDE, read_guide
from leadloop.content.queries import template
from leadloop.front.calls.queue import LOOKED_AT, Entry, at_place, entries, queue_of
from leadloop.front.home.moment import Moment
from leadloop.front.home.part import Piece, stat
from leadloop.front.templatetags.ui import local_time
from leadloop.front.work.rows import list_rows, reason
from leadloop.kernel.errors import NotFound
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import lead as one_lead
from leadloop.leads.queries import reaches
from leadloop.people.contracts import PersonRow
from leadloop.people.queries import people
from leadloop.platform.roles import Capability as Can
from leadloop.selling.contracts import ActivityKind, ActivityRow
from leadloop.selling.outcomes import OUTCOMES
from leadloop.selling.queries import doings
from leadloop.selling.rules import MOST_ATTEMPTS, Place

SHOWN = 50
TOUCHES = 3
TABS = (
    (Place.NOW, "Now"),
    (Place.LATER, "Later"),
    (Place.QUIET, "Night there"),
    (Place.SPENT, "Tried six times"),
    (Place.BARRED, "No calls"),
)
NOTHING = {
    Place.NOW: "Nobody is to be called now.",
    Place.LATER: "No call is put off.",
    Place.QUIET: "It is day wherever your people are.",
    Place.SPENT: "Nobody was tried six times without an answer.",
    Place.BARRED: "Everybody of your queue may be called.",
}
Outcomes = tuple[tuple[str, str, str], ...]
OUTCOME_KEYS: Outcomes = tuple(
    (code, one.label, f"outcome-{place}") for place, (code, one) in enumerate(OUTCOMES[ActivityKind.CALL].items(), 1)
)


def calls_page(at: Moment, place: Place, lead_id: int | None = None) -> Piece:
    """The queue at one of its places, and the card of the lead asked for, else of the first. Constant in queries."""
    queue = queue_of(at.viewer, now=at.now)
    here = at_place(queue, place)
    chosen = _chosen(at, queue, here, lead_id)
    shown = here[:SHOWN]
    persons = people({entry.lead.person_id for entry in (*shown, *([chosen] if chosen else []))})
    terms = in_force()
    return {
        **_rows(at, shown, persons, terms, place),
        "tabs": [_tab(one, label, queue, place) for one, label in TABS],
        "total": len(here),
        "hidden_rows": len(here) - len(shown),
        "nothing": NOTHING[place],
        "place": str(place),
        "stats": _stats(at),
        "looked_at": LOOKED_AT if len(queue) == LOOKED_AT else 0,
        "current": f"lead-{chosen.lead.id}" if chosen else "",
        "may_take_in": at.viewer.may(Can.ACTIVITIES, "edit"),
        "call": card(at, chosen, persons[chosen.lead.person_id], terms) if chosen else None,
    }


def one_call(at: Moment, lead_id: int) -> Piece:
    """The card of one lead the viewer may see, at whatever stage. Raises NotFound for any other."""
    (entry,) = entries([one_lead(at.viewer, lead_id)], now=at.now)
    return card(at, entry, people([entry.lead.person_id])[entry.lead.person_id], in_force())


def _chosen(at: Moment, queue: Sequence[Entry], here: Sequence[Entry], lead_id: int | None) -> Entry | None:
    if lead_id is None:
        return here[0] if here else None
    found = next((entry for entry in queue if entry.lead.id == lead_id), None)
    try:
        return found or entries([one_lead(at.viewer, lead_id)], now=at.now)[0]
    except NotFound:
        return here[0] if here else None


def _tab(place: Place, label: str, queue: Sequence[Entry], current: Place) -> Piece:
    count = sum(entry.place is place for entry in queue)
    return {"label": label, "url": f"/calls?place={place}", "count": count, "current": place is current}


def _stats(at: Moment) -> list[Piece]:
    calls = [one for one in doings(at.viewer.user_id, at.day_start, at.day_end) if one.kind is ActivityKind.CALL]
    made = {"": sum(one.count for one in calls), **{one.outcome: one.count for one in calls}}
    named = (("Calls today", ""), ("Talks", "talked"), ("Booked", "booked_meeting"))
    return [stat(label, f"{made.get(code, 0):,}", made.get(code, 0), _done_url(code)) for label, code in named]


def _done_url(outcome: str) -> str:
    return "/home/rows/done-today?kind=call" + (f"&outcome={outcome}" if outcome else "")


def _rows(
    at: Moment, shown: Sequence[Entry], persons: Mapping[int, PersonRow], terms: Terms, place: Place
) -> dict[str, Any]:
    leads = [entry.lead for entry in shown]
    plain = list_rows(leads, persons, terms=terms, now=at.now, currency=at.us.currency)
    return {"rows": [_row(row, entry, at, place) for row, entry in zip(plain, shown, strict=True)]}


def _row(row: Piece, entry: Entry, at: Moment, place: Place) -> Piece:
    base = f"/calls/{entry.lead.id}"
    return {**row, "url": base, "part_url": f"{base}/part?place={place}", "reason": f"{_why(entry, at)}{row['reason']}"}


def _why(entry: Entry, at: Moment) -> str:
    if entry.place in (Place.LATER, Place.QUIET):
        return f"{when(entry.until, at.viewer.zone, at.now)} · "
    if entry.place is Place.BARRED:
        return f"{entry.reasons[0].text} · "
    return f"{entry.tried.made + 1}/{MOST_ATTEMPTS} · " if entry.place is Place.NOW and entry.tried.made else ""


def when(moment: datetime | None, zone: str, now: datetime) -> str:
    """A moment in few words: "14:30", "Tue 9:30", "3 Dec 9:30"."""
    if moment is None:
        return ""
    there, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    days = (there.date() - today).days
    day = "" if days == 0 else f"{there:%a} " if 0 < days < 7 else f"{there:%-d %b} "
    return f"{day}{there:%-H:%M}"


def card(at: Moment, entry: Entry, person: PersonRow, terms: Terms) -> Piece:
    """Everything the card of one call needs."""
    lead, calling = entry.lead, entry.calling
    promise = terms.clauses.promises.get(lead.due_kind)
    return {
        "lead": lead,
        "person": person,
        "row_id": f"lead-{lead.id}",
        "may": calling.may,
        "tel": "".join(one for one in calling.number if one.isdigit() or one == "+"),
        "number": calling.number,
        "blocked": _blocked(entry, at),
        "spent": entry.place is Place.SPENT,
        "local_time": local_time(at.now, calling.zone),
        "where": calling.zone.replace("_", " ") if calling.zone_known else "not known where; ours",
        "attempt": min(entry.tried.made + 1, MOST_ATTEMPTS),
        "most": MOST_ATTEMPTS,
        "why": reason(lead, promise.label if promise else "", terms),
        "touches": [_touch(one, at) for one in entry.done[:TOUCHES]],
        "asked": _asked(lead),
        **_guide(at, lead, person),
        "may_guide": at.viewer.may(Can.CONTENT, "edit"),
        "outcomes": OUTCOME_KEYS,
        "editable": at.viewer.may(Can.ACTIVITIES, "edit") and reaches(at.viewer, lead, "edit"),
    }


def _blocked(entry: Entry, at: Moment) -> str:
    calling = entry.calling
    if calling.may:
        return ""
    if calling.later_at is None:
        return f"{calling.reason}."
    theirs, ours = (when(calling.later_at, zone, at.now) for zone in (calling.zone, at.viewer.zone))
    return f"{calling.reason}. They may be called from {theirs} their time, {ours} yours."


def _touch(one: ActivityRow, at: Moment) -> Piece:
    known = OUTCOMES[one.kind].get(one.outcome)
    what = f"{str(one.kind).capitalize()}: {known.label.lower()}" if known else "Note"
    return {"what": what, "note": one.note, "when": when(one.happened_at, at.viewer.zone, at.now)}


def _asked(lead: LeadRow) -> str:
    return next((one.message for one in inquiries([lead.id]) if one.message), "")


def _guide(at: Moment, lead: LeadRow, person: PersonRow) -> Piece:
    text = template(CALL_GUIDE, person.language or "en")
    values = {
        "person.name": person.name,
        "person.given_name": person.given,
        "person.family_name": person.family,
        "company.name": person.company_name,
        "us.name": at.us.name,
        "owner.name": at.viewer.name,
        "interest.name": families()[lead.interest_id].name,
    }
    return {"guide": read_guide(text.body, values), "guide_language": text.language}
