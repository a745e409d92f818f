"""The frame of the first run: the steps with their states, and what comes next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leadloop.front.setup.steps import steps, waiting


def shown(request: HttpRequest, template: str, key: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A step's page, with the list of all steps beside it."""
    found = steps()
    left = waiting(found)
    frame = {
        "steps": [{"step": one, "current": one.key == key} for one in found],
        "next_step": next((one for one in left if one.key != key), None),
        "finished": not left,
        "page": "system",
    }
    return render(request, template, {**frame, **context}, status=status)
