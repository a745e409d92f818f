"""Named reads of landing pages; one query each."""

from __future__ import annotations

from datetime import date
from typing import Any

from leadloop.capture.models import LandingPage
from leadloop.capture.pages.blocks import read
from leadloop.capture.pages.contracts import PageRow, Tally
from leadloop.kernel.errors import NotFound
from leadloop.ledger.sql import fetch

_COLUMNS = ("id", "slug", "programme_id", "draft", "live", "is_on", "saved_at", "published_at")
_TALLIES = """
select p.id, coalesce(v.views, 0), coalesce(s.inquiries, 0)
  from capture_landingpage p
  left join (select page_id, sum(views)::bigint as views from capture_pageday group by page_id) v on v.page_id = p.id
  left join (select s.page_id, count(*) as inquiries from capture_pagesent s join capture_inquiry i on i.id = s.id
              group by s.page_id) s on s.page_id = p.id
"""
_CAME = """
select i.id from capture_pagesent s join capture_inquiry i on i.id = s.id
 where s.page_id = %s and (%s::bigint is null or i.id < %s::bigint) order by i.id desc limit %s
"""


def pages() -> list[PageRow]:
    """Every page, the one that was changed last first."""
    return [_row(row) for row in LandingPage.objects.order_by("-saved_at", "-id").values_list(*_COLUMNS)]


def page(page_id: int) -> PageRow:
    """One page. Raises NotFound when there is none."""
    found = LandingPage.objects.filter(id=page_id).values_list(*_COLUMNS).first()
    if found is None:
        raise NotFound("There is no such page", mend="Choose one from the list of landing pages")
    return _row(found)


def page_at(slug: str, *, taken_down: bool = False) -> PageRow | None:
    """The page that the public reads at this address; None for drafts and others.

    With `taken_down` also one that was read there before: somebody may have it open still.
    """
    public = LandingPage.objects.filter(slug=slug, live__isnull=False)
    found = (public if taken_down else public.filter(is_on=True)).values_list(*_COLUMNS).first()
    return _row(found) if found else None


def tallies() -> dict[int, Tally]:
    """Views and inquiries of every page, by its id."""
    return {page_id: Tally(views, inquiries) for page_id, views, inquiries in fetch(_TALLIES)}


def views_by_day(page_id: int) -> list[tuple[date, int]]:
    """How often a page was read, day by day of the company's zone, the newest first."""
    found = fetch("select day, views from capture_pageday where page_id = %s order by day desc", [page_id])
    return [(day, views) for day, views in found]


def came_through(page_id: int, *, before: int | None = None, limit: int) -> list[int]:
    """The ids of the inquiries that came through a page, the newest first."""
    return [row[0] for row in fetch(_CAME, [page_id, before, before, limit])]


def _row(row: tuple[Any, ...]) -> PageRow:
    named = dict(zip(_COLUMNS, row, strict=True))
    named |= {"draft": read(named["draft"]), "live": read(named["live"]) if named["live"] else None}
    return PageRow(**named)
