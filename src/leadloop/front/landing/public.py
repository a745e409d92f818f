"""Landing pages as the public reads them. What is sent by their form goes the way of the hosted form's."""

from __future__ import annotations

from functools import partial
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadloop.capture.door.limit import Buckets
from leadloop.capture.forms import HostedForm, layout_of
from leadloop.capture.pages import Copy, PageRow, count_view, page_at, picture, send
from leadloop.capture.pages.pictures import TYPE
from leadloop.capture.pages.words import words
from leadloop.capture.visits.reading import is_machine
from leadloop.front.capture.embedding import address_of, interests, is_ours
from leadloop.front.capture.hosted import asked, is_known, take
from leadloop.front.capture.personal import left_of, plainly
from leadloop.front.landing.shown import form_of, shown
from leadloop.front.openly import openly
from leadloop.kernel import clock
from leadloop.platform.queries import company

RATE, BURST = 2.0, 60  # views a second, and at once, of one address
# A page with a form carries when it was shown and from where its reader came, so only their own browser may keep it.
OPEN, OWN = "public, max-age=300", "private, max-age=60"
FOR_GOOD = "public, max-age=31536000, immutable"

_buckets = Buckets(rate=RATE, burst=BURST)


@csrf_exempt  # whoever reads it has no rights here and no cookie; see the hosted form
@openly
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, slug: str, key: str = "") -> HttpResponse:
    """Show a published page, and take what its form sends. With somebody's `key` it asks what they haven't answered."""
    row = page_at(slug, taken_down=request.method == "POST")  # what somebody has typed meanwhile isn't lost
    if row is None or row.live is None:
        return _gone(404)
    portal = form_of(row.live)
    if portal is None:
        return _gone(404) if request.method == "POST" else _shown(request, row, row.live, None, OPEN)
    layout = left_of(layout_of(portal.id), request, portal, key) if key else layout_of(portal.id)
    if layout is None:
        return plainly(request, f"/p/{slug}")
    if request.method != "POST":
        form = HostedForm(portal, interests(), layout=layout)
        return _shown(request, row, row.live, form, "no-store" if key else OWN)
    if not is_known(request.headers.get("Origin", ""), portal):
        return _gone(403)
    return _taken(request, row, row.live, HostedForm(portal, interests(), request.POST, layout=layout))


@csrf_exempt  # as above
@openly
@require_POST
def seen(request: HttpRequest, slug: str) -> HttpResponse:
    """Count a view: that the page was read on this day, and nothing else. Everybody gets the same answer."""
    row = page_at(slug) if _may_tell(request) else None
    if row is not None and not _buckets.take((address_of(request), row.id), monotonic()):
        count_view(page_id=row.id, now=clock.now())
    return HttpResponse(status=204)


@openly
@require_GET
def drawing(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A picture; what stands under a name never changes."""
    found = picture(name)
    if found is None:
        return HttpResponse(status=404)
    return HttpResponse(found.body, content_type=TYPE, headers={"Cache-Control": FOR_GOOD})


def drawn(row: PageRow, copy: Copy, form: HostedForm | None, *, referrer: str = "", is_preview: bool = False) -> str:
    """The whole page. Nobody's cookie has a say in it, so that it can be kept for everybody."""
    return render_to_string(
        "landing/page.html",
        {
            **(asked(form, referrer) if form else {}),
            "copy": copy,
            "blocks": shown(copy),
            "address": f"{settings.PUBLIC_URL}/p/{row.slug}",
            "seen": "" if is_preview else f"/p/{row.slug}/seen",
            "is_preview": is_preview,
            "words": words(copy.language),
            "company": company().name,
            "page": "landing",
        },
    )


def _may_tell(request: HttpRequest) -> bool:
    """Whether a page of ours says so, in a browser that is no program by its name."""
    return is_ours(request.headers.get("Origin", "")) and not is_machine(request.headers.get("User-Agent", ""))


def _shown(request: HttpRequest, row: PageRow, copy: Copy, form: HostedForm | None, keep: str) -> HttpResponse:
    page = drawn(row, copy, form, referrer=request.headers.get("Referer", ""))
    return HttpResponse(page, headers={"Cache-Control": keep})


def _taken(request: HttpRequest, row: PageRow, copy: Copy, filled: HostedForm) -> HttpResponse:
    def show(referrer: str, status: int) -> HttpResponse:
        return HttpResponse(drawn(row, copy, filled, referrer=referrer), status=status)

    query = request.META.get("QUERY_STRING", "")
    address = f"{settings.PUBLIC_URL}/p/{row.slug}{'?' if query else ''}{query}"
    visitor = request.POST.get("visitor", "")[:60] if copy.asks else ""
    return take(request, filled, show, partial(send, page=row, address=address, visitor=visitor))


def _gone(status: int) -> HttpResponse:
    return HttpResponse(render_to_string("landing/gone.html", {"company": company().name}), status=status)
