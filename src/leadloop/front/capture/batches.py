"""Pages of batches: paper replies and cards of a trade show, entered, compared, released."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.capture import services as capture
from leadloop.capture.papers import NewBatch
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.capture.batches_page import batch_page, batches_page, find_batch
from leadloop.front.mistakes import words
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import by_user
from leadloop.platform.roles import Capability as Can

MOST_BYTES = 2 << 20


@require_GET
@needs(Can.IMPORTS)
def batches(request: HttpRequest) -> HttpResponse:
    """All batches, and a place to open one."""
    return _list(request)


def _list(request: HttpRequest, error: str = "") -> HttpResponse:
    context = batches_page(viewer_of(request), request.POST.dict(), clock.now())
    return render(
        request, "capture/batches.html", {**context, "error": error, "page": "imports"}, status=422 if error else 200
    )


@require_POST
@needs(Can.IMPORTS, "edit")
def open_new(request: HttpRequest) -> HttpResponse:
    """Open a batch."""
    asked = request.POST
    try:
        day = date.fromisoformat(asked.get("happened_on", ""))
    except ValueError:
        return _list(request, "Say on which day they were filled in.")
    portal_id = number(asked.get("portal"))
    if portal_id is None:
        return _list(request, "Choose where they come from.")
    batch = NewBatch(
        portal_id=portal_id,
        name=asked.get("name", ""),
        expected=number(asked.get("expected")) or 0,
        happened_on=day,
        key_code=asked.get("key_code", ""),
        programme_id=number(asked.get("programme")),
        twice="twice" in asked,
    )
    try:
        made = capture.open_batch(batch=batch, actor=by_user(viewer_of(request).user_id), now=clock.now())
    except Invalid as wrong:
        return _list(request, words(wrong))
    return redirect(f"/batches/{made}")


@require_GET
@needs(Can.IMPORTS)
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: its balance, its rows, and the form for the next card."""
    return _show(request, batch_id)


def _show(request: HttpRequest, batch_id: int, error: str = "", said: str = "") -> HttpResponse:
    viewer = viewer_of(request)
    asked = request.POST if error else {}
    context = batch_page(viewer, find_batch(viewer, batch_id), asked, number(request.GET.get("row")))
    return render(
        request,
        "capture/batch.html",
        {**context, "error": error, "said": said, "page": "imports"},
        status=422 if error else 200,
    )


def _then(request: HttpRequest, batch_id: int, step: Callable[[], str]) -> HttpResponse:
    """Do a step on a batch that the viewer may see; what can't be so is said beside what was entered."""
    find_batch(viewer_of(request), batch_id)
    try:
        where = step()
    except (Invalid, Conflict) as wrong:
        return _show(request, batch_id, words(wrong))
    return redirect(f"/batches/{batch_id}{where}")


@require_POST
@needs(Can.IMPORTS, "edit")
def enter(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Enter a card: the first time, or once more."""
    actor, given = by_user(viewer_of(request).user_id), request.POST.dict()
    again = number(given.get("number"))

    def step() -> str:
        if again is None:
            capture.enter(batch_id=batch_id, rows=[given], actor=actor)
            return "#entry"
        differ = capture.enter_again(batch_id=batch_id, number=again, texts=given, actor=actor)
        return f"?row={again}#entry" if differ else "#rows"

    return _then(request, batch_id, step)


@require_POST
@needs(Can.IMPORTS, "edit")
def add(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Add the cards of a pasted text, a scanned code or a file."""
    actor, file = by_user(viewer_of(request).user_id), request.FILES.get("file")

    def step() -> str:
        if file is None:
            rows = capture.rows_of(request.POST.get("card", ""))
        elif (file.size or 0) > MOST_BYTES:
            raise Invalid("the file is too long for a batch", field="file", mend="Bring it in as an import")
        else:
            with NamedTemporaryFile() as kept:
                kept.write(file.read())
                kept.flush()
                rows = capture.rows_of_file(Path(kept.name))
        capture.enter(batch_id=batch_id, rows=rows, actor=actor)
        return "#rows"

    return _then(request, batch_id, step)


@require_POST
@needs(Can.IMPORTS, "edit")
def drop(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take a row out."""

    def step() -> str:
        capture.drop_row(batch_id=batch_id, number=number(request.POST.get("number")) or 0)
        return "#rows"

    return _then(request, batch_id, step)


@require_POST
@needs(Can.IMPORTS, "edit")
def release(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Make inquiries of a batch."""
    actor = by_user(viewer_of(request).user_id)

    def step() -> str:
        capture.release(batch_id=batch_id, reason=request.POST.get("reason", ""), actor=actor, now=clock.now())
        return ""

    return _then(request, batch_id, step)
