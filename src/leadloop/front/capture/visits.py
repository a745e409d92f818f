"""Pages of the company's own site that visitors read: taken from a script, without a cookie and without an answer."""

from __future__ import annotations

from time import monotonic

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from leadloop.capture import visits
from leadloop.capture.contracts import PortalRow
from leadloop.capture.door.limit import Buckets
from leadloop.capture.visits.reading import MOST_BYTES, is_machine
from leadloop.front.build import DIST
from leadloop.front.capture.embedding import ANYWHERE, address_of, is_ours, open_portal
from leadloop.front.openly import openly
from leadloop.kernel import clock

SCRIPT = DIST / "visits.js"
RATE, BURST = 2.0, 60  # pages a second, and at once, of one address

_buckets = Buckets(rate=RATE, burst=BURST)


@openly
@require_GET
def script(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The script that tells of a page; which portal it tells, it reads from its own address."""
    headers = {**ANYWHERE, "Cache-Control": "public, max-age=3600"}
    return HttpResponse(SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


@csrf_exempt  # whoever reads a page of the site has no rights here and no cookie; see the hosted form
@openly
@require_POST
def seen(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep that a page was read. Nothing is told but that it was heard, to programs and to people alike."""
    portal = open_portal(slug)
    if portal is not None and _may_tell(request, portal) and (found := visits.read_page(request.read(MOST_BYTES + 1))):
        visits.see(portal_id=portal.id, seen=found, now=clock.now())
    return HttpResponse(status=204, headers=ANYWHERE)


def _may_tell(request: HttpRequest, portal: PortalRow) -> bool:
    """Pages of the portal's list and our own, read by people who did not ask to be left alone, not too many at once."""
    origin = request.headers.get("Origin", "").lower()
    known = "*" in portal.origins or origin in portal.origins or is_ours(origin)
    refused = request.headers.get("Sec-GPC") == "1" or request.headers.get("DNT") == "1"
    if not known or refused or _ahead(request) or is_machine(request.headers.get("User-Agent", "")):
        return False
    return not _buckets.take((address_of(request), portal.id), monotonic())


def _ahead(request: HttpRequest) -> bool:
    """Whether a browser, or what scans its mail, fetches a page before anybody has asked for it."""
    said = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")).lower()
    return "prefetch" in said or "preview" in said or "prerender" in said
