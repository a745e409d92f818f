"""A portal's form on other sites: in a frame, or by a script that asks what to show. Public, as the form itself is."""

from __future__ import annotations

from urllib.parse import urlsplit

from csp.constants import SELF
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.door.request import address
from leadloop.capture.forms import described, layout_of
from leadloop.capture.proofs import riddle
from leadloop.capture.queries import portals
from leadloop.catalogue.queries import families
from leadloop.front.build import DIST
from leadloop.front.openly import openly
from leadloop.kernel import clock

ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@openly
@require_GET
def described_form(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """What the form asks, for a script on another site."""
    portal = open_portal(slug)
    if portal is None:
        return JsonResponse({"code": "not_found", "problem": "There is no such form."}, status=404, headers=ANYWHERE)
    said = described(portal, layout_of(portal.id), interests())
    return JsonResponse(said, headers={**ANYWHERE, "Cache-Control": "public, max-age=60"})


@openly
@require_GET
def script(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The script that shows a form on another site; which one it reads from its own address."""
    return _script("embed.js")


@openly
@require_GET
def solver(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The script that solves riddles, fetched by the one above where the form sets one."""
    return _script("proof.js")


@openly
@require_GET
def challenge(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A riddle to solve before the form is sent."""
    portal = open_portal(slug)
    if portal is None or not portal.proof_of_work:
        return JsonResponse({"code": "not_found", "problem": "This form sets none."}, status=404, headers=ANYWHERE)
    return JsonResponse(riddle(slug, now=clock.now()), headers={**ANYWHERE, "Cache-Control": "no-store"})


def _script(name: str) -> HttpResponse:
    headers = {**ANYWHERE, "Cache-Control": "public, max-age=3600"}
    return HttpResponse((DIST / name).read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


def open_portal(slug: str) -> PortalRow | None:
    """The public portal of this slug; None for others, and for one that is closed."""
    found = next((one for one in portals().values() if one.slug == slug), None)
    return found if found and found.is_on and found.kind is PortalKind.BROWSER else None


def interests() -> dict[str, str]:
    return {row.key: row.name for row in families().values() if row.is_active}


def framed(answer: HttpResponse, portal: PortalRow) -> HttpResponse:
    """Let the portal's own pages show it in a frame. Nothing can be clicked away there: the form knows no visitor."""
    if portal.origins:
        answer.xframe_options_exempt = True
        answer._csp_replace = {"frame-ancestors": [SELF, *portal.origins]}  # type: ignore[attr-defined]  # and django-csp there
    return answer


def is_ours(origin: str) -> bool:
    """Whether a page of our own says so."""
    own = urlsplit(settings.PUBLIC_URL)
    return origin == f"{own.scheme}://{own.netloc}"


def address_of(request: HttpRequest) -> str:
    """Who is asking, as the capture door sees it."""
    forwarded = request.headers.get("X-Forwarded-For")
    headers = {b"x-forwarded-for": forwarded.encode("latin-1", "replace")} if forwarded else {}
    return address({"client": (request.META.get("REMOTE_ADDR", ""),)}, headers)
