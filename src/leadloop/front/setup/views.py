"""The steps of the first run. Each is a page of its own that can be left and taken up again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from leadloop.agreement.queries import drafts, in_force
from leadloop.front.access import needs, viewer_of
from leadloop.front.agreement.pages import draft_page
from leadloop.front.mistakes import blame
from leadloop.front.setup.forms import ColleagueForm, CompanyForm, HoursForm, KeepersForm, YouForm
from leadloop.front.setup.page import shown
from leadloop.front.system.samples import sample_panel
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid, Refused
from leadloop.ledger.contracts import by_user
from leadloop.loop import setting_up
from leadloop.loop.install import FIRST_NAME, FIRST_USER
from leadloop.platform import services
from leadloop.platform.queries import company_now, users
from leadloop.platform.roles import ROLE_LABELS, Role
from leadloop.platform.roles import Capability as Can


@require_GET
@needs(Can.SETTINGS, "edit")
def overview(request: HttpRequest) -> HttpResponse:
    """Every step with its state."""
    return shown(request, "setup/overview.html", "", {"may_sample": sample_panel(viewer_of(request)) is not None})


@require_http_methods(["GET", "POST"])
@needs(Can.SETTINGS, "edit")
def you(request: HttpRequest) -> HttpResponse:
    """Name, address and password of whoever is signed in."""
    viewer = viewer_of(request)
    email = users([viewer.user_id])[viewer.user_id].email
    form = YouForm(_sent(request), viewer=viewer, email=email, is_new=email == FIRST_USER)
    if request.method == "POST" and form.is_valid():
        given, actor, now = form.cleaned_data, by_user(viewer.user_id), clock.now()
        try:
            with transaction.atomic():
                changes = {"name": given["name"], "email": given["email"]}
                services.change_user(user_id=viewer.user_id, changes=changes, actor=actor, now=now)
                if given["password"]:
                    services.set_password(user_id=viewer.user_id, password=given["password"], actor=actor, now=now)
        except (Invalid, Conflict) as wrong:
            blame(form, wrong)
        else:
            update_session_auth_hash(request, get_user_model().objects.get(pk=viewer.user_id))
            return _next("/setup/company")
    return shown(request, "setup/form.html", "you", {"form": form, "fields": form.visible_fields()}, _status(request))


@require_http_methods(["GET", "POST"])
@needs(Can.SETTINGS, "edit")
def company(request: HttpRequest) -> HttpResponse:
    """How the company is called, where it is, what it counts in."""
    us = company_now()
    form = CompanyForm(_sent(request), us=us, is_new=us.name == FIRST_NAME)
    if request.method == "POST" and form.is_valid():
        user_id = viewer_of(request).user_id
        try:
            setting_up.save_company(form.company(), user_id=user_id, actor=by_user(user_id), now=clock.now())
        except (Invalid, Refused) as wrong:
            blame(form, wrong, company_name="name")
        else:
            return _next("/setup/hours")
    context = {"form": form, "fields": form.visible_fields()}
    return shown(request, "setup/form.html", "company", context, _status(request))


@require_http_methods(["GET", "POST"])
@needs(Can.SETTINGS, "edit")
def hours(request: HttpRequest) -> HttpResponse:
    """When people work."""
    form = HoursForm(_sent(request), calendar=setting_up.company_calendar())
    if request.method == "POST" and form.is_valid():
        given, actor = form.cleaned_data, by_user(viewer_of(request).user_id)
        try:
            setting_up.save_hours(
                form.week(), subdivision=given["subdivision"].upper(), extra=given["extra"], actor=actor,
                now=clock.now(),
            )  # fmt: skip
        except Invalid as wrong:
            blame(form, wrong, week="days")
        else:
            return _next("/setup/team")
    context = {"form": form, "choices": form["days"], "fields": form.short()}
    return shown(request, "setup/form.html", "hours", context, _status(request))


@require_http_methods(["GET", "POST"])
@needs(Can.USERS, "edit")
def team(request: HttpRequest) -> HttpResponse:
    """Who works here; a new one's password is shown this once."""
    form, plain, status = ColleagueForm(_sent(request)), "", _status(request)
    if request.method == "POST" and form.is_valid():
        try:
            user_id, plain = setting_up.add_colleague(
                **form.cleaned_data, actor=by_user(viewer_of(request).user_id), now=clock.now()
            )
        except (Invalid, Conflict) as wrong:
            blame(form, wrong)
        else:
            added, form, status = users([user_id])[user_id], ColleagueForm(), 200
            told = f"{added.name} signs in as {added.email} with this password, and changes it then. It is shown once."
            return shown(request, "setup/team.html", "team", {**_team(form), "plain": plain, "told": told})
    return shown(request, "setup/team.html", "team", _team(form), status)


def _team(form: ColleagueForm) -> dict[str, Any]:
    staff = users(active=True).values()
    rows = [{"cells": [one.name, one.email, ", ".join(ROLE_LABELS[Role(role)] for role in one.roles)]} for one in staff]
    heads = [{"label": label} for label in ("Name", "E-mail", "Roles")]
    return {"form": form, "table": {"caption": "People", "columns": heads, "rows": rows, "total": len(rows)}}


@require_http_methods(["GET", "POST"])
@needs(Can.AGREEMENT, "edit")
def agreement(request: HttpRequest) -> HttpResponse:
    """Who answers for which part; the standard text with them in it is drafted, then signed by who leads."""
    viewer, terms = viewer_of(request), in_force()
    staff = {row.id: row.name for row in users(active=True).values()}
    form = KeepersForm(_sent(request), staff=staff, keepers=_keepers(), leadership=terms.clauses.leadership)
    if request.method == "POST" and form.is_valid():
        try:
            setting_up.draft_agreement(
                form.keepers(), form.cleaned_data["leadership"], actor=by_user(viewer.user_id), now=clock.now()
            )
        except Invalid as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "Drafted. It comes into force when everybody who leads has signed.")
            return redirect("/setup/agreement")
    open_ones = [row for row in drafts() if not row.outdated]
    context: dict[str, Any] = {"form": form, "fields": form.visible_fields(), "version": terms.version}
    if open_ones:
        context |= {"draft": open_ones[0], **_signing(open_ones[0], viewer)}
    return shown(request, "setup/agreement.html", "agreement", context, _status(request))


def _signing(row: Any, viewer: Any) -> dict[str, Any]:
    found = draft_page(row, in_force(), viewer)
    return {name: found[name] for name in ("missing", "may_sign", "signatures")}


def _keepers() -> dict[str, int | None]:
    """Who answers for the parts in the text in force."""
    stages = in_force().clauses.stages
    of = {"capture": "merged", "qualification": "inquiry", "nurturing": "nurturing", "distribution": "assigned"}
    of |= {"selling": "working", "tracking": "won"}
    found: dict[str, int | None] = {part: stages[stage].keeper_id for part, stage in of.items()}
    return found | {"deputy": stages["inquiry"].deputy_id}


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _next(url: str) -> HttpResponse:
    return redirect(url)
