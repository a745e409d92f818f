"""The interface as a whole: its description, and what becomes of errors."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from leadloop.front.api.counts import router as counts
from leadloop.front.api.leads import router as leads
from leadloop.front.api.merges import router as merges
from leadloop.front.api.others import router as others
from leadloop.front.middleware import STATUS
from leadloop.kernel.errors import LeadloopError

ABOUT = """
Every request carries `Authorization: Bearer <token>`; tokens are made on the page “You”. A token acts for its user and
within its scopes, each operation names those it takes. Lists are paged by cursor. Errors have a `code`, the `problem`
in words, the `field` at fault and how to `mend` it. New inquiries are delivered through portals, not here.
"""

api = NinjaAPI(title="Leadloop", version="1", description=ABOUT.strip(), docs_url=None, urls_namespace="api", auth=None)
api.add_router("", leads)
api.add_router("", others)
api.add_router("", counts)
api.add_router("", merges)


def _problem(request: HttpRequest, status: int, code: str, problem: str, field: str = "", mend: str = "") -> Any:
    body = {"code": code, "problem": problem, "field": field, "mend": mend}
    return api.create_response(request, body, status=status)


@api.exception_handler(LeadloopError)
def leadloop_error(request: HttpRequest, error: Any) -> HttpResponse:
    """Our own errors."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return api.create_response(request, error.as_dict(), status=status)


@api.exception_handler(AuthenticationError)
def no_token(request: HttpRequest, _error: Any) -> HttpResponse:
    """Nobody said who asks."""
    mend = "Send it as: Authorization: Bearer <token>"
    answer: HttpResponse = _problem(request, 401, "unauthorised", "The token is missing", mend=mend)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: Any) -> HttpResponse:
    """Input that does not fit its description; the first fault is named."""
    first = error.errors[0]
    field = ".".join(str(step) for step in first["loc"] if step not in ("body", "query", "path", "body_in"))
    answer: HttpResponse = _problem(request, 422, "invalid", first["msg"], field, "See the description")
    return answer


@api.exception_handler(HttpError)
def not_readable(request: HttpRequest, _error: Any) -> HttpResponse:
    """A body that is no JSON: the only thing the framework itself refuses."""
    mend = "Send one JSON object, in UTF-8"
    answer: HttpResponse = _problem(request, 422, "unreadable", "The body can't be read", "body", mend)
    return answer
