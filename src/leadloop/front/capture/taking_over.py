"""Pages of taking over from another system: its export as an archive, and what came of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from leadloop.front.access import needs, viewer_of
from leadloop.front.capture import draft as drafts
from leadloop.front.capture.uploads import FIELD, MOST_BYTES, Streamed, ToHome
from leadloop.front.cells import cell
from leadloop.ledger.contracts import by_user
from leadloop.loop import files, jobs
from leadloop.loop.from_crm.bringing import SYSTEMS
from leadloop.platform.roles import Capability as Can

SHOWN = 200
WORDS = {
    "companies": "Companies", "programmes": "Programmes", "rows": "People and touches", "leads": "Leads",
    "touches": "Touches that joined", "deals": "Deals", "activities": "Activities",
}  # fmt: skip


@csrf_exempt  # only here: the check reads the form, and it must not be read before the handler below is in place
@require_http_methods(["GET", "POST"])
@needs(Can.IMPORTS, "edit")
def take_over(request: HttpRequest) -> HttpResponse:
    """Take an export in, streamed to where it waits for the worker."""
    if request.method == "GET":
        return _form(request)
    handler = ToHome(request)
    request.upload_handlers = [handler]
    return _uploaded(request, handler)


def _form(request: HttpRequest, error: str = "") -> HttpResponse:
    context = {"systems": SYSTEMS, "most": f"{MOST_BYTES // 1024 // 1024} MB", "error": error, "page": "imports"}
    return render(request, "capture/take_over.html", context, status=422 if error else 200)


@csrf_protect
def _uploaded(request: HttpRequest, handler: ToHome) -> HttpResponse:
    file, system = request.FILES.get(FIELD), request.POST.get("system", "")
    if handler.too_long:
        return _form(request, f"The archive is longer than {MOST_BYTES // 1024 // 1024} MB. Use the command line.")
    if not isinstance(file, Streamed) or system not in SYSTEMS:
        return _form(request, "Choose a system and an archive.")
    user_id = viewer_of(request).user_id
    drafts.begin(file.kept_as, file_name=file.name or "", portal_id=0, user_id=user_id)
    jobs.take_over.defer(file=file.kept_as, system=system, actor=by_user(user_id))
    return redirect(f"/imports/take-over/{file.kept_as}")


@require_GET
@needs(Can.IMPORTS, "edit")
def taken_over(request: HttpRequest, name: str) -> HttpResponse:
    """What came of an export, and what could not be taken; until then, that it is at work."""
    draft = drafts.find(name, user_id=viewer_of(request).user_id)
    said = files.told(name)
    context = {"file_name": draft.file_name, "name": name, "going": not said, "error": said.get("error", "")}
    if said and not context["error"]:
        context |= _result(said)
    template = "capture/_taken_over.html" if request.headers.get("HX-Request") else "capture/taken_over.html"
    return render(request, template, {**context, "page": "imports"})


def _result(said: dict[str, Any]) -> dict[str, Any]:
    whys = Counter((one["file"], one["why"]) for one in said["left"])
    return {
        "run_id": said["run_id"],
        "brought": {
            "caption": "What came in",
            "columns": [
                {"label": "What"},
                {"label": "New", "numeric": True},
                {"label": "Known before", "numeric": True},
            ],
            "rows": [
                {"cells": [words, cell(said["new"].get(key, 0)), cell(said["known"].get(key, 0))]}
                for key, words in WORDS.items()
            ],
        },
        "quarantined": said["quarantined"],
        "whys": {
            "caption": "What could not be taken, and why",
            "columns": [{"label": "Where"}, {"label": "How many", "numeric": True}, {"label": "Why"}],
            "rows": [{"cells": [file, cell(count), why]} for (file, why), count in whys.most_common()],
            "empty": "Everything came in.",
        },
        "left": {
            "caption": "One by one",
            "columns": [{"label": "Where"}, {"label": "Number there"}, {"label": "Why"}],
            "rows": [{"cells": [one["file"], one["row"], one["why"]]} for one in said["left"][:SHOWN] if one["row"]],
        },
    }
