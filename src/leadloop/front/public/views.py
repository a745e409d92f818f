"""Unsubscribing: a page to confirm on, since scanners follow links; one POST does it, as RFC 8058 asks."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from leadloop.kernel import clock
from leadloop.kernel.errors import LeadloopError
from leadloop.ledger.contracts import by_system
from leadloop.outreach import services as outreach

MAIL = by_system("mail")


@csrf_exempt  # mail programs post without a cookie; the signed token in the address is the proof
@login_not_required
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing. POST may come twice, and works for years, also after an erasure."""
    if request.method == "GET":
        return render(request, "public/unsubscribe.html", {"page": "unsubscribe"})
    try:
        outreach.unsubscribe(token, actor=MAIL, now=clock.now())
    except LeadloopError:
        return render(request, "public/unsubscribed.html", {"page": "unsubscribe", "unknown": True})
    return render(request, "public/unsubscribed.html", {"page": "unsubscribe", "unknown": False})
