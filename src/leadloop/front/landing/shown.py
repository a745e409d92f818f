"""The blocks of a landing page as templates show them, to the public and to who builds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString

from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.pages import Block, Copy, Kind, Picture, measured
from leadloop.capture.pages.blocks import points, questions
from leadloop.capture.queries import portals
from leadloop.content.markup import page_html


def shown(copy: Copy) -> list[dict[str, Any]]:
    """What each block shows, in their order. One query where there are pictures."""
    names = {one.picture for one in copy.blocks if one.picture}
    known = measured(names) if names else {}
    return [_shown(one, known) for one in copy.blocks]


def _shown(one: Block, known: Mapping[str, Picture]) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "text": one.text,
        "note": one.note,
        "html": _html(one.text) if one.kind is Kind.TEXT else "",
        "points": points(one.text) if one.kind is Kind.POINTS else [],
        "questions": [(asked, _html(answer)) for asked, answer in questions(one.text)]
        if one.kind is Kind.QUESTIONS
        else [],
        "picture": known.get(one.picture),
    }


def _html(body: str) -> SafeString:
    """Every word of it was escaped where it was taken apart."""
    return SafeString(page_html(body))


def form_of(copy: Copy) -> PortalRow | None:
    """The open portal whose form the page shows; None for a page without, and while that portal is closed."""
    found = portals().get(copy.portal_id) if copy.portal_id is not None else None
    return found if found and found.is_on and found.kind is PortalKind.BROWSER else None
