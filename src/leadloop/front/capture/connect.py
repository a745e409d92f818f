"""Connecting a portal with its platform: secrets, and how a general webhook shows who it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from leadloop.capture.doors import HookScheme
from leadloop.capture.services import make_secret, set_scheme, set_secrets
from leadloop.front.access import needs, viewer_of
from leadloop.front.capture.platforms import secret_label
from leadloop.front.capture.portal_page import show
from leadloop.front.capture.portals_page import find
from leadloop.front.capture.scheme_form import SchemeForm
from leadloop.front.mistakes import blame, words
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_user
from leadloop.platform.roles import Capability as Can


@sensitive_post_parameters()
@require_POST
@needs(Can.PORTALS, "edit")
def secrets(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Take the secrets that were pasted; what was left empty stays as it is."""
    found = find(portal_id)
    said = {name.removeprefix("secret-"): request.POST[name].strip() for name in request.POST if "secret-" in name}
    pasted = {name: text for name, text in said.items() if text}
    try:
        actor = by_user(viewer_of(request).user_id)
        set_secrets(portal_id=portal_id, secrets=pasted, actor=actor, now=clock.now())
    except Invalid as wrong:
        return show(request, found, wrong=words(wrong), status=422)
    messages.success(request, "Kept, sealed. It is not shown again." if pasted else "Nothing was pasted.")
    return redirect(f"/portals/{portal_id}")


@require_http_methods(["GET", "POST"])
@needs(Can.PORTALS, "edit")
def secret(request: HttpRequest, portal_id: int, name: str) -> HttpResponse:
    """Make a secret: a dialog asks first, for the one before opens nothing any more. Shown this once."""
    found = find(portal_id)
    label = secret_label(found.kind, name)
    if request.method == "GET":
        context = {"action": {"label": f"Make a new {label.lower()}", "url": request.path}}
        return render(request, "capture/_new_token.html", context)
    actor = by_user(viewer_of(request).user_id)
    plain = make_secret(portal_id=portal_id, name=name, actor=actor, now=clock.now())
    return show(request, found, plain=plain, plain_label=label)


@require_POST
@needs(Can.PORTALS, "edit")
def scheme(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Say how a general webhook shows who it is."""
    found = find(portal_id)
    form = SchemeForm(request.POST, scheme=HookScheme())
    if form.is_valid():
        try:
            actor = by_user(viewer_of(request).user_id)
            set_scheme(portal_id=portal_id, scheme=form.wanted(), actor=actor, now=clock.now())
        except Invalid as wrong:
            blame(form, wrong, prefix="before")
        else:
            messages.success(request, "Saved.")
            return redirect(f"/portals/{portal_id}")
    return show(request, found, scheme_form=form, status=422)
