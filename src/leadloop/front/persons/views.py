"""Pages about who is who: a person with their merges, two records side by side, and the conflict screen."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadloop.agreement.queries import in_force
from leadloop.front.access import needs, viewer_of
from leadloop.front.persons import words
from leadloop.identity.contracts import History, MergeRow
from leadloop.identity.queries import history
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, Refused
from leadloop.leads.queries import listing
from leadloop.ledger.contracts import user_of
from leadloop.loop import commands
from leadloop.loop.commands import MergePlan
from leadloop.people.contracts import PersonRow
from leadloop.people.queries import confirmations_of, consents, own_names, people, search
from leadloop.people.rules.survivorship import USUAL
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability as Can

FOUND = 10


@require_GET
@needs(Can.PEOPLE)
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Who somebody is, under which ids, with their leads and merges; `q` looks for another record of theirs."""
    viewer = viewer_of(request)
    row = commands.seen(viewer, person_id)
    if row.id != person_id:
        return redirect(f"/persons/{row.id}")
    told, may = history(row.id), commands.may_change(viewer, row.known_as)
    asked = request.GET.get("q", "").strip()[:200]
    context = {
        "person": row,
        "detail": words.address_line(row),
        "old_ids": [one for one in told.known_as if one != row.id],
        "leads": _leads(viewer, row),
        "consents": words.consent_lines(
            consents([row.id])[row.id], confirmations_of(row.known_as), viewer.zone, clock.now()
        ),
        "merges": _merges(told, viewer, may=may),
        "never_with": [{"id": one.id, "name": one.name} for one in _seen(viewer, people(told.never_with).values())],
        "may_merge": may and not row.erased,
        "q": asked,
        "found": [_hit(one) for one in _seen(viewer, _search(asked, may=may)) if one.id != row.id],
        "page": "leads",
    }
    return render(request, "persons/person.html", context)


@require_http_methods(["GET", "POST"])
@needs(Can.PEOPLE, "edit")
def merge(request: HttpRequest, person_id: int) -> HttpResponse:
    """Two records side by side, field by field; "look" shows the plan anew, "merge" carries it out."""
    viewer, given = viewer_of(request), request.POST if request.method == "POST" else request.GET
    other_id, rule = _other(given.get("with", "")), given.get("rule", "") or USUAL
    chosen = {name.removeprefix("field:"): str(side) for name, side in given.items() if name.startswith("field:")}
    plan = commands.plan_merge(viewer, person_id, other_id, rule=rule, chosen=chosen)
    if request.method == "GET" and plan.survivor.id == plan.loser.id:
        return redirect(f"/persons/{plan.survivor.id}")
    if request.method == "POST" and request.POST.get("do") == "merge":
        try:
            merge_id = commands.merge(viewer, person_id, other_id, rule=rule, chosen=chosen, now=clock.now())
        except Refused as refused:
            messages.error(request, refused.problem)
            return _merge_page(request, plan, status=409)
        undo_url = f"/persons/{plan.survivor.id}/unmerge/{merge_id}/undo"
        messages.success(request, f"{plan.survivor.name} is one person now.", extra_tags=undo_url)
        return redirect(f"/persons/{plan.survivor.id}")
    return _merge_page(request, plan)


