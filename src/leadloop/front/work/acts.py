"""Buttons of the record: each posts to one command, and the answer is the record as it is then, with an undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from leadloop.agreement.contracts import ReasonUse
from leadloop.agreement.queries import in_force
from leadloop.front.access import everybody, needs, viewer_of
from leadloop.front.work.forms import AssignForm, LogForm, NoteForm, ReasonForm, SnoozeForm
from leadloop.front.work.record import record_of
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.loop import commands
from leadloop.loop.commands import Done
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import users
from leadloop.platform.roles import Capability as Can
from leadloop.selling.contracts import ActivityIn, ActivityKind

Command = Callable[[Viewer, forms.Form], Done]


LOGGED = ("call", "mail", "meeting", "social")


def answer(request: HttpRequest, done: Done, lead_id: int) -> HttpResponse:
    """The toast with its undo, and the record as it stands now."""
    viewer, now = viewer_of(request), clock.now()
    try:
        shown = record_of(viewer, lead_id, terms=in_force(), now=now)
    except NotFound:
        shown = None  # given away to somebody outside the viewer's reach
    mine = shown is not None and shown["lead"].owner_id == viewer.user_id and shown["lead"].closed_at is None
    context = {"record": shown, "gone": not mine, "row_id": f"lead-{lead_id}", "now": now}
    return told(request, done, context)


def told(request: HttpRequest, done: Done, context: dict[str, Any]) -> HttpResponse:
    """The toast that says what was done, with its way back."""
    undo_url = f"/undo/{done.undo_id}" if done.undo_id else ""
    return render(request, "work/_done.html", {**context, "done": done, "undo_url": undo_url})


@require_POST
@needs(Can.LEADS, "edit")
def accept(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Take the lead on."""
    return answer(request, commands.accept(viewer_of(request), [lead_id], now=clock.now()), lead_id)


@require_POST
@needs(Can.LEADS, "edit")
def qualify(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Judge the lead ready for sales."""
    return answer(request, commands.qualify(viewer_of(request), [lead_id], now=clock.now()), lead_id)


@require_POST
@everybody
def undo(request: HttpRequest, undo_id: int) -> HttpResponse:
    """Take one's own last step back."""
    done = commands.undo(viewer_of(request), undo_id, now=clock.now())
    if len(done.lead_ids) == 1:
        return answer(request, done, done.lead_ids[0])
    return told(request, done, {"record": None})


@require_POST
@needs(Can.ACTIVITIES, "edit")
def note(request: HttpRequest, lead_id: int) -> HttpResponse:
    """A note from the composer."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise Invalid("There is nothing to save", field="note", mend="Write what you learned")
    what = ActivityIn(lead_id=lead_id, kind=ActivityKind.NOTE, note=form.cleaned_data["text"])
    return answer(request, commands.log(viewer_of(request), what, now=clock.now()), lead_id)


def sheet(
    request: HttpRequest, lead_id: int, form: forms.Form, *, title: str, label: str, act: Command
) -> HttpResponse:
    """Show a form in a sheet on GET, carry it out on POST; a mistake shows the sheet again with its words."""
    viewer = viewer_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            return answer(request, act(viewer, form), lead_id)
        except Invalid as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, f"{wrong.problem}. {wrong.mend}")
    action = {"url": request.path, "label": label, "target": "#toasts"}
    context: dict[str, Any] = {"id": "sheet", "title": title, "form": form, "action": action}
    return render(request, "work/_sheet.html", context, status=422 if request.method == "POST" else 200)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "POST"])
@needs(Can.ACTIVITIES, "edit")
def log(request: HttpRequest, lead_id: int, kind: str) -> HttpResponse:
    """Log a call, mail, meeting or social touch."""
    if kind not in LOGGED:
        raise NotFound(f"There is nothing called {kind} to log", field="kind")
    what = ActivityKind(kind)
    form = LogForm(_data(request), kind=what, viewer=viewer_of(request), now=clock.now())

    def act(viewer: Viewer, filled: forms.Form) -> Done:
        assert isinstance(filled, LogForm)
        return commands.log(viewer, filled.activity(lead_id), now=clock.now())

    return sheet(request, lead_id, form, title=f"Log a {kind}", label=f"Log {kind}", act=act)


def _reasoned(use: ReasonUse, title: str, label: str, command: Callable[..., Done]) -> Callable[..., HttpResponse]:
    @require_http_methods(["GET", "POST"])
    @needs(Can.LEADS, "edit")
    def view(request: HttpRequest, lead_id: int) -> HttpResponse:
        form = ReasonForm(_data(request), terms=in_force(), use=use)

        def act(viewer: Viewer, filled: forms.Form) -> Done:
            return command(viewer, [lead_id], reason=filled.cleaned_data["reason"], now=clock.now())

        return sheet(request, lead_id, form, title=title, label=label, act=act)

    return view


reject = _reasoned("reject", "Give the lead back", "Give back", commands.reject)
recycle = _reasoned("recycle", "Put back to nurturing", "Recycle", commands.recycle)
disqualify = _reasoned("disqualify", "Disqualify the lead", "Disqualify", commands.disqualify)


@require_http_methods(["GET", "POST"])
@needs(Can.LEADS, "edit")
def snooze(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Put off what is due next."""
    form = SnoozeForm(_data(request), viewer=viewer_of(request), now=clock.now())

    def act(viewer: Viewer, filled: forms.Form) -> Done:
        return commands.snooze(viewer, [lead_id], until=filled.cleaned_data["until"], now=clock.now())

    return sheet(request, lead_id, form, title="Put off", label="Snooze", act=act)


@require_http_methods(["GET", "POST"])
@needs(Can.LEADS, "edit")
def assign(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Give the lead to somebody by name."""
    staff = {user.id: user.name for user in users(active=True).values()}
    form = AssignForm(_data(request), people=staff)

    def act(viewer: Viewer, filled: forms.Form) -> Done:
        return commands.assign(viewer, [lead_id], user_id=int(filled.cleaned_data["user_id"]), now=clock.now())

    return sheet(request, lead_id, form, title="Give it to somebody", label="Assign", act=act)
