"""What is done with companies: changed, owned, their people's roles said, merged and parted again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.firms.forms import CompanyForm
from leadloop.front.firms.group import roles_piece
from leadloop.front.firms.merging import alike_page, merge_piece, unmerge_piece
from leadloop.front.firms.table import filters_of
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, Refused
from leadloop.loop import commands
from leadloop.loop.commands import CompanyPlan
from leadloop.people.rules.survivorship import USUAL
from leadloop.platform.roles import Capability as Can
from leadloop.selling.queries import account

_VERDICTS = {
    "never": "They are never taken for one company again.",
    "related": "Kept as two that belong together. Say which is part of the other, and it is seen on both pages.",
    "dismissed": "Left as two.",
}


@require_http_methods(["GET", "POST"])
@needs(Can.PEOPLE, "edit")
def edit(request: HttpRequest, company_id: int) -> HttpResponse:
    """The company's facts, its owner and what it is part of."""
    viewer = viewer_of(request)
    firm = account(viewer, company_id)
    form = CompanyForm(request.POST if request.method == "POST" else None, firm=firm)
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_firm(viewer, firm.id, changes=form.changes(), now=clock.now())
        except Invalid as wrong:
            name = {"parent_id": "parent"}.get(wrong.field, wrong.field)
            form.add_error(name if name in form.fields else None, f"{wrong.problem}. {wrong.mend}")
        else:
            messages.success(request, "Changed.")
            return redirect(f"/companies/{firm.id}")
    return render(request, "firms/edit.html", {"firm": firm, "form": form, "page": "companies"})


@require_http_methods(["GET", "POST"])
@needs(Can.PEOPLE, "edit")
def people(request: HttpRequest, company_id: int) -> HttpResponse:
    """Who is who in the buying group."""
    viewer = viewer_of(request)
    firm = account(viewer, company_id)
    if request.method == "POST":
        said = {number(name.removeprefix("role:")): role for name, role in request.POST.items() if name[:5] == "role:"}
        roles = {person_id: str(role) for person_id, role in said.items() if person_id is not None}
        changed = commands.say_roles(viewer, firm.id, roles=roles, now=clock.now())
        messages.success(request, f"{changed} role{'' if changed == 1 else 's'} changed.")
        return redirect(f"/companies/{firm.id}")
    context = {"firm": firm, **roles_piece(viewer, firm.id, now=clock.now()), "page": "companies"}
    return render(request, "firms/people.html", context)


@require_POST
@needs(Can.PEOPLE, "edit")
def owner(request: HttpRequest) -> HttpResponse:
    """One owner for every company that the filters of the list let through."""
    to = request.POST.get("to", "")
    if to and number(to) is None:
        raise Invalid("nobody is named", field="to", mend="Choose who looks after them")
    changed = commands.give_owner(viewer_of(request), filters_of(request.GET), owner_id=number(to), now=clock.now())
    messages.success(request, f"{changed} compan{'y has' if changed == 1 else 'ies have'} another owner now.")
    asked = request.GET.urlencode()
    return redirect(f"/companies?{asked}" if asked else "/companies")


@require_http_methods(["GET", "POST"])
@needs(Can.PEOPLE, "edit")
def alike(request: HttpRequest, company_id: int) -> HttpResponse:
    """Companies that may be this one; a verdict on one of them."""
    viewer = viewer_of(request)
    firm = account(viewer, company_id)
    if request.method == "POST":
        verdict, other_id = request.POST.get("verdict", ""), _other(request.POST.get("with", ""))
        commands.judge_firms(viewer, firm.id, other_id, verdict=verdict, now=clock.now())
        messages.success(request, _VERDICTS[verdict])
        return redirect(f"/companies/{firm.id}/alike")
    asked = request.GET.get("q", "").strip()[:200]
    context = {"firm": firm, **alike_page(firm.id, asked), "may_merge": commands.may_merge_firms(viewer)}
    return render(request, "firms/alike.html", {**context, "page": "companies"})


@require_http_methods(["GET", "POST"])
@needs(Can.PEOPLE, "edit")
def merge(request: HttpRequest, company_id: int) -> HttpResponse:
    """Two records side by side, field by field; "look" shows the plan anew, "merge" carries it out."""
    viewer, given = viewer_of(request), request.POST if request.method == "POST" else request.GET
    other_id, rule = _other(given.get("with", "")), given.get("rule", "") or USUAL
    chosen = {name.removeprefix("field:"): str(side) for name, side in given.items() if name.startswith("field:")}
    now = clock.now()
    plan = commands.plan_merge_firms(viewer, company_id, other_id, now=now, rule=rule, chosen=chosen)
    if request.method == "POST" and request.POST.get("do") == "merge":
        try:
            commands.merge_firms(viewer, company_id, other_id, rule=rule, chosen=chosen, now=now)
        except Refused as refused:
            messages.error(request, refused.problem)
            return _merge_page(request, plan, status=409)
        messages.success(request, f"{plan.survivor.name} is one company now. It can be taken back here.")
        return redirect(f"/companies/{plan.survivor.id}")
    return _merge_page(request, plan)


def _merge_page(request: HttpRequest, plan: CompanyPlan, *, status: int = 200) -> HttpResponse:
    context = {**merge_piece(plan, viewer_of(request).zone), "page": "companies"}
    return render(request, "firms/merge.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(Can.PEOPLE, "edit")
def unmerge(request: HttpRequest, company_id: int, merge_id: int) -> HttpResponse:
    """What taking a merge back would do, with a question for everything that its source does not decide."""
    viewer, now = viewer_of(request), clock.now()
    answers = {name: str(side) for name, side in request.POST.items()}
    status = 200
    if request.method == "POST":
        never = request.POST.get("never_again") == "on"
        done = commands.unmerge_firms(viewer, merge_id, answers=answers, never_again=never, now=now)
        if not done.questions:
            messages.success(request, "They are two companies again, each with what is theirs.")
            return redirect(f"/companies/{done.loser_id}")
        messages.error(request, "Nothing is changed yet: some questions are not answered.")
        status = 422
    found = commands.unmerge_firms(viewer, merge_id, answers={}, now=now, dry=True)
    context = {
        **unmerge_piece(found, answers, viewer.zone),
        "company_id": company_id,
        "merge_id": merge_id,
        "page": "companies",
    }
    return render(request, "firms/unmerge.html", context, status=status)


def _other(text: str) -> int:
    if (other_id := number(text)) is None:
        raise Invalid("it is not said with which company", field="with", mend="Choose another one on its page")
    return other_id
