"""Saved views of the list of leads: kept under a name, pinned in the rail with a count."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from leadloop.front.access import needs, viewer_of
from leadloop.front.mistakes import words
from leadloop.front.work.table import filters_of, filters_of_each
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.leads.queries import count_each
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability as Can
from leadloop.segments import services
from leadloop.segments.contracts import NewView, Sharing, ViewRow
from leadloop.segments.queries import views

PAGE = "leads"
FRESH = 60.0  # seconds for which the counts in the rail stand
MOST = 12  # views in the rail
MOST_PEOPLE = 500  # whose rail this process remembers
SHARING = ((Sharing.PRIVATE, "For myself"), (Sharing.TEAM, "For my team"), (Sharing.PUBLIC, "For everybody"))


@dataclass(frozen=True, slots=True)
class Pin:
    """A view in the rail; `count` None where counting would cost a search."""

    label: str
    url: str
    count: int | None


_remembered: dict[tuple[str, int], tuple[float, list[Pin]]] = {}


def pins(viewer: Viewer, now: datetime) -> list[Pin]:
    """The pinned views that the viewer may use, counted at most once a minute; inside a transaction always anew."""
    if not viewer.may(Can.LEADS, "see"):
        return []
    if connection.in_atomic_block:
        return _pins(viewer, now)
    key = (str(connection.settings_dict["NAME"]), viewer.user_id)
    at, known = _remembered.get(key, (float("-inf"), []))
    if time.monotonic() - at < FRESH:
        return known
    if len(_remembered) > MOST_PEOPLE:
        _remembered.clear()
    found = _pins(viewer, now)
    _remembered[key] = (time.monotonic(), found)
    return found


def _pins(viewer: Viewer, now: datetime) -> list[Pin]:
    rows = [row for row in views(viewer, page=PAGE, pinned=True) if not row.asked.get("q")][:MOST]
    asked = zip(rows, filters_of_each([row.asked for row in rows]), strict=True)
    usable = [(row, filters) for row, filters in asked if filters is not None]
    counts = count_each(viewer, [filters for _, filters in usable], now=now)
    return [Pin(row.name, url_of(row), count) for (row, _), count in zip(usable, counts, strict=True)]


def url_of(row: ViewRow) -> str:
    """The address of a view."""
    return "/leads?" + urlencode({**row.asked, "view": row.id})


def offered(viewer: Viewer) -> list[dict[str, Any]]:
    """Every view the viewer may use, for the list's own menu."""
    return [
        {
            "id": row.id,
            "name": row.name,
            "url": url_of(row),
            "mine": row.user_id == viewer.user_id,
            "sharing": dict(SHARING)[row.sharing],
        }
        for row in views(viewer, page=PAGE)
    ]


@require_POST
@needs(Can.LEADS)
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is now under a name."""
    viewer = viewer_of(request)
    asked = QueryDict(request.POST.get("asked", "")[:2000]).dict()
    sharing = request.POST.get("sharing", "")
    wanted = NewView(
        name=request.POST.get("name", ""),
        page=PAGE,
        asked={key: str(value) for key, value in asked.items()},
        sharing=Sharing(sharing) if sharing in set(Sharing) else Sharing.PRIVATE,
        pinned=bool(request.POST.get("pinned")),
    )
    try:
        filters_of(wanted.asked)
        services.save_view(view=wanted, viewer=viewer, now=clock.now())
    except (Invalid, Conflict) as wrong:
        messages.error(request, words(wrong))
    else:
        _remembered.clear()
        messages.success(request, f"“{wanted.name}” is saved.")
    return redirect("/leads?" + urlencode({key: value for key, value in asked.items() if value}))


@require_POST
@needs(Can.LEADS)
def remove(request: HttpRequest, view_id: int) -> HttpResponse:
    """Remove a view of one's own."""
    services.remove_view(view_id=view_id, viewer=viewer_of(request), now=clock.now())
    _remembered.clear()
    messages.success(request, "The view is removed.")
    return redirect("/leads")
