"""Keys for the application's API: made on one's own page, listed and revoked here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.front.access import needs, viewer_of
from leadloop.front.system.forms import SCOPES
from leadloop.front.system.system_page import tabs
from leadloop.front.templatetags.ui import local_date
from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import by_user
from leadloop.platform.contracts import TokenRow, Viewer
from leadloop.platform.queries import names
from leadloop.platform.queries import tokens as all_tokens
from leadloop.platform.roles import Capability as Can
from leadloop.platform.roles import Scope, Verb
from leadloop.platform.services import revoke_token


@require_GET
@needs(Can.TOKENS)
def tokens(request: HttpRequest) -> HttpResponse:
    """Everybody's tokens, or one's own."""
    viewer = viewer_of(request)
    rows = within_reach(viewer, "see")
    context = {"tabs": tabs(viewer, "tokens"), "tokens": lines(viewer, rows, clock.now()), "page": "system"}
    return render(request, "system/tokens.html", context)


@require_POST
@needs(Can.TOKENS, "edit")
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Make a token useless for good."""
    viewer = viewer_of(request)
    if token_id not in {row.id for row in within_reach(viewer, "edit")}:
        raise NotFound("There is no such token", mend="Choose one from the list")
    revoke_token(token_id=token_id, actor=by_user(viewer.user_id), now=clock.now())
    messages.success(request, "This token opens nothing any more.")
    return redirect("/me" if request.POST.get("from") == "me" else "/system/tokens")


def within_reach(viewer: Viewer, verb: Verb) -> list[TokenRow]:
    """The tokens to which this right of the viewer reaches. One query."""
    scope = viewer.scope(Can.TOKENS, verb)
    if scope is Scope.NONE:
        return []
    return all_tokens() if scope is Scope.ALL else all_tokens(viewer.user_id)


def lines(viewer: Viewer, rows: Sequence[TokenRow], now: datetime) -> list[dict[str, Any]]:
    """Tokens for `system/_tokens.html`. One query, for names."""
    owners = names({row.user_id for row in rows})
    may_revoke = {row.id for row in within_reach(viewer, "edit")} if rows else set()
    return [
        {
            "id": row.id,
            "name": row.name,
            "owner": owners.get(row.user_id, ""),
            "prefix": row.prefix,
            "scopes": ", ".join(SCOPES.get(scope, scope) for scope in row.scopes),
            "used": local_date(row.last_used_at, viewer.zone) or "never",
            **_standing(row, now, viewer.zone),
            "may_revoke": row.id in may_revoke and row.revoked_at is None,
        }
        for row in rows
    ]


def _standing(row: TokenRow, now: datetime, zone: str) -> dict[str, str]:
    if row.revoked_at is not None:
        return {"state": "none", "words": "Revoked"}
    if row.expires_at is not None and row.expires_at <= now:
        return {"state": "none", "words": "Expired"}
    return {"state": "ok", "words": f"Until {local_date(row.expires_at, zone)}"}
