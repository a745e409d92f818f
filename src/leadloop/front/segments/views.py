"""Pages of segments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.mistakes import blame
from leadloop.front.segments.draft import Draft, from_condition, from_form
from leadloop.front.segments.forms import SegmentForm
from leadloop.front.segments.page import (
    builder,
    found,
    may_see_people,
    people_files,
    people_page,
    rows_url,
    segments_page,
    sentence,
)
from leadloop.front.segments.vocabulary import Vocabulary
from leadloop.front.sheets.download import linked, sent, wanted
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import by_user
from leadloop.platform.queries import company, names
from leadloop.platform.roles import Capability as Can
from leadloop.segments import services
from leadloop.segments.contracts import NewSegment, SegmentRow, Subject
from leadloop.segments.queries import segment


@require_GET
@needs(Can.SEGMENTS)
def segments(request: HttpRequest) -> HttpResponseBase:
    """Every segment in use."""
    shown = segments_page(viewer_of(request))
    if (asked := wanted(request)) is not None:
        return sent(request, asked, "Segments", Can.SEGMENTS, [shown["table"]])
    shown["table"] = linked(request, shown["table"], Can.SEGMENTS)
    return render(request, "segments/segments.html", {**shown, "page": "segments"})


@require_GET
@needs(Can.SEGMENTS)
def one(request: HttpRequest, segment_id: int) -> HttpResponse:
    """One segment: what it is in words, how many are in it now, some of them."""
    viewer, row = viewer_of(request), segment(segment_id)
    visible = row.subject is Subject.LEAD or may_see_people(viewer)
    context = {
        "segment": row,
        "sentence": sentence(row.criteria, Vocabulary(str(row.subject))),
        "owner": names({row.owner_id}).get(row.owner_id, ""),
        "found": found(viewer, row.subject, row.criteria, now=clock.now()) if visible else None,
        "rows_url": rows_url(row),
        "may_edit": viewer.may(Can.SEGMENTS, "edit") and row.archived_at is None,
        "may_write": viewer.may(Can.MAILINGS, "edit") and row.archived_at is None,
        "page": "segments",
    }
    return render(request, "segments/segment.html", context)


@require_GET
@needs(Can.SEGMENTS)
def people(request: HttpRequest, segment_id: int) -> HttpResponseBase:
    """The rows of a segment of people."""
    viewer, row, now = viewer_of(request), segment(segment_id), clock.now()
    if (asked := wanted(request)) is not None and row.subject is Subject.PERSON:
        return sent(request, asked, "People", Can.PEOPLE, people_files(viewer, row, now=now))
    context = people_page(viewer, row, after=number(request.GET.get("after")) or 0, now=now)
    context["table"] = linked(request, context["table"], Can.PEOPLE)
    return render(request, "segments/people.html", {**context, "page": "segments"})


@require_POST
@needs(Can.SEGMENTS, "edit")
def draft(request: HttpRequest) -> HttpResponse:
    """The conditions as they are now, with what they find: what a change in the form brings back."""
    subject = _subject(request)
    drafted = from_form(request.POST, Vocabulary(str(subject)))
    context = builder(viewer_of(request), subject, drafted, now=clock.now())
    return render(request, "segments/_builder.html", context)


@require_http_methods(["GET", "POST"])
@needs(Can.SEGMENTS, "edit")
def new(request: HttpRequest) -> HttpResponse:
    """Make a segment."""
    if request.method == "GET":
        subject = _subject(request)
        form = SegmentForm(initial={"owner_id": viewer_of(request).user_id})
        return _edit(request, subject, Draft(), form, None)
    return _saved(request, None)


@require_http_methods(["GET", "POST"])
@needs(Can.SEGMENTS, "edit")
def edit(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Change a segment."""
    row = segment(segment_id)
    if request.method == "POST":
        return _saved(request, row)
    known = Vocabulary(str(row.subject))
    drafted = from_condition(row.criteria, known, currency=company().currency)
    if drafted is None:
        messages.error(request, "Its conditions go deeper than this page can show; they were made by a program.")
        return redirect(f"/segments/{segment_id}")
    form = SegmentForm(initial={"name": row.name, "owner_id": row.owner_id, "note": row.note})
    return _edit(request, row.subject, drafted, form, row)


@require_POST
@needs(Can.SEGMENTS, "edit")
def archive(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Put a segment away."""
    services.archive(segment_id=segment_id, actor=by_user(viewer_of(request).user_id), now=clock.now())
    messages.success(request, f"“{segment(segment_id).name}” is put away.")
    return redirect("/segments")


def _saved(request: HttpRequest, row: SegmentRow | None) -> HttpResponse:
    """Save what was sent; where something is missing or a button changed the rows, show the form again."""
    viewer, now = viewer_of(request), clock.now()
    subject = row.subject if row else _subject(request)
    drafted = from_form(request.POST, Vocabulary(str(subject)))
    form = SegmentForm(request.POST)
    if request.POST.get("do"):
        return _edit(request, subject, drafted, form, row)
    shown = builder(viewer, subject, drafted, now=now, told=True)
    if form.is_valid() and drafted.is_whole and shown["asks"]:
        wanted = NewSegment(**form.cleaned_data, subject=subject, criteria=shown["criteria"])
        try:
            kept = services.save(
                segment=wanted, segment_id=row.id if row else None, actor=by_user(viewer.user_id), now=now
            )
        except (Invalid, Conflict) as wrong:
            blame(form, wrong)
        else:
            messages.success(request, f"“{wanted.name}” is saved.")
            return redirect(f"/segments/{kept}")
    return _edit(request, subject, drafted, form, row, shown=shown, status=422)


def _edit(
    request: HttpRequest,
    subject: Subject,
    drafted: Draft,
    form: SegmentForm,
    row: SegmentRow | None,
    *,
    shown: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = shown or builder(viewer_of(request), subject, drafted, now=clock.now())
    title = f"Change “{row.name}”" if row else "New segment"
    back = f"/segments/{row.id}" if row else "/segments"
    context = {**context, "form": form, "segment": row, "title": title, "back": back, "page": "segments"}
    return render(request, "segments/edit.html", context, status=status)


def _subject(request: HttpRequest) -> Subject:
    asked = (request.POST if request.method == "POST" else request.GET).get("subject", "")
    return Subject(asked) if asked in set(Subject) else Subject.LEAD