def _merge_page(request: HttpRequest, plan: MergePlan, *, status: int = 200) -> HttpResponse:
    zone = viewer_of(request).zone
    context = {
        "plan": plan,
        "rows": [words.offer_row(offer, zone) for offer in plan.offers],
        "rules": [{"key": key, "label": label, "chosen": key == plan.rule} for key, label in words.RULES.items()],
        "moves": words.moves_line(plan.moves),
        "against": [reason.text for reason in plan.against],
        "sides": [
            {"title": "Main record", "row": plan.survivor, "detail": words.address_line(plan.survivor)},
            {"title": "Merged into it", "row": plan.loser, "detail": words.address_line(plan.loser)},
        ],
        "page": "leads",
    }
    return render(request, "persons/merge.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(Can.PEOPLE, "edit")
def unmerge(request: HttpRequest, person_id: int, merge_id: int) -> HttpResponse:
    """What taking a merge back would do, with a question for everything that its source does not decide."""
    viewer, now = viewer_of(request), clock.now()
    if request.method == "GET":
        return _unmerge_page(request, person_id, merge_id, {})
    answers = {name: str(side) for name, side in request.POST.items()}
    never_again = request.POST.get("never_again") == "on"
    done = commands.unmerge(viewer, merge_id, answers=answers, never_again=never_again, now=now)
    if done.questions:
        messages.error(request, "Nothing is changed yet: some questions are not answered.")
        return _unmerge_page(request, person_id, merge_id, answers, status=422)
    messages.success(request, "They are two persons again, each with what is theirs.")
    if done.passed_over:
        messages.warning(request, f"{len(done.passed_over)} lead stays closed as merged: too much has changed since.")
    return redirect(f"/persons/{done.loser_id}")


@require_POST
@needs(Can.PEOPLE, "edit")
def undo(request: HttpRequest, person_id: int, merge_id: int) -> HttpResponse:
    """Take a merge back at once, as the toast offers; with something to answer first, lead to the page that asks."""
    viewer, now = viewer_of(request), clock.now()
    done = commands.unmerge(viewer, merge_id, answers={}, now=now)
    asks = f"/persons/{person_id}/unmerge/{merge_id}"
    if not done.questions:
        messages.success(request, "They are two persons again, each with what is theirs.")
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = asks if done.questions else f"/persons/{done.survivor_id}"
    return answer


def _unmerge_page(
    request: HttpRequest, person_id: int, merge_id: int, answers: dict[str, str], *, status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    plan = commands.plan_unmerge(viewer, merge_id, now=clock.now())
    own = own_names([plan.survivor_id, plan.loser_id])
    staff = names({user for one in plan.questions if (user := user_of(one.actor)) is not None})
    labels = words.labels_of(own, plan.survivor_id, plan.loser_id)
    whose = list(plan.inquiries.values())
    context = {
        "person_id": person_id,
        "merge_id": merge_id,
        "name": own.get(plan.survivor_id, ""),
        "questions": [
            words.answered(words.question_row(one, labels, staff, viewer.zone), answers) for one in plan.questions
        ],
        "since": [
            {"label": labels[side], "inquiries": whose.count(one)}
            for side, one in (("survivor", plan.survivor_id), ("loser", plan.loser_id))
            if one in whose
        ],
        "page": "leads",
    }
    return render(request, "persons/unmerge.html", context, status=status)


def _other(text: str) -> int:
    if not text.isdigit():
        raise Invalid("it is not said with whom", field="with", mend="Choose another record on the person's page")
    return int(text)


def _merges(told: History, viewer: Viewer, *, may: bool) -> list[dict[str, Any]]:
    """The merges of a person, newest first; only the newest that stands can be taken back."""
    staff = names({user for one in told.merges if (user := user_of(one.actor)) is not None})
    standing = [one.id for one in told.merges if one.undone_at is None and one.survivor_id == told.survivor_id]
    newest = max(standing, default=0)

    def url(one: MergeRow) -> str:
        open_to = may and one.id == newest and one.erased_at is None
        return f"/persons/{told.survivor_id}/unmerge/{one.id}" if open_to else ""

    return [words.merge_line(one, staff, viewer.zone, url(one)) for one in told.merges]


def _leads(viewer: Viewer, row: PersonRow) -> list[dict[str, Any]]:
    if not viewer.may(Can.LEADS, "see"):
        return []
    found, terms = listing(viewer, filters={"person": [row.id]}, limit=50, now=clock.now()).rows, in_force()
    return [{"id": lead.id, "stage": terms.label(lead.stage), "why": lead.why} for lead in found]


def _search(asked: str, *, may: bool) -> list[PersonRow]:
    return search(asked, limit=FOUND) if asked and may else []


def _seen(viewer: Viewer, found: Collection[PersonRow]) -> list[PersonRow]:
    """Those whom the viewer may see."""
    among = commands.seen_among(viewer, [one.id for one in found]) if found else set()
    return [one for one in found if one.id in among]


def _hit(row: PersonRow) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "detail": words.address_line(row)}
