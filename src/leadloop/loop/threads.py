"""Which lead an e-mail goes on with: the one that our message was about, else the sender's own open one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from leadloop.capture.contracts import SALES, Parsed
from leadloop.identity.contracts import Resolved
from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import CLOSED_STAGES, LeadRow
from leadloop.leads.queries import open_of, rows
from leadloop.outreach.contracts import Answered
from leadloop.outreach.queries import answered


@dataclass(frozen=True, slots=True)
class Thread:
    """The open lead an e-mail goes on with, and the message of ours that it answers, None where it names none."""

    lead: LeadRow
    message_id: int | None


def find(letters: Sequence[Parsed], resolved: Mapping[int, Resolved]) -> dict[int, Thread]:
    """Return the thread of each e-mail that has one, by reference. At most three queries.

    What it says it answers counts before who wrote it, so a colleague's answer goes to the same lead. Of several open
    leads of the sender the one last touched is meant. A closed lead is no thread: whoever writes then asks anew.
    """
    ours = answered({one for letter in letters for one in letter.in_reply_to or ()})
    named = {one.lead_id for one in ours.values() if one.lead_id is not None}
    about = {row.id: row for row in rows(named).values() if row.stage not in CLOSED_STAGES} if named else {}
    of_person = _latest(open_of({resolved[letter.ref].person_id for letter in letters}))
    found = {}
    for letter in letters:
        message = _answered(letter, ours)
        lead = about.get(message.lead_id or 0) if message else None
        lead = lead or of_person.get(resolved[letter.ref].person_id)
        if lead:
            found[letter.ref] = Thread(lead, message.id if message else None)
    return found


def as_reply(letter: Parsed, lead: LeadRow) -> Parsed:
    """The e-mail as part of its lead: about buying, for the same thing, and brought by what brought the lead."""
    return replace(
        letter,
        kind=SALES,
        interest_id=lead.interest_id,
        programme_id=lead.programme_id,
        source_id=lead.source_id,
    )


def _answered(letter: Parsed, ours: Mapping[str, Answered]) -> Answered | None:
    return next((ours[one] for one in letter.in_reply_to or () if one in ours), None)


def _latest(leads: Iterable[LeadRow]) -> dict[int, LeadRow]:
    """Each person's lead that was touched last."""
    return {lead.person_id: lead for lead in sorted(leads, key=_touched)}


def _touched(lead: LeadRow) -> tuple[datetime, int]:
    return lead.last_touch_at or lead.opened_at, lead.id
