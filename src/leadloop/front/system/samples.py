"""Sample data: an invented company to look around in, asked for and removed in one click."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.front.access import needs, viewer_of
from leadloop.front.cells import heads
from leadloop.kernel.errors import Conflict, Unavailable
from leadloop.loop import sample as beside
from leadloop.loop.sample import Sample, State
from leadloop.platform.config import load as config
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability as Can

PAGE = "/system#sample"
GOING = (State.BUILDING, State.LEAVING)


def sample_panel(viewer: Viewer) -> dict[str, Any] | None:
    """What the panel needs; None for who may not ask for it, and where nobody would build it."""
    if not viewer.may(Can.SYSTEM, "edit") or not beside.available(config()):
        return None
    found = beside.sample(config())
    return {
        "state": str(found.state),
        "going": found.state in GOING,
        "percent": int(found.share * 100),
        "shown": f"{found.share:.0%}",
        "address": found.address,
        "people": _people(found),
    }


def _people(found: Sample) -> dict[str, Any]:
    return {
        "caption": "Who can sign in to the sample company",
        "columns": heads("Role", "E-mail", "Password"),
        "rows": [
            {"cells": [one.role, *({"text": words, "whole": True} for words in (one.email, one.password))]}
            for one in found.people
        ],
    }


@require_GET
@needs(Can.SYSTEM, "edit")
def shown(request: HttpRequest) -> HttpResponse:
    """The panel alone, asked for again while it is being built."""
    return render(request, "system/_sample.html", {"sample": sample_panel(viewer_of(request))})


@require_POST
@needs(Can.SYSTEM, "edit")
def load(request: HttpRequest) -> HttpResponse:
    """Have it built."""
    try:
        beside.load(config())
        messages.success(request, "The sample company is being built. Yours stays as it is.")
    except (Conflict, Unavailable) as error:
        messages.error(request, str(error))
    return redirect(PAGE)


@require_POST
@needs(Can.SYSTEM, "edit")
def remove(request: HttpRequest) -> HttpResponse:
    """Have it deleted, with everything that was done in it."""
    beside.remove(config())
    messages.success(request, "The sample company goes. Yours stays as it is.")
    return redirect(PAGE)
