"""Who may open a page. Every view says what right it asks for, and the generated access test reads it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponseBase

from leadloop.kernel.errors import Forbidden
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import viewer as load_viewer
from leadloop.platform.roles import Capability, Verb

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

EVERYBODY = "everybody"  # any signed-in user


def viewer_of(request: HttpRequest) -> Viewer:
    """The signed-in person with their rights, read once per request."""
    known = getattr(request, "_viewer", None)
    if known is None:
        assert request.user.pk is not None
        known = load_viewer(request.user.pk)
        request._viewer = known  # type: ignore[attr-defined]  # kept for this request only
    return cast(Viewer, known)


def needs(capability: Capability, verb: Verb = "see") -> Callable[[View], View]:
    """Only viewers who have this right, however far it reaches, may call the view; others get 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not viewer_of(request).may(capability, verb):
                raise Forbidden("Your role does not open this page", mend="Ask an admin for the right to it")
            return view(request, *args, **kwargs)

        guarded.right = (str(capability), verb)  # type: ignore[attr-defined]  # for the access test
        return cast(View, guarded)

    return guard


def everybody(view: View) -> View:
    """Any signed-in user may call the view; what they see is decided row by row."""
    view.right = (EVERYBODY, "see")  # type: ignore[attr-defined]  # for the access test
    return view
