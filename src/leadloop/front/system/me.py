"""Everybody's own page: name, clock, language, keys, looks, password and tokens."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from leadloop.front.access import everybody, needs, viewer_of
from leadloop.front.mistakes import blame
from leadloop.front.system.forms import MeForm, TokenForm
from leadloop.front.system.tokens import lines
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_user
from leadloop.loop.digest.sending import choose, reads, wants
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import tokens
from leadloop.platform.roles import Capability as Can
from leadloop.platform.services import change_user, create_token

THEMES = (("", "As my system"), ("light", "Light"), ("dark", "Dark"))
A_YEAR = 31_536_000


@require_http_methods(["GET", "POST"])
@everybody
def me(request: HttpRequest) -> HttpResponse:
    """What one sets for oneself."""
    viewer = viewer_of(request)
    form = MeForm(request.POST if request.method == "POST" else None, me=_mine(request, viewer))
    if request.method == "GET":
        return _page(request, form=form)
    if form.is_valid():
        try:
            actor = by_user(viewer.user_id)
            change_user(user_id=viewer.user_id, changes=form.cleaned_data, actor=actor, now=clock.now())
        except Invalid as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "Saved.")
            return redirect("/me")
    return _page(request, form=form, status=422)


@require_POST
@everybody
def theme(request: HttpRequest) -> HttpResponse:
    """Choose light or dark on this device, or leave it to the system."""
    answer = redirect("/me")
    chosen = request.POST.get("theme", "")
    if chosen in ("light", "dark"):
        answer.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    else:
        answer.delete_cookie("theme")
    return answer


@require_POST
@everybody
def digest(request: HttpRequest) -> HttpResponse:
    """Switch the letter of the week on or off."""
    wanted = request.POST.get("digest") == "on"
    choose(viewer_of(request).user_id, wanted=wanted, now=clock.now())
    messages.success(request, "You get the letter of the week." if wanted else "You get no letter of the week.")
    return redirect("/me")


@require_POST
@needs(Can.TOKENS, "edit")
def token(request: HttpRequest) -> HttpResponse:
    """Make a token for oneself; it is shown this once."""
    viewer, now = viewer_of(request), clock.now()
    form = TokenForm(request.POST, viewer=viewer)
    if form.is_valid():
        given = form.cleaned_data
        try:
            _, plain = create_token(
                user_id=viewer.user_id,
                name=given["name"],
                scopes=given["scopes"],
                expires_at=now + form.lasts(),
                actor=by_user(viewer.user_id),
                now=now,
            )
        except Invalid as wrong:
            blame(form, wrong)
        else:
            return _page(request, plain=plain)
    return _page(request, token_form=form, status=422)


def _mine(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    shortcuts = getattr(request.user, "shortcuts", True)
    return {"name": viewer.name, "zone": viewer.zone, "language": viewer.language, "shortcuts": shortcuts}


def _page(
    request: HttpRequest,
    *,
    form: MeForm | None = None,
    token_form: TokenForm | None = None,
    plain: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_of(request)
    may_make = viewer.may(Can.TOKENS, "edit")
    chosen = request.COOKIES.get("theme", "")
    context = {
        "form": form or MeForm(me=_mine(request, viewer)),
        "email": getattr(request.user, "email", ""),
        "themes": [{"value": value, "label": label, "current": value == chosen} for value, label in THEMES],
        "token_form": (token_form or TokenForm(viewer=viewer)) if may_make else None,
        "tokens": lines(viewer, tokens(viewer.user_id), clock.now()) if may_make else [],
        "plain": plain,
        "digest": wants(viewer.user_id) if reads(viewer.roles) else None,
        "may_see_users": viewer.may(Can.USERS, "see"),
        "page": "me",
    }
    return render(request, "system/me.html", context, status=status)
