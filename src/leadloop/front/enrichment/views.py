"""Pages of enrichment: providers, policies, portals, files and runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.capture.queries import portals as all_portals
from leadloop.enrichment import services as enrichment
from leadloop.enrichment.contracts import RunRow
from leadloop.enrichment.providers import PROVIDERS
from leadloop.enrichment.queries import files, policies, runs, switched_on
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import numbers
from leadloop.front.cells import Piece, cell, heads
from leadloop.front.enrichment.forms import PolicyForm
from leadloop.front.enrichment.words import FIELDS, WHYS, refusals
from leadloop.front.mistakes import words
from leadloop.front.templatetags.ui import local
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import Actor, by_user, user_of
from leadloop.loop import enriching, jobs
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability as Can

MOST_BYTES = 20 << 20
FILES = heads("File", ("Companies", "number"), "Added by", ("On", "day"))


@require_GET
@needs(Can.ROUTING)
def overview(request: HttpRequest) -> HttpResponse:
    """Everything at a glance."""
    return _page(request)


@require_POST
@needs(Can.ROUTING, "edit")
def policy(request: HttpRequest) -> HttpResponse:
    """Say how fields are written."""
    forms = [PolicyForm(request.POST, standing=one) for one in policies().values()]
    sound = [form.is_valid() for form in forms]  # all of them, so that every mistake is shown
    if not all(sound):
        return _page(request, forms=forms, status=422)
    enrichment.save_policies(wanted=[form.policy() for form in forms], actor=_actor(request), now=clock.now())
    messages.success(request, "Saved. It holds from the next run.")
    return redirect("/enrichment")


@require_POST
@needs(Can.ROUTING, "edit")
def portals(request: HttpRequest) -> HttpResponse:
    """Say for whose inquiries companies are asked about by themselves."""
    wanted = [one for one in numbers(request.POST.getlist("portal")) if one in all_portals()]
    enrichment.switch_on(portals=wanted, actor=_actor(request), now=clock.now())
    messages.success(request, "Saved.")
    return redirect("/enrichment")


@require_POST
@needs(Can.ROUTING, "edit")
def file(request: HttpRequest) -> HttpResponse:
    """Add a file of companies, and ask it about all that are known."""
    given = request.FILES.get("file")
    if given is None or (given.size or 0) > MOST_BYTES:
        return _page(request, error="Choose a file of at most 20 MB.", status=422)
    with NamedTemporaryFile() as kept:
        for chunk in given.chunks():
            kept.write(chunk)
        kept.flush()
        try:
            enriching.bring_file(Path(kept.name), given.name or "", actor=_actor(request), now=clock.now())
        except Invalid as wrong:
            return _page(request, error=words(wrong), status=422)
    _ask_all(request, "file")
    messages.success(request, "The file is added. What it says of your companies appears within minutes.")
    return redirect("/enrichment")


@require_POST
@needs(Can.ROUTING, "edit")
def run(request: HttpRequest) -> HttpResponse:
    """Ask about every company."""
    _ask_all(request, "hand")
    messages.success(request, "Every company is being asked about. The run below counts on.")
    return redirect("/enrichment")


@require_POST
@needs(Can.ROUTING, "edit")
def undo(request: HttpRequest, run_id: int) -> HttpResponse:
    """Take a run back."""
    try:
        done = enrichment.undo_run(run_id=run_id, actor=_actor(request), now=clock.now())
    except Conflict as wrong:
        return _page(request, error=words(wrong), status=409)
    kept = f" {done.kept:,} have changed again since, and stay." if done.kept else ""
    messages.success(request, f"{done.changes:,} values are as they were.{kept}")
    return redirect("/enrichment")


@transaction.atomic
def _ask_all(request: HttpRequest, why: str) -> None:
    actor = _actor(request)
    run_id = enrichment.begin_run(why=why, actor=actor, now=clock.now())
    jobs.enrich_all.defer(run_id=run_id, actor=actor)


def _actor(request: HttpRequest) -> Actor:
    return by_user(viewer_of(request).user_id)


def _page(
    request: HttpRequest, *, forms: Sequence[PolicyForm] | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    viewer, found, kept = viewer_of(request), runs(), files()
    staff = names({user for one in (*found, *kept) if (user := user_of(_by(one))) is not None})
    on = switched_on()
    context: dict[str, Any] = {
        "providers": [
            {"name": one.label, "fields": ", ".join(FIELDS[field].lower() for field in one.fields)} for one in PROVIDERS
        ],
        "policies": forms or [PolicyForm(None, standing=one) for one in policies().values()],
        "portals": [
            {"id": one.id, "name": one.name, "on": one.id in on}
            for one in sorted(all_portals().values(), key=lambda row: row.name)
        ],
        "files": {
            "caption": "Files of companies",
            "columns": FILES,
            "rows": [
                {"cells": [one.name, cell(one.rows), _who(one.added_by, staff), cell(one.added_at, viewer.zone)]}
                for one in kept
            ],
            "empty": "No file yet. Add one, or take over an export of another system.",
        },
        "runs": [_run(one, staff, viewer) for one in found],
        "may_edit": viewer.may(Can.ROUTING, "edit"),
        "error": error,
        "page": "companies",
    }
    return render(request, "enrichment/enrichment.html", context, status=status)


def _by(one: Any) -> str:
    return one.began_by if isinstance(one, RunRow) else one.added_by


def _who(actor: str, staff: dict[int, str]) -> str:
    return staff.get(user_of(actor) or 0, "by itself")


def _run(one: RunRow, staff: dict[int, str], viewer: Viewer) -> Piece:
    return {
        "id": one.id,
        "why": WHYS.get(one.why, one.why),
        "who": _who(one.began_by, staff),
        "at": local(one.began_at, viewer.zone),
        "asked": one.asked,
        "found": one.found,
        "changed": one.changed,
        "refused": refusals(dict(one.refused)),
        "undone": one.undone_at,
        "taken_back": one.taken_back,
        "kept": one.kept,
        "may_undo": viewer.may(Can.ROUTING, "edit") and one.undone_at is None and bool(one.changed),
    }
