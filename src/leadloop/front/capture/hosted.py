"""The form we host for a portal: public, write-only, under the same rules as the capture door.

It is exempt from Django's CSRF check on purpose. That check guards what a signed-in visitor may do, and here the
visitor has no rights at all: the page reads nothing back, sets no cookie, and works for people who refuse cookies.
What other sites could misuse is held back by the sender's Origin, the limit per address, the trap and the clock.
"""

from __future__ import annotations

import math
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from leadloop.agreement.queries import in_force
from leadloop.capture.contracts import SALES, PortalKind, PortalRow
from leadloop.capture.door.limit import Buckets
from leadloop.capture.door.request import context
from leadloop.capture.forms import HostedForm, submit
from leadloop.capture.queries import portals
from leadloop.catalogue.queries import families
from leadloop.front.capture.answer_time import answer_to
from leadloop.front.openly import openly
from leadloop.kernel import clock
from leadloop.platform.queries import company

RATE, BURST = 1.0, 20  # a second, and at once: those of the door
PURPOSES = {"name": "name", "email": "email", "phone": "tel", "company": "organization"}  # for `autocomplete`
HIDDEN = ("homepage", "started", "consent")

_buckets = Buckets(rate=RATE, burst=BURST)


@csrf_exempt
@openly
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form, and take what is sent with it."""
    portal = _open_portal(slug)
    if portal is None:
        return render(request, "capture/form_gone.html", {"company": company().name}, status=404)
    if request.method == "GET":
        return _page(request, portal, _form(portal), referrer=request.headers.get("Referer", ""))
    if not _is_known(request.headers.get("Origin", ""), portal):
        return render(request, "capture/form_gone.html", {"company": company().name}, status=403)
    return _take(request, portal)


@openly
@require_GET
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Say who answers by when."""
    portal = _open_portal(slug)
    if portal is None:
        return render(request, "capture/form_gone.html", {"company": company().name}, status=404)
    answer = answer_to(portal, in_force(), clock.now())
    return render(request, "capture/thanks.html", {"answer": answer, "portal": portal, "company": company().name})


def _take(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    referrer = request.POST.get("referrer", "")
    about = _circumstances(request, referrer)
    wait = _buckets.take((about["address"], portal.id), monotonic())
    filled = _form(portal, request)
    if wait:
        filled.add_error(None, "Too many messages came from your address. Please wait a moment and send it again.")
        answer = _page(request, portal, filled, referrer=referrer, status=429)
        answer["Retry-After"] = str(math.ceil(wait))
        return answer
    if not filled.is_valid():
        return _page(request, portal, filled, referrer=referrer, status=422)
    submit(form=filled, context=about, now=clock.now())
    return redirect(f"/f/{portal.slug}/thanks")


def _open_portal(slug: str) -> PortalRow | None:
    """The public portal of this slug; None for others, and for one that is closed."""
    found = next((one for one in portals().values() if one.slug == slug), None)
    return found if found and found.is_on and found.kind is PortalKind.BROWSER else None


def _form(portal: PortalRow, request: HttpRequest | None = None) -> HostedForm:
    interests = {row.key: row.name for row in families().values() if row.is_active}
    made = HostedForm(portal, interests, request.POST if request else None)
    for name, purpose in PURPOSES.items():
        made.fields[name].widget.attrs["autocomplete"] = purpose
    return made


def _is_known(origin: str, portal: PortalRow) -> bool:
    """Whether pages of this origin may send the form: our own, and those of the portal. Programs name none."""
    own = urlsplit(settings.PUBLIC_URL)
    return not origin or origin in {f"{own.scheme}://{own.netloc}", *portal.origins} or "*" in portal.origins


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


def _page(
    request: HttpRequest, portal: PortalRow, shown: HostedForm, *, referrer: str, status: int = 200
) -> HttpResponse:
    promise = in_force().clauses.promises["reply"].text() if portal.inquiry_kind == SALES else ""
    said = {
        "form": shown,
        "fields": [field for field in shown.visible_fields() if field.name not in HIDDEN],
        "referrer": referrer[:1000],
        "promise": promise,
        "company": company().name,
    }
    return render(request, "capture/form.html", said, status=status)
