"""Pages that known persons read, gathered to visits once they have left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from leadloop.kernel.values import dataclass
from leadloop.ledger.sql import fetch

LEFT_AFTER = timedelta(minutes=10)  # without another page
LONGEST = timedelta(hours=2)  # then what was read so far is a visit, though it goes on
PAUSE = timedelta(minutes=30)  # between two pages: the second begins another visit

_GATHER = """
with gone as (
    select visitor from capture_visit where not gathered and person_id is not null
     group by visitor having max(seen_at) < %s or min(seen_at) < %s
     order by visitor limit %s
)
update capture_visit set gathered = true
 where id in (select id from capture_visit
               where visitor in (select visitor from gone) and not gathered and person_id is not null
               order by id for update skip locked)
returning person_id, id, portal_id, seen_at, page
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that a known person read."""

    person_id: int
    visit_id: int
    portal_id: int
    at: datetime
    page: str


@dataclass(frozen=True, slots=True)
class Session:
    """One visit: pages read with no long pause between them, in their order. `first` is the id of its first page."""

    person_id: int
    portal_id: int
    first: int
    pages: tuple[tuple[datetime, str], ...]


def gather(*, limit: int, now: datetime) -> list[Session]:
    """Take what at most `limit` known visitors read and have left; each page once. One query.

    In the caller's transaction: what is made of it and that it was taken belong together.
    """
    found = fetch(_GATHER, [now - LEFT_AFTER, now - LONGEST, limit])
    return sessions([Seen(*row) for row in found])


def sessions(seen: Sequence[Seen]) -> list[Session]:
    """Visits in the order in which they began. Pure."""
    ordered = sorted(seen, key=lambda one: (one.person_id, one.at, one.visit_id))
    made = [one for _, pages in groupby(ordered, key=lambda one: one.person_id) for one in _parted(list(pages))]
    return sorted(made, key=lambda one: (one.pages[0][0], one.first))


def _parted(pages: Sequence[Seen]) -> Iterator[Session]:
    begin = 0
    for place in range(1, len(pages) + 1):
        if place == len(pages) or pages[place].at - pages[place - 1].at > PAUSE:
            first, part = pages[begin], pages[begin:place]
            yield Session(first.person_id, first.portal_id, first.visit_id, tuple((one.at, one.page) for one in part))
            begin = place
