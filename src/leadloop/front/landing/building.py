"""Building a landing page, and showing it to the public or to nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from leadloop.capture import pages
from leadloop.capture.forms import HostedForm, layout_of
from leadloop.capture.pages import PageIn, PageRow, State
from leadloop.capture.queries import portals
from leadloop.front.access import needs, viewer_of
from leadloop.front.capture.embedding import interests
from leadloop.front.landing.draft import builder, changed, from_page
from leadloop.front.landing.shown import form_of, shown
from leadloop.front.mistakes import words
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import by_user
from leadloop.platform.roles import Capability as Can
from leadloop.programmes.queries import programmes

Wrong = dict[str, str]
SAID = {"save": "Saved. The public reads it once it is published.", "publish": "Published."}


@require_http_methods(["GET", "POST"])
@needs(Can.PORTALS, "edit")
def build(request: HttpRequest, page_id: int) -> HttpResponse:
    """What the page says. Every button sends all of it; only Save and Publish keep it."""
    row = pages.page(page_id)
    if request.method == "GET":
        return _page(request, row, PageIn(slug=row.slug, copy=row.draft, programme_id=row.programme_id))
    given, wrong = _with_files(request, from_page(request.POST))
    step = request.POST.get("do", "save")
    if step not in SAID:
        copy, focus = changed(given.copy, step, request.POST.get("more", ""))
        return _page(request, row, replace(given, copy=copy), wrong, focus=focus)
    if not wrong and not (wrong := _kept(request, page_id, given, step)):
        messages.success(request, SAID[step])
        return redirect(f"/pages/{page_id}")
    return _page(request, pages.page(page_id), given, wrong, status=422)


@require_POST
@needs(Can.PORTALS, "edit")
def withdraw(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the page to nobody any more."""
    pages.withdraw(page_id=page_id, actor=by_user(viewer_of(request).user_id), now=clock.now())
    messages.success(request, "Taken down. Publishing brings it back.")
    return redirect(f"/pages/{page_id}")


def _kept(request: HttpRequest, page_id: int, given: PageIn, step: str) -> Wrong:
    """Keep it, and publish it where that was asked for; what is wrong by the name of its field, nothing if all is well.

    A draft that can't be published yet is kept all the same.
    """
    now = clock.now()
    try:
        pages.save_page(page=given, page_id=page_id, now=now)
        if step == "publish":
            pages.publish(page_id=page_id, actor=by_user(viewer_of(request).user_id), now=now)
    except (Invalid, Conflict) as wrong:
        return {wrong.field or "page": words(wrong)}
    return {}


def _with_files(request: HttpRequest, given: PageIn) -> tuple[PageIn, Wrong]:
    """Keep the pictures that came along, whatever the button was: a browser would not send them a second time."""
    blocks, wrong = list(given.copy.blocks), {}
    for place, block in enumerate(blocks):
        file = request.FILES.get(f"file-{place}")
        if not isinstance(file, UploadedFile) or not file.size:
            continue
        try:
            kept = pages.keep_picture(raw=file.read(pages.MOST_BYTES + 1), now=clock.now())
            blocks[place] = replace(block, picture=kept.name)
        except Invalid as refused:
            wrong[f"file-{place}"] = words(refused)
    return replace(given, copy=replace(given.copy, blocks=tuple(blocks))), wrong


def _page(
    request: HttpRequest,
    row: PageRow,
    given: PageIn,
    wrong: Wrong | None = None,
    *,
    focus: int | None = None,
    status: int = 200,
) -> HttpResponse:
    portal = form_of(given.copy)
    form = HostedForm(portal, interests(), layout=layout_of(portal.id)) if portal else None
    said: dict[str, Any] = {
        "row": row,
        "is_public": row.state is State.ON,
        "build": builder(row, given, portals(), wrong or {}, focus),
        "programmes": list(programmes().values()),
        "blocks": shown(given.copy),
        "fields": form.questions() if form else [],
        "page": "portals",
    }
    return render(request, "landing/builder.html", said, status=status)
