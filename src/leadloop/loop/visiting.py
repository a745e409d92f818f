"""What people read on the company's site tells how warm they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leadloop.capture import visits
from leadloop.capture.facts import SiteVisited
from leadloop.capture.visits import Session
from leadloop.identity.queries import survivors
from leadloop.leads.queries import open_of
from leadloop.ledger.contracts import by_system
from leadloop.ledger.services import record
from leadloop.loop import scoring
from leadloop.qualification.contracts import Touch

VISITS = by_system("visits")
VISIT = "visit"  # the key of a page's weight in the scoring rules
MOST_PAGES = 5  # of one visit that count: whoever reads the whole site at once isn't ten times as warm


def gather(*, limit: int, now: datetime) -> int:
    """Record the visits that have ended, and let them warm the open leads of their persons; returns how many.

    A constant number of queries. What was read and what is made of it commit together.
    """
    with transaction.atomic():
        ended = visits.gather(limit=limit, now=now)
        if not ended:
            return 0
        who = survivors({one.person_id for one in ended})
        record([_fact(one, who[one.person_id]) for one in ended], actor=VISITS)
        scoring.warm_up(list(_touches(ended, who)), actor=VISITS, now=now)
    return len(ended)


def _fact(one: Session, person_id: int) -> SiteVisited:
    return SiteVisited(
        happened_at=one.pages[0][0],
        person_id=person_id,
        portal_id=one.portal_id,
        visit_id=one.first,
        pages=len(one.pages),
        dedupe_key=f"visit:{one.first}",
    )


def _touches(ended: Sequence[Session], who: Mapping[int, int]) -> Iterator[Touch]:
    pursued: dict[int, list[int]] = defaultdict(list)
    for lead in open_of(set(who.values())):
        pursued[lead.person_id].append(lead.id)
    for one in ended:
        for lead_id in pursued[who[one.person_id]]:
            yield from (Touch(lead_id=lead_id, at=at, weight_key=VISIT) for at in counted(one.pages))


def counted(pages: Iterable[tuple[datetime, str]]) -> list[datetime]:
    """When the pages that count were read: each once, and no more than a few."""
    first: dict[str, datetime] = {}
    for at, page in pages:
        first.setdefault(page, at)
    return list(first.values())[:MOST_PAGES]
