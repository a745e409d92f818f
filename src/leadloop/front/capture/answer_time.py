"""Who answers an inquiry by when, said before a lead of it exists: by the agreement, as the lead will be opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from leadloop.agreement.contracts import Terms
from leadloop.capture.contracts import SALES, PortalRow
from leadloop.content.wording import say_when
from leadloop.leads.contracts import PromiseKind, Stage
from leadloop.leads.rules.promises import due
from leadloop.platform.queries import calendars, company, names


@dataclass(frozen=True, slots=True)
class Answer:
    """`name` is who looks after it; `by` in words by the company's clock, "" where no time is promised."""

    name: str
    by: str


def answer_to(portal: PortalRow, terms: Terms, now: datetime) -> Answer:
    """What somebody may be told who has just sent the form of this portal. Three queries at most."""
    if portal.inquiry_kind != SALES:
        user_id = terms.clauses.places[portal.inquiry_kind]
        return Answer(names([user_id]).get(user_id, ""), "")
    keeper_id = terms.keeper(Stage.INQUIRY)
    calendar = calendars([keeper_id])[keeper_id]
    by = due(terms.clauses.promises[PromiseKind.REPLY], now, calendar)
    return Answer(names([keeper_id]).get(keeper_id, ""), say_when(by, company().zone, name_zone=True))
