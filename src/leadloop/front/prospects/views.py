"""Adding people of one's own: pasted or entered, looked at row by row, taken in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.capture.contracts import PortalRow
from leadloop.capture.parse.paste import read_paste
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.mistakes import blame
from leadloop.front.prospects.forms import RowForm, ThenForm, bound, filled, prefix
from leadloop.front.prospects.words import Told, outcome
from leadloop.kernel import clock, ids
from leadloop.kernel.errors import Conflict
from leadloop.leads.queries import visible
from leadloop.loop import prospecting
from leadloop.loop.prospecting import Added, Look, Prospect, Standing
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability as Can

MOST_TEXT = 100_000
MOST_ROWS = 100
TO_BE_SEEN = (Standing.THEIRS, Standing.ERASED, Standing.UNREADABLE)
LOOK_AT = "Look at the rows that are marked: they are not as they were shown."


@require_GET
@needs(Can.LEADS, "edit")
def start(request: HttpRequest) -> HttpResponse:
    """Where something is pasted."""
    return _start(request)


def _start(request: HttpRequest, text: str = "", error: str = "") -> HttpResponse:
    context = {"text": text, "error": error, "doors": prospecting.doors(), "page": "leads", "most": MOST_ROWS}
    return render(request, "prospects/start.html", context, status=422 if error else 200)


@require_POST
@needs(Can.LEADS, "edit")
def read(request: HttpRequest) -> HttpResponse:
    """What a paste says, row by row."""
    text = request.POST.get("text", "")
    if len(text) > MOST_TEXT:
        return _start(request, text[:MOST_TEXT], "This is too long to be read at once. Bring it in as a file.")
    people = read_paste(text)
    if not people:
        return _start(request, text, "There is nothing to read. Paste an address of a profile, a signature or a table.")
    if len(people) > MOST_ROWS:
        error = f"These are {len(people):,} people, and at most {MOST_ROWS} can be added at once. Paste fewer of them."
        return _start(request, text, error)
    return _rows(request, filled(people), None, looked=_pasted_looks(request, filled(people)))


@require_GET
@needs(Can.LEADS, "edit")
def one(request: HttpRequest) -> HttpResponse:
    """One person, entered by hand."""
    return _rows(request, [RowForm(prefix=prefix(0))], None, looked={})


@require_POST
@needs(Can.LEADS, "edit")
def add(request: HttpRequest) -> HttpResponse:
    """Take in the rows that are ticked; or only look at them again."""
    viewer = viewer_of(request)
    count = min(number(request.POST.get("count")) or 0, MOST_ROWS)
    rows = list(bound(request.POST.dict(), count))
    then = ThenForm(request.POST, viewer=viewer, doors=prospecting.doors())
    sound = [row.is_valid() for row in rows]  # all of them, so that every mistake is shown
    if not (then.is_valid() and all(sound) and rows):
        return _rows(request, rows, then, looked={}, status=422)
    door = next(one for one in prospecting.doors() if one.key == then.cleaned_data["portal"])
    wanted = [row.prospect(place) for place, row in enumerate(rows) if row.cleaned_data["take"]]
    looked = prospecting.look(viewer, wanted, then.then(), portal=door, now=clock.now())
    unseen = any(
        looked[one.ref].standing in TO_BE_SEEN and rows[one.ref].cleaned_data["seen"] != looked[one.ref].standing
        for one in wanted
    )
    if "look" in request.POST or unseen or not wanted:
        note = LOOK_AT if unseen and "look" not in request.POST else ""
        return _rows(request, rows, then, looked=looked, note=note, status=422 if note else 200)
    return _added(request, rows, then, wanted, door)


def _added(
    request: HttpRequest, rows: Sequence[RowForm], then: ThenForm, wanted: Sequence[Prospect], door: PortalRow
) -> HttpResponse:
    viewer, token = viewer_of(request), request.POST.get("token", "")[:60] or ids.token(12)
    try:
        added = prospecting.add(
            viewer, wanted, then.then(), portal=door, token=f"{viewer.user_id}:{token}", now=clock.now()
        )
    except Conflict as wrong:
        blame(then, wrong, idempotency_key="portal")
        return _rows(request, rows, then, looked={}, status=422)
    called = {one.ref: _name(rows[one.ref]) for one in wanted}
    for text in outcome(viewer, added, called):
        messages.success(request, text)
    return redirect(_onwards(viewer, added))


def _onwards(viewer: Viewer, added: Sequence[Added]) -> str:
    """To the lead where there is one only, else to one's own newest ones."""
    leads = {one.lead_id for one in added if one.lead_id}
    if len(leads) == 1 and (seen := visible(viewer, list(leads))):
        return f"/leads/{min(seen)}"
    return f"/leads?owner={viewer.user_id}" if leads else "/prospects"


def _pasted_looks(request: HttpRequest, rows: Sequence[RowForm]) -> dict[int, Look]:
    """What is known of the people of a paste, before anything of it was mended."""
    doors = prospecting.doors()
    if not doors:
        return {}
    texts = [{name: str(text) for name, text in row.initial.items() if name != "guess"} for row in rows]
    prospects = [Prospect(ref=place, texts=one) for place, one in enumerate(texts)]
    return prospecting.look(viewer_of(request), prospects, prospecting.Then(), portal=doors[0], now=clock.now())


def _rows(
    request: HttpRequest,
    rows: Sequence[RowForm],
    then: ThenForm | None,
    *,
    looked: dict[int, Look],
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_of(request)
    doors = prospecting.doors()
    told = Told(viewer, list(looked.values()))
    shown = [_row(place, row, looked.get(place), told) for place, row in enumerate(rows)]
    context: dict[str, Any] = {
        "rows": shown,
        "then": then or ThenForm(viewer=viewer, doors=doors),
        "doors": doors,
        "note": note,
        "count": len(rows),
        "token": request.POST.get("token") or ids.token(12),
        "page": "leads",
    }
    return render(request, "prospects/rows.html", context, status=status)


def _row(place: int, form: RowForm, seen: Look | None, told: Told) -> dict[str, Any]:
    return {
        "number": place + 1,
        "name": _name(form),
        "form": form,
        "seen": seen.standing if seen else "",
        "chip": told.chip(seen) if seen else None,
        "lines": told.lines(seen) if seen else [],
        "theirs": seen is not None and seen.standing is Standing.THEIRS,
    }


def _name(form: RowForm) -> str:
    return str(form["full_name"].value() or form["email"].value() or form["social"].value() or "Somebody")
