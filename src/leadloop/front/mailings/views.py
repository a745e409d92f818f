"""Pages of mailings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadloop.content.services import save_template
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.mailings.forms import MailingForm, TextForm, merge_fields
from leadloop.front.mailings.page import draft_page, mailings_page, rows_page, sample, sent_page
from leadloop.front.mistakes import blame, words
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid, NotFound, Refused
from leadloop.ledger.contracts import by_user
from leadloop.mailing import services
from leadloop.mailing.contracts import State
from leadloop.mailing.queries import mailing
from leadloop.platform.roles import Capability as Can


@require_GET
@needs(Can.MAILINGS)
def mailings(request: HttpRequest) -> HttpResponse:
    """Every mailing, the newest first."""
    return render(request, "mailings/mailings.html", {**mailings_page(viewer_of(request)), "page": "mailings"})


@require_http_methods(["GET", "POST"])
@needs(Can.MAILINGS, "edit")
def new(request: HttpRequest) -> HttpResponse:
    """Draft a mailing."""
    begin = {"segment_id": request.GET.get("segment", ""), "template_key": request.GET.get("text", "")}
    form = MailingForm(request.POST if request.method == "POST" else None, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            kept = services.save(**form.cleaned_data, user_id=viewer_of(request).user_id, now=clock.now())
        except (Invalid, NotFound) as wrong:
            blame(form, wrong)
        else:
            return redirect(f"/mailings/{kept}")
    status = 422 if request.method == "POST" else 200
    return render(request, "mailings/new.html", {"form": form, "page": "mailings"}, status=status)


@require_http_methods(["GET", "POST"])
@needs(Can.CONTENT, "edit")
def text(request: HttpRequest) -> HttpResponse:
    """Write a text that can be sent; flaws in its merge fields are said at the field."""
    form = TextForm(request.POST if request.method == "POST" else None)
    user_id = viewer_of(request).user_id
    if request.method == "POST" and form.is_valid():
        try:
            save_template(**form.cleaned_data, owner_id=user_id, actor=by_user(user_id), now=clock.now())
        except (Invalid, Conflict) as wrong:
            blame(form, wrong)
        else:
            messages.success(request, f"“{form.cleaned_data['key']}” is saved.")
            return redirect(f"/mailings/new?text={form.cleaned_data['key']}")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "merge_fields": merge_fields(), "page": "mailings"}
    return render(request, "mailings/text.html", context, status=status)


@require_GET
@needs(Can.MAILINGS)
def one(request: HttpRequest, mailing_id: int) -> HttpResponse:
    """A mailing: before it is confirmed who would get it and what, afterwards what became of it."""
    return _page(request, mailing_id)


@require_GET
@needs(Can.MAILINGS)
def results(request: HttpRequest, mailing_id: int) -> HttpResponse:
    """What became of it, for the page that watches."""
    row = mailing(mailing_id)
    if row.state is State.DRAFT:
        raise NotFound("This mailing was not confirmed", mend="Open it again")
    context = {**sent_page(viewer_of(request), row, now=clock.now()), "mailing": row}
    return render(request, "mailings/_results.html", context)


@require_GET
@needs(Can.MAILINGS)
def rows(request: HttpRequest, mailing_id: int) -> HttpResponse:
    """The people behind a number."""
    asked = {key: str(value) for key, value in request.GET.items() if key != "after"}
    after = number(request.GET.get("after")) or 0
    context = rows_page(viewer_of(request), mailing(mailing_id), asked, after=after)
    return render(request, "mailings/rows.html", {**context, "page": "mailings"})


@require_POST
@needs(Can.MAILINGS, "edit")
def try_out(request: HttpRequest, mailing_id: int) -> HttpResponse:
    """Send the letter to oneself."""
    viewer, now = viewer_of(request), clock.now()
    like = sample(mailing(mailing_id), number(request.POST.get("like")), now)
    actor = by_user(viewer.user_id)
    services.try_out(mailing_id=mailing_id, like=like, user_id=viewer.user_id, actor=actor, now=now)
    messages.success(request, "A test is on its way to your own address.")
    return redirect(f"/mailings/{mailing_id}?like={like.person_id}")


@require_POST
@needs(Can.MAILINGS, "edit")
def confirm(request: HttpRequest, mailing_id: int) -> HttpResponse:
    """Send it, after the hold."""
    typed = number(request.POST.get("typed", "").replace(",", "").strip())
    try:
        services.confirm(mailing_id=mailing_id, typed=typed, user_id=viewer_of(request).user_id, now=clock.now())
    except (Invalid, Refused) as wrong:
        return _page(request, mailing_id, problem=words(wrong), status=422)
    return redirect(f"/mailings/{mailing_id}")


@require_POST
@needs(Can.MAILINGS, "edit")
def stop(request: HttpRequest, mailing_id: int) -> HttpResponse:
    """Take back what has not gone out."""
    count = services.stop(mailing_id=mailing_id, user_id=viewer_of(request).user_id, now=clock.now())
    messages.success(request, f"Stopped: {count:,} {'letter' if count == 1 else 'letters'} will not go out.")
    return redirect(f"/mailings/{mailing_id}")


def _page(request: HttpRequest, mailing_id: int, *, problem: str = "", status: int = 200) -> HttpResponse:
    viewer, row, now = viewer_of(request), mailing(mailing_id), clock.now()
    shown: dict[str, Any] = {"mailing": row, "problem": problem, "page": "mailings"}
    shown["may_edit"] = viewer.may(Can.MAILINGS, "edit")
    if row.state is State.DRAFT:
        shown |= draft_page(viewer, row, like=number(request.GET.get("like")), now=now)
        return render(request, "mailings/draft.html", shown, status=status)
    shown |= sent_page(viewer, row, now=now)
    return render(request, "mailings/mailing.html", shown, status=status)
