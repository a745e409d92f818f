"""The form we host for a portal: public, write-only, under the same rules as the capture door.

It is exempt from Django's CSRF check on purpose. That check guards what a signed-in visitor may do, and here the
visitor has no rights at all: the page reads nothing back, sets no cookie, and works for people who refuse cookies.
What other sites could misuse is held back by the sender's Origin, the limit per address, the trap and the clock.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from leadloop.agreement.queries import in_force
from leadloop.capture.contracts import SALES, PortalRow
from leadloop.capture.door.limit import Buckets
from leadloop.capture.door.request import context
from leadloop.capture.forms import HostedForm, Layout, layout_of, submit
from leadloop.front.capture.answer_time import answer_to
from leadloop.front.capture.embedding import framed, interests, is_ours, open_portal
from leadloop.front.capture.personal import left_of, plainly
from leadloop.front.openly import openly
from leadloop.kernel import clock
from leadloop.platform.queries import company

RATE, BURST = 1.0, 20  # a second, and at once: those of the door

_buckets = Buckets(rate=RATE, burst=BURST)


@csrf_exempt
@openly
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, slug: str, key: str = "") -> HttpResponse:
    """Show the form, and take what is sent with it. With somebody's `key` it asks what they haven't answered yet."""
    portal = open_portal(slug)
    if portal is None:
        return _gone(request, 404)
    layout = left_of(layout_of(portal.id), request, portal, key) if key else layout_of(portal.id)
    if layout is None:
        return plainly(request, f"/f/{slug}")
    if request.method == "GET":
        answer = _page(request, portal, _form(portal, layout), referrer=request.headers.get("Referer", ""))
        if key:
            answer["Cache-Control"] = "no-store"
        return framed(answer, portal)
    if not is_known(request.headers.get("Origin", ""), portal):
        return _gone(request, 403)
    return framed(_take(request, portal, layout), portal)


@openly
@require_GET
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Say who answers by when."""
    portal = open_portal(slug)
    if portal is None:
        return _gone(request, 404)
    said = {"answer": answer_to(portal, in_force(), clock.now()), "layout": layout_of(portal.id)}
    page = render(request, "capture/thanks.html", {**said, "portal": portal, "company": company().name})
    return framed(page, portal)


def _gone(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "capture/form_gone.html", {"company": company().name}, status=status)


def _take(request: HttpRequest, portal: PortalRow, layout: Layout) -> HttpResponse:
    filled = _form(portal, layout, request)

    def show(referrer: str, status: int) -> HttpResponse:
        return _page(request, portal, filled, referrer=referrer, status=status)

    return take(request, filled, show)


def take(
    request: HttpRequest,
    filled: HostedForm,
    show: Callable[[str, int], HttpResponse],
    send: Callable[..., int] = submit,
) -> HttpResponse:
    """Store what was sent and thank for it, or show the form again: wherever a page of ours holds it.

    `show` is given the referrer of the page's first view and the status; `send` stores as `submit` does.
    """
    portal, referrer = filled.portal, request.POST.get("referrer", "")
    about = _circumstances(request, referrer)
    wait = _buckets.take((about["address"], portal.id), monotonic())
    if wait:
        filled.add_error(None, filled.words["often"])
        answer = show(referrer, 429)
        answer["Retry-After"] = str(math.ceil(wait))
        return answer
    if not filled.is_valid():
        return show(referrer, 422)
    send(form=filled, context=about, now=clock.now(), foreign=_is_foreign(request))
    return redirect(filled.layout.forward or f"/f/{portal.slug}/thanks")


def _form(portal: PortalRow, layout: Layout, request: HttpRequest | None = None) -> HostedForm:
    return HostedForm(portal, interests(), request.POST if request else None, layout=layout)


def _is_foreign(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    return bool(origin) and not is_ours(origin)


def is_known(origin: str, portal: PortalRow) -> bool:
    """Whether pages of this origin may send the form: our own, and those of the portal. Programs name none."""
    return not origin or is_ours(origin) or origin in portal.origins or "*" in portal.origins


def _circumstances(request: HttpRequest, referrer: str) -> dict[str, str]:
    """What the door would keep of this request; the referrer is that of the page's first view."""
    client = request.META.get("REMOTE_ADDR", "")
    scope = {"query_string": _raw(request.META.get("QUERY_STRING", "")), "client": (client,)}
    headers = {
        b"user-agent": _raw(request.headers.get("User-Agent", "")),
        b"origin": _raw(request.headers.get("Origin", "")),
        b"referer": _raw(referrer),
    }
    if forwarded := request.headers.get("X-Forwarded-For"):
        headers[b"x-forwarded-for"] = _raw(forwarded)
    return context(scope, headers, public=True)


def _raw(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def asked(shown: HostedForm, referrer: str) -> dict[str, object]:
    """What `capture/_public_form.html` shows."""
    return {
        "form": shown,
        "fields": shown.questions(),
        "layout": shown.layout,
        "referrer": referrer[:1000],
        "riddle": f"/f/{shown.portal.slug}/challenge" if shown.portal.proof_of_work else "",
    }


def _page(
    request: HttpRequest, portal: PortalRow, shown: HostedForm, *, referrer: str, status: int = 200
) -> HttpResponse:
    promise = in_force().clauses.promises["reply"].text() if portal.inquiry_kind == SALES else ""
    said = {
        **asked(shown, referrer),
        "promise": promise,
        "company": company().name,
    }
    return render(request, "capture/form.html", said, status=status)
