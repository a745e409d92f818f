"""When the database does not answer: pages say so and when to try again, and a watcher is told red or green."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from leadloop.front.openly import openly
from leadloop.kernel import clock
from leadloop.kernel.errors import Unavailable
from leadloop.platform.health import health as look

AGAIN_SECONDS = "2"
AWAY = Unavailable("We can't reach our data right now", mend="Nothing is lost. Try again in a moment.")


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a request that an error ended: 503 when the database is away, else 500. Asks the database nothing."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return server_error(request)
    answer: HttpResponse
    if request.path.startswith("/api/"):
        answer = JsonResponse(AWAY.as_dict(), status=503)
    else:
        part = request.headers.get("HX-Request")
        text = render_to_string("parts/problem.html" if part else "away.html", {"problem": AWAY})
        answer = HttpResponse(text, status=503)
    answer["Retry-After"] = AGAIN_SECONDS
    return answer


@openly
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """Whether everything runs, for programs that watch: 200, or 503. More is told on the page System."""
    found = look(now=clock.now())
    said = {"ok": found["ok"], "database": found["database"]["ok"]}
    answer = JsonResponse(said, status=200 if found["ok"] else 503)
    if not found["ok"]:
        answer["Retry-After"] = AGAIN_SECONDS
    return answer
