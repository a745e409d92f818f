"""Pages of one import while it runs and afterwards: stopped, taken back, its refused rows as a file."""

from __future__ import annotations

import csv

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.agreement.queries import in_force
from leadloop.capture.imports import undoing
from leadloop.capture.imports.table import ERROR
from leadloop.capture.queries import refused_rows
from leadloop.front.access import needs, viewer_of
from leadloop.front.capture.imports_page import find_run, leads_page, progress, run_page
from leadloop.front.mistakes import words
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict
from leadloop.kernel.text import csv_safe
from leadloop.ledger.contracts import by_user
from leadloop.loop import jobs
from leadloop.platform.roles import Capability as Can


@require_GET
@needs(Can.IMPORTS)
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One import: how far it is, what came of it, and what went to quarantine."""
    return _show_run(request, run_id)


def _show_run(request: HttpRequest, run_id: int, error: str = "") -> HttpResponse:
    viewer, now = viewer_of(request), clock.now()
    context = run_page(viewer, find_run(viewer, run_id), now)
    status = 422 if error else 200
    return render(request, "capture/run.html", {**context, "error": error, "page": "imports"}, status=status)


@require_POST
@needs(Can.IMPORTS, "edit")
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """Stop an import: what is in stays."""
    viewer = viewer_of(request)
    found = find_run(viewer, run_id)
    try:
        undoing.cancel(found.id, actor=by_user(viewer.user_id), now=clock.now())
    except Conflict as wrong:
        return _show_run(request, run_id, words(wrong))
    return redirect(f"/imports/{found.id}")


@require_POST
@needs(Can.IMPORTS, "edit")
def take_back(request: HttpRequest, run_id: int) -> HttpResponse:
    """Have a worker take an import back."""
    viewer = viewer_of(request)
    found = find_run(viewer, run_id)
    try:
        with transaction.atomic():
            undoing.begin_undo(found.id, now=clock.now())
            jobs.undo_import.defer(run_id=found.id, actor=by_user(viewer.user_id))
    except Conflict as wrong:
        return _show_run(request, run_id, words(wrong))
    return redirect(f"/imports/{found.id}")


@require_GET
@needs(Can.IMPORTS)
def run_progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The part of the page that moves. Once it has come to its end, the whole page is loaded anew."""
    shown = progress(find_run(viewer_of(request), run_id), clock.now())
    answer = render(request, "capture/_progress.html", shown)
    if not shown["going"]:
        answer["HX-Refresh"] = "true"
    return answer


@require_GET
@needs(Can.IMPORTS)
def run_leads(request: HttpRequest, run_id: int) -> HttpResponse:
    """The leads of one import."""
    viewer = viewer_of(request)
    found = find_run(viewer, run_id)
    context = leads_page(viewer, found, request.GET.get("after"), in_force(), clock.now())
    return render(request, "capture/run_leads.html", {**context, "page": "imports"})


@require_GET
@needs(Can.IMPORTS)
def run_errors(request: HttpRequest, run_id: int) -> HttpResponse:
    """The rows in quarantine as a file: the columns as they came and one more with the reason."""
    found = find_run(viewer_of(request), run_id)
    headers, refused = refused_rows(found.id)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{found.id}-errors.csv"'
    writer = csv.writer(answer)
    writer.writerow([*map(csv_safe, headers), ERROR])
    for _, cells, why in refused:
        padded = [*cells, *[""] * (len(headers) - len(cells))]
        writer.writerow([*map(csv_safe, padded), csv_safe(why)])
    return answer
