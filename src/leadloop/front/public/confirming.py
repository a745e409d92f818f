"""Confirming a consent: a page to confirm on, since scanners follow links; a POST alone does it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from leadloop.front.capture.embedding import address_of
from leadloop.front.openly import openly
from leadloop.front.public.words import words
from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import by_system
from leadloop.loop.confirming import languages_by_source
from leadloop.people.contracts import Asked, ConfirmationRow
from leadloop.people.queries import confirmation
from leadloop.people.services import confirm
from leadloop.people.tokens import read_confirm_token

BY_LINK = by_system("confirmation")


@csrf_exempt  # people open it from a mail program, without a cookie; the signed token in the address is the proof
@openly
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing and shows what would be agreed to. POST may come twice."""
    now, row = clock.now(), _row(token)
    language = languages_by_source({row.source})[row.source] if row else "en"
    said, state = words(language), row.state(now) if row else None
    if row and request.method == "POST":
        state = confirm(row.id, address=address_of(request), actor=BY_LINK, now=now)
    context = {"page": "confirm", "language": language, "said": said}
    if row and state is Asked.WAITING:
        return render(request, "public/confirm.html", {**context, "wording": row.wording})
    title, text = said.about(state)
    return render(request, "public/confirmed.html", {**context, "title": title, "text": text})


def _row(token: str) -> ConfirmationRow | None:
    try:
        return confirmation(read_confirm_token(token))
    except NotFound:
        return None
