"""What every page's frame needs: who is here, and where they may go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest

from leadloop.front.access import viewer_of
from leadloop.front.nav import pages_for
from leadloop.front.notices.bell import bell
from leadloop.front.work.pins import pins
from leadloop.kernel import clock
from leadloop.platform.roles import ROLE_LABELS, Role


def shell(request: HttpRequest) -> dict[str, Any]:
    """Theme, signed-in person, the pages they may open, and the time the page was made.

    Parts of pages that htmx swaps in have no frame, so they ask for none of it.
    """
    theme = request.COOKIES.get("theme", "")
    frame: dict[str, Any] = {"theme": theme if theme in ("light", "dark") else "", "now": clock.now()}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {**frame, "may_mail": settings.CONFIG.mail() is not None}
    if request.headers.get("HX-Request"):
        return frame
    viewer = viewer_of(request)
    labels = [ROLE_LABELS[Role(role)] for role in sorted(viewer.roles)]
    me = {"id": viewer.user_id, "name": viewer.name, "role_label": labels[0] if labels else "", "url": "/me"}
    me |= {"shortcuts": getattr(user, "shortcuts", True)}
    nav = [replace(item, count=bell(viewer.user_id)) if item.key == "notices" else item for item in pages_for(viewer)]
    frame |= {"nav": nav, "pins": pins(viewer, frame["now"]), "me": me, "zone": viewer.zone}
    return {**frame, "messages": get_messages(request)}  # read, and so spent, only where a page shows them
