"""Giving many leads to somebody: chosen rows or a whole filter, what would change, and then doing it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from leadloop.distribution.queries import pools
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number, numbers
from leadloop.front.mistakes import words
from leadloop.front.work.table import filters_of
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, NotFound, Refused
from leadloop.leads.queries import listed_ids
from leadloop.loop import commands
from leadloop.loop.commands import Plan, Target
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import users
from leadloop.platform.roles import Capability as Can

WHY = {
    "unseen": "not among those you may see",
    "barred": "you may see them but not change them",
    "closed": "they are closed",
    "same": "they are theirs already",
    "with_sales": "they are with sales already: choose a person instead",
}
OWN = ("ids", "all", "to", "csrfmiddlewaretoken")


@require_http_methods(["GET", "POST"])
@needs(Can.LEADS, "edit")
def assign(request: HttpRequest) -> HttpResponse:
    """Choose who gets them and see what would change; POST does it."""
    viewer, now = viewer_of(request), clock.now()
    asked = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(viewer, asked, now)
    target = _target(asked.get("to", ""))
    context: dict[str, Any] = {**_page(chosen, asked, target), "page": "leads"}
    if request.method == "POST" and target is not None:
        try:
            done = commands.assign_many(viewer, chosen, target=target, now=now)
        except (Invalid, NotFound, Refused) as wrong:
            context["problem"] = words(wrong)
        else:
            undo_url = f"/undo/{done.undo_id}" if done.undo_id else ""
            return render(request, "work/assigned.html", {**context, "done": done, "undo_url": undo_url})
    if target is not None and chosen:
        context |= _planned(commands.plan_assign(viewer, chosen, target=target))
    return render(request, "work/assign.html", context, status=422 if request.method == "POST" else 200)


def _chosen(viewer: Viewer, asked: QueryDict, now: datetime) -> list[int]:
    """The rows that were ticked, or everything the filters let through. Raises Invalid for too many."""
    if not asked.get("all"):
        return numbers(asked.getlist("ids"))[: commands.MOST]
    filters = filters_of({key: str(value) for key, value in asked.items() if key not in OWN})
    found = listed_ids(viewer, filters=filters, now=now, limit=commands.MOST + 1)
    if len(found) > commands.MOST:
        raise Invalid(f"More than {commands.MOST:,} leads fit", field="ids", mend="Narrow the list by a filter")
    return found


def _target(text: str) -> Target | None:
    kind, _, digits = text.partition(":")
    found = number(digits)
    if found is None or kind not in ("user", "pool"):
        return None
    return Target(user_id=found) if kind == "user" else Target(pool_id=found)


def _page(chosen: list[int], asked: QueryDict, target: Target | None) -> dict[str, Any]:
    kept = _filters(asked)
    hidden = [("all", "1"), *kept.items()] if asked.get("all") else [("ids", str(one)) for one in chosen]
    return {
        "count": len(chosen),
        "hidden": hidden,
        "to": asked.get("to", "") if target else "",
        "people": [(f"user:{row.id}", row.name) for row in users(active=True).values()],
        "pools": [(f"pool:{row.id}", row.name) for row in pools().values()],
        "back": "/leads?" + urlencode(kept) if kept else "/leads",
    }


def _filters(asked: QueryDict) -> Mapping[str, str]:
    return {key: str(value) for key, value in asked.items() if key not in OWN and value}


def _planned(plan: Plan) -> dict[str, Any]:
    return {
        "planned": True,
        "change": len(plan.change),
        "skipped_count": sum(map(len, plan.skipped.values())),
        "skipped": [{"term": WHY[why].capitalize(), "value": f"{len(ids):,}"} for why, ids in plan.skipped.items()],
    }
