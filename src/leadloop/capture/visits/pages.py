"""Which pages were read on a visit, for whoever looks at what somebody did."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Any

from leadloop.kernel.values import dataclass
from leadloop.ledger.reads import Read

_LATEST = 300  # pages; of older visits the number alone is said
_PAGES = """
select person_id, id, page from (
       select v.person_id, v.id, v.seen_at, v.page from capture_visit v
        where v.person_id = any(%s::bigint[]) and v.gathered order by v.id desc limit %s) v
 order by person_id, seen_at, id
"""
_Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PagesRead:
    """Pages that some persons read last, in their order: (id, page), by person."""

    by_person: Mapping[int, list[tuple[int, str]]]

    def of_visit(self, first: int, count: int) -> list[str]:
        """Host and path of each page of the visit that began with the page of this id; empty when that is long ago."""
        for pages in self.by_person.values():
            places = {page_id: place for place, (page_id, _) in enumerate(pages)}
            if first in places:
                return [page for _, page in pages[places[first] :][:count]]
        return []


def pages_read(person_ids: Collection[int]) -> Read[PagesRead]:
    """What these persons read last, to be asked together with others."""
    return Read(_PAGES, [list(person_ids), _LATEST], _pages)


def _pages(rows: list[_Row]) -> PagesRead:
    parted = groupby(rows, key=lambda row: row[0])
    return PagesRead({person_id: [(row[1], row[2]) for row in of_one] for person_id, of_one in parted})
