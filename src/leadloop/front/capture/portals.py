"""Pages of portals."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadloop.capture.contracts import PortalRow
from leadloop.capture.services import new_token, save_portal
from leadloop.front.access import needs, viewer_of
from leadloop.front.capture.mailboxes import mail_context
from leadloop.front.capture.portal_form import PortalForm
from leadloop.front.capture.portals_page import find, portal_page, portals_page
from leadloop.front.mistakes import blame
from leadloop.front.sheets.download import linked, sent, wanted
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import by_user
from leadloop.platform.roles import Capability as Can


@require_GET
@needs(Can.PORTALS)
def portals(request: HttpRequest) -> HttpResponseBase:
    """Every door for inquiries, with what came through it."""
    shown = portals_page(clock.now())
    if (asked := wanted(request)) is not None:
        return sent(request, asked, "Portals", Can.PORTALS, [shown["table"]])
    shown["table"] = linked(request, shown["table"], Can.PORTALS)
    first = {"label": "Set up a portal", "url": "/portals/new"}
    may_edit = viewer_of(request).may(Can.PORTALS, "edit")
    context = {"may_edit": may_edit, "first_action": first if may_edit else None, "page": "portals"}
    return render(request, "capture/portals.html", {**shown, **context})


@require_http_methods(["GET", "POST"])
@needs(Can.PORTALS, "edit")
def new(request: HttpRequest) -> HttpResponse:
    """Set a portal up."""
    form = PortalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        portal_id = _save(request, form)
        if portal_id is not None:
            messages.success(request, "Portal set up. It is open as soon as it is saved.")
            return redirect(f"/portals/{portal_id}")
    status = 422 if request.method == "POST" else 200
    return render(request, "capture/portal_new.html", {"form": form, "page": "portals"}, status=status)


@require_GET
@needs(Can.PORTALS)
def portal(request: HttpRequest, portal_id: int) -> HttpResponse:
    """One portal: its settings, its addresses, and its balance."""
    found = find(portal_id)
    may_edit = viewer_of(request).may(Can.PORTALS, "edit")
    return _page(request, found, PortalForm(portal=found) if may_edit else None)


@require_POST
@needs(Can.PORTALS, "edit")
def save(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Change the settings."""
    found = find(portal_id)
    form = PortalForm(request.POST, portal=found)
    if _save(request, form) is None:
        return _page(request, found, form, status=422)
    messages.success(request, "Saved.")
    return redirect(f"/portals/{portal_id}")


@require_http_methods(["GET", "POST"])
@needs(Can.PORTALS, "edit")
def token(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Make a new secret: a dialog asks first, for the old one opens nothing any more. Shown this once."""
    found = find(portal_id)
    if request.method == "GET":
        action = {"label": "Make a new secret", "url": request.path}
        return render(request, "capture/_new_token.html", {"action": action})
    plain = new_token(portal_id=portal_id, actor=by_user(viewer_of(request).user_id), now=clock.now())
    return _page(request, find(portal_id), PortalForm(portal=found), plain=plain)


def _save(request: HttpRequest, form: PortalForm) -> int | None:
    """The portal's id; None when the form says what is wrong."""
    if not form.is_valid():
        return None
    try:
        return save_portal(portal=form.wanted(), actor=by_user(viewer_of(request).user_id), now=clock.now())
    except (Invalid, Conflict) as wrong:
        blame(form, wrong, owner="owner_id", key="name")
        return None


def _page(
    request: HttpRequest, found: PortalRow, form: PortalForm | None, *, plain: str = "", status: int = 200
) -> HttpResponse:
    now = clock.now()
    mail = mail_context(found, viewer_of(request).zone, now)
    context = {**portal_page(found, now), **mail, "form": form, "plain": plain, "page": "portals"}
    return render(request, "capture/portal.html", context, status=status)
