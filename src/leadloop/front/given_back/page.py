"""What the page of leads given back shows: open appeals, what may be appealed, what was decided, and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadloop.agreement.contracts import Terms
from leadloop.distribution.appeal_rules import APPEAL_WITHIN, arbiters, may_appeal, may_decide
from leadloop.distribution.contracts import AssignmentState, GivenBack, Record, Verdict
from leadloop.distribution.queries import given_back, records
from leadloop.front.cells import Piece, cell, heads
from leadloop.front.templatetags.ui import local_date
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import listing
from leadloop.people.contracts import PersonRow
from leadloop.people.queries import people
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability as Can

SHOWN = 100
LOOK_BACK = timedelta(days=90)
SAID = {Verdict.STANDS: "It stands", Verdict.OVERTURNED: "Overturned"}


@dataclass(frozen=True, slots=True)
class _Words:
    """What the lines speak of; leads only as far as the viewer sees them."""

    viewer: Viewer
    terms: Terms
    now: datetime
    leads: Mapping[int, LeadRow]
    persons: Mapping[int, PersonRow]
    names: Mapping[int, str]

    def name(self, user_id: int | None) -> str:
        """Somebody who works here."""
        return self.names.get(user_id or 0, "somebody")


def given_back_page(viewer: Viewer, *, terms: Terms, now: datetime) -> Piece:
    """Everything the template needs, in a constant number of queries."""
    since = now - LOOK_BACK
    found = given_back(viewer, since=since, limit=SHOWN)
    counted = records(since=since) if viewer.may(Can.REPORTS, "see") else []
    words = _words(viewer, found, [row.user_id for row in counted], terms, now)
    waiting = [row for row in found if row.verdict is Verdict.OPEN]
    lately = [row for row in found if row.verdict is None and now - row.at <= APPEAL_WITHIN]
    decided = [row for row in found if row.verdict in SAID]
    return {
        "fact": f"{len(waiting)} waiting" if waiting else "no appeal waits",
        "arbiter": words.name(arbiters(terms)[0]),
        "waiting": [_item(row, words) for row in waiting],
        "lately": [_item(row, words) for row in lately],
        "decided": [_item(row, words) for row in decided],
        "days": APPEAL_WITHIN.days,
        "within": f"an appeal can be made within {APPEAL_WITHIN.days} days",
        "records": _records(counted, words) if viewer.may(Can.REPORTS, "see") else None,
    }


def _words(viewer: Viewer, found: Sequence[GivenBack], others: Sequence[int], terms: Terms, now: datetime) -> _Words:
    ids = {row.lead_id for row in found}
    leads = listing(viewer, filters={"id": list(ids) or [0]}, limit=SHOWN, now=now, counted=False).rows
    named = {one for row in found for one in (row.user_id, row.made_by_id, row.decided_by_id) if one}
    return _Words(
        viewer=viewer,
        terms=terms,
        now=now,
        leads={lead.id: lead for lead in leads},
        persons=people({lead.person_id for lead in leads}),
        names=names({*named, *others, *arbiters(terms)}),
    )


def _item(row: GivenBack, words: _Words) -> Piece:
    lead, zone, by = words.leads.get(row.lead_id), words.viewer.zone, words.viewer.user_id
    reason = words.terms.clauses.reasons.get(row.reason)
    return {
        "id": row.assignment_id,
        "title": words.persons[lead.person_id].name if lead else "A lead",
        "url": f"/leads/{row.lead_id}" if lead else "",
        "given": f"Given back by {words.name(row.user_id)}: {reason.label if reason else row.reason}",
        "day": local_date(row.at, zone),
        "text": row.text or "",
        "made": f"{words.name(row.made_by_id)}, {local_date(row.made_at, zone)}" if row.made_at else "",
        "verdict": SAID.get(row.verdict, "") if row.verdict else "",
        "decided": f"{words.name(row.decided_by_id)}, {local_date(row.decided_at, zone)}" if row.decided_at else "",
        "note": row.note or "",
        "back_to": words.name(row.user_id),
        "may_appeal": words.viewer.may(Can.LEADS, "edit") and may_appeal(row, by, words.terms, words.now).outcome,
        "may_decide": may_decide(row, AssignmentState.REJECTED, by, words.terms).outcome,
    }


def _records(counted: Sequence[Record], words: _Words) -> Piece:
    return {
        "caption": "Leads given back in the last 90 days, by whom",
        "columns": heads("Who", ("Given back", "number"), ("Appealed", "number"), ("Overturned", "number")),
        "rows": [
            {"cells": [words.name(row.user_id), *map(cell, (row.given_back, row.appealed, row.overturned))]}
            for row in counted
        ],
        "empty": "Nobody gave a lead back.",
    }
