"""Saying what a portal's sender means by its names, with a pasted body read at once."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from leadloop.capture.contracts import PortalRow
from leadloop.capture.parse.fields import label
from leadloop.capture.parse.sample import Sample, read_sample
from leadloop.capture.services import PortalIn, save_portal
from leadloop.front.access import needs, viewer_of
from leadloop.front.capture import choices
from leadloop.front.capture.portals_page import find
from leadloop.front.mistakes import words
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import by_user
from leadloop.platform.queries import company
from leadloop.platform.roles import Capability as Can

BY_ITSELF = "~"
MOST_SAMPLE, MOST_ROWS, LONGEST_KEY = 50_000, 200, 200


@require_http_methods(["GET", "POST"])
@needs(Can.PORTALS, "edit")
def mapping(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Show how a pasted body is read, and save what is said of it."""
    portal = find(portal_id)
    if request.method == "GET":
        return _page(request, portal, dict(portal.mapping), "")
    wanted, sample = _given(request.POST)
    if request.POST.get("do") != "save":
        return _page(request, portal, wanted, sample)
    try:
        save_portal(portal=_with(portal, wanted), actor=by_user(viewer_of(request).user_id), now=clock.now())
    except Invalid as wrong:
        return _page(request, portal, wanted, sample, wrong=words(wrong), status=422)
    messages.success(request, "Saved. It holds for what is read from now on.")
    return redirect(f"/portals/{portal_id}/mapping")


@require_POST
@needs(Can.PORTALS, "edit")
def preview(request: HttpRequest, portal_id: int) -> HttpResponse:
    """How the pasted body is read with what is chosen at this moment."""
    portal = find(portal_id)
    wanted, sample = _given(request.POST)
    return render(request, "capture/_mapping.html", _shown(portal, wanted, sample, _begun(request.POST)))


def _given(said: QueryDict) -> tuple[dict[str, str], str]:
    """What was chosen, by key, and the pasted body."""
    wanted: dict[str, str] = {}
    for number in range(MOST_ROWS + 1):
        key, field = one_line(said.get(f"key-{number}", ""), LONGEST_KEY), said.get(f"field-{number}", BY_ITSELF)
        if key and field != BY_ITSELF:
            wanted[key] = field
    return wanted, said.get("sample", "")[:MOST_SAMPLE]


def _begun(said: QueryDict) -> str:
    """A name that somebody types and has not said the meaning of yet."""
    number = said.get("shown", "")[:4]
    return said.get(f"key-{number}", "")[:LONGEST_KEY] if said.get(f"field-{number}") == BY_ITSELF else ""


def _page(
    request: HttpRequest, portal: PortalRow, wanted: dict[str, str], sample: str, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    context = {**_shown(portal, wanted, sample, _begun(request.POST)), "wrong": wrong, "page": "portals"}
    return render(request, "capture/mapping.html", context, status=status)


def _shown(portal: PortalRow, wanted: dict[str, str], sample: str, begun: str) -> dict[str, Any]:
    found = read_sample(portal, wanted, sample.encode(), now=clock.now()) if sample.strip() else None
    return {
        "portal": portal,
        "sample": sample,
        "rows": _rows(wanted, found),
        "begun": begun,
        "new_choices": _choices(BY_ITSELF),
        "found": found,
        "values": [{"term": label(field), "value": text} for field, text in found.values.items()] if found else [],
        "rest": [{"term": key, "value": text} for key, text in found.rest.items()] if found else [],
    }


def _rows(wanted: dict[str, str], found: Sample | None) -> list[dict[str, Any]]:
    """A row for each key of the pasted body, then for each that is mapped and not in it."""
    said = list(found.keys) if found else []
    present = {key for key, _, _ in said}
    said += [(key, "", "") for key in sorted(wanted) if key not in present]
    return [
        {
            "key": key,
            "text": text[:200],
            "choices": _choices(wanted.get(key, BY_ITSELF), means),
        }
        for key, text, means in said[:MOST_ROWS]
    ]


def _choices(chosen: str, means: str = "") -> list[dict[str, Any]]:
    by_itself = f"By its name: {label(means)}" if means else "By its name"
    return choices.selected([(BY_ITSELF, by_itself), *choices.fields()], chosen)


def _with(portal: PortalRow, wanted: dict[str, str]) -> PortalIn:
    """The portal as it is, with another mapping."""
    kept = {one.name: getattr(portal, one.name) for one in fields(PortalIn)}
    country = "" if portal.country == company().country else portal.country
    return PortalIn(**(kept | {"mapping": wanted, "country": country}))
