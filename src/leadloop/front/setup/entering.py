"""The one-time link of a new installation. A button signs its user in, so that nothing that looks ahead uses it up."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from leadloop.front.openly import openly
from leadloop.platform.services import may_enter


@openly
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, user_id: int, token: str) -> HttpResponse:
    """Ask once more, then sign in and go on to the first step."""
    if not may_enter(user_id, token):
        return render(request, "setup/enter.html", {"gone": True}, status=404)
    if request.method == "POST":
        user = get_user_model().objects.get(pk=user_id)
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect("/setup")
    return render(request, "setup/enter.html", {"gone": False})
