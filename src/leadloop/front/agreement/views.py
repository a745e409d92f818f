"""Reading, drafting and signing the agreement."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadloop.agreement import services
from leadloop.agreement.contracts import Clauses
from leadloop.agreement.queries import draft as one_draft
from leadloop.agreement.queries import drafts, history, in_force
from leadloop.agreement.reading import changed
from leadloop.front.access import needs, viewer_of
from leadloop.front.agreement.forms import DraftForm
from leadloop.front.agreement.pages import draft_page, in_force_page
from leadloop.front.asking import number
from leadloop.front.mistakes import blame
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_user
from leadloop.platform.queries import users
from leadloop.platform.roles import Capability as Can

FIRST_RUN = "/setup/agreement"


@require_GET
@needs(Can.AGREEMENT)
def agreement(request: HttpRequest) -> HttpResponse:
    """The version in force, as text."""
    viewer = viewer_of(request)
    context = in_force_page(in_force(), history(), drafts(), viewer.zone)
    may_edit = viewer.may(Can.AGREEMENT, "edit")
    return render(request, "agreement/agreement.html", {**context, "may_edit": may_edit, "page": "agreement"})


@require_GET
@needs(Can.AGREEMENT)
def version(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """One draft or version, with what it changes and who has yet to sign."""
    viewer = viewer_of(request)
    context = draft_page(one_draft(agreement_id), in_force(), viewer)
    may_edit = viewer.may(Can.AGREEMENT, "edit")
    return render(request, "agreement/version.html", {**context, "may_edit": may_edit, "page": "agreement"})


@require_http_methods(["GET", "POST"])
@needs(Can.AGREEMENT, "edit")
def draft(request: HttpRequest) -> HttpResponse:
    """Write a draft, beginning from the version in force or (`?from=`) from another draft."""
    base = _base(request.GET.get("from", ""))
    staff = {row.id: row.name for row in users(active=True).values()}
    form = DraftForm(request.POST if request.method == "POST" else None, clauses=base, staff=staff)
    if request.method == "POST" and form.is_valid():
        draft_id = _propose(form, viewer_of(request).user_id)
        if draft_id is not None:
            messages.success(request, "Draft written. Nothing changes until it is signed.")
            return redirect(f"/agreement/{draft_id}")
    status = 422 if request.method == "POST" else 200
    return render(request, "agreement/draft.html", {"form": form, "page": "agreement"}, status=status)


def _base(asked: str) -> Clauses:
    draft_id = number(asked)
    return in_force().clauses if draft_id is None else one_draft(draft_id).clauses


def _propose(form: DraftForm, user_id: int) -> int | None:
    """The new draft's id; None when the form says what is wrong with it."""
    try:
        text = changed(form.clauses, form.changes())
        for problem in services.unsound(text):
            blame(form, Invalid(problem.problem, field=problem.clause, mend=problem.mend))
        if text == in_force().clauses:
            form.add_error(None, "Nothing differs from the version in force. Change something first.")
        if form.errors:
            return None
        return services.propose(clauses=text, note=form.cleaned_data["note"], actor=by_user(user_id), now=clock.now())
    except Invalid as wrong:
        blame(form, wrong)
        return None


@require_POST
@needs(Can.AGREEMENT, "edit")
def sign(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Sign in one capacity; the last signature puts the draft in force."""
    signed = services.sign(
        draft_id=agreement_id,
        capacity=request.POST.get("capacity", ""),
        actor=by_user(viewer_of(request).user_id),
        now=clock.now(),
    )
    back = FIRST_RUN if request.POST.get("back") == FIRST_RUN else ""
    if signed is None:
        messages.success(request, "Signed. It comes into force with the signature that is missing.")
        return redirect(back or f"/agreement/{agreement_id}")
    messages.success(request, f"Signed. Version {signed} is in force.")
    return redirect(back or "/agreement")
