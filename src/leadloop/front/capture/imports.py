"""Pages of imports: upload, look at how the file was understood, bring it in, watch it."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadloop.agreement.queries import in_force
from leadloop.capture import imports as importing
from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.imports import Reading
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.capture import draft as drafts
from leadloop.front.capture.draft import Draft
from leadloop.front.capture.imports_page import imports_page
from leadloop.front.capture.portals_page import find as find_portal
from leadloop.front.capture.reading_page import reading_page
from leadloop.front.capture.trials import trial
from leadloop.front.capture.uploads import FIELD, MOST_BYTES, Streamed, ToHome
from leadloop.front.mistakes import words
from leadloop.front.sheets.download import linked, sent, wanted
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_user
from leadloop.loop import files, jobs
from leadloop.platform.roles import Capability as Can


@require_GET
@needs(Can.IMPORTS)
def imports(request: HttpRequest) -> HttpResponseBase:
    """What was brought in, and a place to bring more."""
    if (asked := wanted(request)) is not None:
        return sent(request, asked, "Imports", Can.IMPORTS, [imports_page(viewer_of(request), {})["table"]])
    return _list(request)


def _list(request: HttpRequest, error: str = "") -> HttpResponse:
    viewer = viewer_of(request)
    shown = imports_page(viewer, request.GET)
    context = {
        **shown,
        "table": linked(request, shown["table"], Can.IMPORTS),
        "may_edit": viewer.may(Can.IMPORTS, "edit"),
        "no_portal_action": {"label": "Set one up", "url": "/portals/new"} if viewer.may(Can.PORTALS, "edit") else None,
        "most": f"{MOST_BYTES // 1024 // 1024} MB",
        "error": error,
        "page": "imports",
    }
    return render(request, "capture/imports.html", context, status=422 if error else 200)


@csrf_exempt  # only here: the check reads the form, and it must not be read before the handler below is in place
@require_POST
@needs(Can.IMPORTS, "edit")
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file in, streamed to where it stays."""
    handler = ToHome(request)
    request.upload_handlers = [handler]
    return _uploaded(request, handler)


@csrf_protect
def _uploaded(request: HttpRequest, handler: ToHome) -> HttpResponse:
    file = request.FILES.get(FIELD)
    portal_id = number(request.POST.get("portal"))
    if handler.too_long:
        return _list(request, f"The file is longer than {MOST_BYTES // 1024 // 1024} MB. Bring it in in parts.")
    if not isinstance(file, Streamed) or portal_id is None:
        return _list(request, "Choose a portal and a file.")
    portal = find_portal(portal_id)
    if portal.kind is not PortalKind.STAFF:
        files.remove(file.kept_as)
        return _list(request, "Files come in through portals for our own people.")
    drafts.begin(file.kept_as, file_name=file.name or "", portal_id=portal.id, user_id=viewer_of(request).user_id)
    return redirect(f"/imports/file/{file.kept_as}")


@require_http_methods(["GET", "POST"])
@needs(Can.IMPORTS, "edit")
def reading(request: HttpRequest, name: str) -> HttpResponse:
    """How the file was understood. What is changed is laid over it; `do` says what comes next."""
    draft = drafts.find(name, user_id=viewer_of(request).user_id)
    if request.method == "GET":
        return _first_look(request, draft)
    if request.POST.get("do") == "leave":
        files.remove(name)
        return redirect("/imports")
    return _answered(request, draft)


def _first_look(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A file that is no table at all goes back to where it came from, with the reason."""
    try:
        understood = drafts.read(draft, find_portal(draft.portal_id))
    except Invalid as wrong:
        files.remove(draft.name)
        return _list(request, words(wrong))
    return _show(request, draft, understood)


def _answered(request: HttpRequest, before: Draft) -> HttpResponse:
    """What can't be so is said, and the page shows the file as it was before."""
    draft, portal = drafts.with_answers(before, request.POST.dict()), find_portal(before.portal_id)
    try:
        understood = drafts.read(draft, portal)
    except Invalid as wrong:
        return _show(request, before, drafts.read(before, portal), error=words(wrong))
    do = request.POST.get("do")
    if do == "keep":
        return _kept(request, draft, understood)
    if do != "start":
        return _show(request, draft, understood, is_trial=do == "try")
    try:
        return redirect(f"/imports/{_start(draft, understood, portal, viewer_of(request).user_id)}")
    except Invalid as wrong:
        return _show(request, draft, understood, error=words(wrong))


def _show(
    request: HttpRequest, draft: Draft, understood: Reading, *, is_trial: bool = False, error: str = "", said: str = ""
) -> HttpResponse:
    drafts.with_shown(draft, understood).save()
    portal, terms, zone = find_portal(draft.portal_id), in_force(), viewer_of(request).zone
    context = reading_page(draft.name, understood, portal, terms=terms, zone=zone, template=draft.chosen.template)
    if is_trial:
        context |= trial(draft, understood, portal)
    status = 422 if error else 200
    return render(
        request, "capture/reading.html", {**context, "error": error, "said": said, "page": "imports"}, status=status
    )


def _kept(request: HttpRequest, draft: Draft, understood: Reading) -> HttpResponse:
    """Keep the choices under a name, to be offered for every file with these headings."""
    name = request.POST.get("keep_as", "").strip()
    if not name:
        return _show(request, draft, understood, error="Say a name under which these choices are kept.")
    importing.keep(portal_id=draft.portal_id, reading=understood, now=clock.now(), name=name)
    return _show(request, draft, understood, said=f"Kept as “{name}”. It is offered for files with these headings.")


def _start(draft: Draft, understood: Reading, portal: PortalRow, user_id: int) -> int:
    """Enter the run, leave the work to a worker, and return the run's id."""
    with transaction.atomic():
        run_id = importing.begin(reading=understood, portal=portal, actor=by_user(user_id), now=clock.now())
        jobs.bring_in.defer(run_id=run_id, file=draft.name)
    return run_id
