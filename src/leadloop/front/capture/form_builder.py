"""Building the form of a portal, and what to paste into another site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.views.decorators.http import require_http_methods

from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.forms import HostedForm, Layout, layout_of, save_layout
from leadloop.front.access import needs, viewer_of
from leadloop.front.capture.embedding import interests
from leadloop.front.capture.form_draft import builder, changed, from_page
from leadloop.front.capture.portals_page import find
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.ledger.contracts import by_user
from leadloop.platform.roles import Capability as Can


@require_http_methods(["GET", "POST"])
@needs(Can.PORTALS, "edit")
def build(request: HttpRequest, portal_id: int) -> HttpResponse:
    """What the form asks. Every button of the page sends all of it; only Save keeps it."""
    portal = find(portal_id)
    if portal.kind is not PortalKind.BROWSER:
        raise NotFound("This portal has no form", mend="Only portals for web pages have one")
    if request.method == "GET":
        return _page(request, portal, layout_of(portal_id))
    layout = from_page(request.POST)
    step = request.POST.get("do", "save")
    if step != "save":
        return _page(request, portal, changed(layout, step, request.POST.get("more", "")))
    actor = by_user(viewer_of(request).user_id)
    try:
        save_layout(portal_id=portal_id, layout=layout, actor=actor, now=clock.now())
    except Invalid as wrong:
        return _page(request, portal, layout, {wrong.field or "questions": f"{wrong.problem}. {wrong.mend}."})
    messages.success(request, "Saved. The form asks this from now on.")
    return redirect(f"/portals/{portal_id}/form")


def _page(request: HttpRequest, portal: PortalRow, layout: Layout, wrong: dict[str, str] | None = None) -> HttpResponse:
    address = f"{settings.PUBLIC_URL}/f/{portal.slug}"
    said: dict[str, Any] = {
        "portal": portal,
        "build": builder(layout, wrong or {}),
        "preview": HostedForm(portal, interests(), layout=layout).questions(),
        "snippets": _snippets(address, portal, layout),
        "address": address,
        "page": "portals",
    }
    return render(request, "capture/form_builder.html", said, status=422 if wrong else 200)


def _snippets(address: str, portal: PortalRow, layout: Layout) -> list[dict[str, str]]:
    """Ways to put the form into another site."""
    title = escape(layout.title or portal.name)
    fields = "\n".join(
        f'  <label>{escape(one.label)} <input name="{one.key}"{" required" if one.required else ""}></label>'
        for one in layout.shown()
        if not one.options and one.key != "interest"
    )
    return [
        {
            "id": "script",
            "title": "As part of the page",
            "help": "In the page's own looks. What can't be delivered is kept and sent later,"
            " and queued questions are asked over several visits.",
            "code": f'<script async src="{address}/form.js"></script>',
        },
        {
            "id": "frame",
            "title": "In a frame",
            "help": "In our looks, for pages that allow no foreign scripts.",
            "code": f'<iframe src="{address}" title="{title}" width="100%" height="720"></iframe>',
        },
        {
            "id": "plain",
            "title": "As plain HTML",
            "help": "To be changed as you like; what other names it sends is kept too.",
            "code": f'<form method="post" action="{address}">\n{fields}\n  <button>Send</button>\n</form>',
        },
        {
            "id": "personal",
            "title": "In a letter, for each recipient",
            "help": "Asks the questions of the queue that the recipient has not answered yet, by whatever way. It shows"
            " nothing of them, holds for 90 days, and then opens the form as anybody sees it.",
            "code": f"[{layout.title or portal.name}]({address}/for/{{{{person.key|anyone}}}})",
        },
        {
            "id": "visits",
            "title": "Which pages are read",
            "help": "On every page of the site. It tells nothing before a visitor allows it: call leadloop.allow()"
            " then, and leadloop.forget() when they take it back; or write data-allowed where the page asks itself.",
            "code": f'<script async src="{address}/visits.js"></script>',
        },
    ]
