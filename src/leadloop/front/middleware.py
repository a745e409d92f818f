"""What every page goes through: our own errors become answers a person can act on, and words travel compressed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from leadloop.kernel.errors import Conflict, Forbidden, Invalid, LeadloopError, NotFound, Refused, Unavailable

STATUS: dict[type[LeadloopError], int] = {
    Invalid: 422,
    NotFound: 404,
    Conflict: 409,
    Forbidden: 403,
    Refused: 409,
    Unavailable: 503,
}


class CompressedPages(GZipMiddleware):
    """Pages and their parts, compressed where the browser takes it; files are as they are, and streams are not held up.

    Django adds bytes at random, so that what a page hides (BREACH) can't be told from its length.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """As Django's own, for words of a page alone."""
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class PlainErrors:
    """A `LeadloopError` of a page becomes that page's answer, with the problem and the mend in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None leaves the exception to Django, which logs it and answers 500."""
        if not isinstance(exception, LeadloopError):
            return None
        status = next((code for kind, code in STATUS.items() if isinstance(exception, kind)), 400)
        template = "parts/problem.html" if request.headers.get("HX-Request") else "problem.html"
        return render(request, template, {"problem": exception, "status": status}, status=status)
