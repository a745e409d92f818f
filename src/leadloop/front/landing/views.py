"""Landing pages for those who build them: the list, a new one, and what they brought."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from leadloop.capture.forms import HostedForm, layout_of
from leadloop.capture.pages import Block, Copy, Kind, PageIn, page, save_page
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.capture.embedding import interests
from leadloop.front.landing.forms import NewPage
from leadloop.front.landing.public import drawn
from leadloop.front.landing.shown import form_of
from leadloop.front.landing.tables import inquiries_page, list_page, views_page
from leadloop.front.mistakes import blame
from leadloop.front.sheets.download import linked, sent, wanted
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.platform.roles import Capability as Can


@require_GET
@needs(Can.PORTALS)
def pages(request: HttpRequest) -> HttpResponseBase:
    """Every landing page, or those of one programme, with what they brought."""
    viewer = viewer_of(request)
    shown = list_page(viewer, number(request.GET.get("programme")))
    if (asked := wanted(request)) is not None:
        return sent(request, asked, "Landing pages", Can.PORTALS, [shown["table"]])
    shown["table"] = linked(request, shown["table"], Can.PORTALS)
    may_edit = viewer.may(Can.PORTALS, "edit")
    first = {"label": "Make a page", "url": "/pages/new"} if may_edit else None
    return render(request, "landing/pages.html", {**shown, "may_edit": may_edit, "first": first, "page": "portals"})


@require_http_methods(["GET", "POST"])
@needs(Can.PORTALS, "edit")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a page: a text, and the form that was chosen."""
    form = NewPage(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(f"/pages/{save_page(page=_begun(form.cleaned_data), now=clock.now())}")
        except (Invalid, Conflict) as wrong:
            blame(form, wrong)
    status = 422 if request.method == "POST" else 200
    return render(request, "landing/new.html", {"form": form, "page": "portals"}, status=status)


def _begun(said: dict[str, Any]) -> PageIn:
    blocks = [Block(kind=Kind.TEXT), *([Block(kind=Kind.FORM, portal_id=said["form"])] if said["form"] else [])]
    copy = Copy(title=said["title"], language=said["language"], blocks=tuple(blocks))
    return PageIn(slug=said["slug"], programme_id=said["programme_id"], copy=copy)


@require_GET
@needs(Can.PORTALS)
def preview(request: HttpRequest, page_id: int) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The draft as the public would read it. Its form sends nothing, and nobody is counted."""
    row = page(page_id)
    portal = form_of(row.draft)
    form = HostedForm(portal, interests(), layout=layout_of(portal.id)) if portal else None
    answer = HttpResponse(drawn(row, row.draft, form, is_preview=True))
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@needs(Can.PORTALS)
def views_of(request: HttpRequest, page_id: int) -> HttpResponse:
    """The days behind the number of views."""
    row = page(page_id)
    return render(request, "landing/rows.html", {**views_page(row), "row": row, "page": "portals"})


@require_GET
@needs(Can.PORTALS)
def inquiries_of(request: HttpRequest, page_id: int) -> HttpResponse:
    """The inquiries behind their number."""
    row = page(page_id)
    shown = inquiries_page(row, viewer_of(request), before=number(request.GET.get("before")))
    return render(request, "landing/rows.html", {**shown, "row": row, "page": "portals"})
