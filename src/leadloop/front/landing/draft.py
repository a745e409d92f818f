"""A landing page while somebody builds it: read from what the page sends, changed one step at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.forms import LANGUAGES
from leadloop.capture.pages import Block, Copy, Kind, PageIn, PageRow
from leadloop.capture.pages.blocks import MOST_BLOCKS
from leadloop.front.asking import number
from leadloop.front.landing.words import KINDS, NOTES, TEXT_HELP
from leadloop.kernel.text import one_line

_CUT = 20_000  # far beyond what can be kept: what is a little too long comes back whole, with its error
_WRITTEN = frozenset({Kind.HEADING, Kind.TEXT, Kind.POINTS, Kind.QUOTE, Kind.QUESTIONS})


def from_page(given: Mapping[str, str]) -> PageIn:
    """What the page holds, whatever is wrong with it."""
    places = range(min(number(given.get("count")) or 0, MOST_BLOCKS + 1))
    return PageIn(
        slug=one_line(given.get("slug", "")),
        programme_id=number(given.get("programme_id")),
        copy=Copy(
            title=one_line(given.get("title", ""), 1000),
            description=one_line(given.get("description", ""), 1000),
            language=given.get("language", "en"),
            blocks=tuple(_block(given, place) for place in places),
            asks="asks" in given,
        ),
    )


def _block(given: Mapping[str, str], place: int) -> Block:
    kind = given.get(f"kind-{place}", "")
    return Block(
        kind=Kind(kind) if kind in set(Kind) else Kind.TEXT,
        text=given.get(f"text-{place}", "")[:_CUT].replace("\r\n", "\n").replace("\0", ""),
        note=one_line(given.get(f"note-{place}", ""), 1000),
        picture=one_line(given.get(f"picture-{place}", "")),
        portal_id=number(given.get(f"portal-{place}")),
    )


def changed(copy: Copy, step: str, more: str = "") -> tuple[Copy, int | None]:
    """The page after one step, and which block to go on with.

    Steps are `up:2`, `down:2`, `drop:2`, or `add` of the kind `more`.
    """
    verb, _, at = step.partition(":")
    blocks, place = list(copy.blocks), number(at) or 0
    to = place + {"up": -1, "down": 1}.get(verb, 0)
    if verb == "add" and len(blocks) < MOST_BLOCKS and more in set(Kind):
        blocks.append(Block(kind=Kind(more)))
        to = len(blocks) - 1
    elif verb == "drop" and place < len(blocks):
        del blocks[place]
        to = min(place, len(blocks) - 1)
    elif place < len(blocks) and 0 <= to < len(blocks):
        blocks[place], blocks[to] = blocks[to], blocks[place]
    else:
        return copy, None
    return replace(copy, blocks=tuple(blocks)), to if to >= 0 else None


def builder(
    row: PageRow,
    page: PageIn,
    portals: Mapping[int, PortalRow],
    wrong: Mapping[str, str],
    focus: int | None = None,
) -> dict[str, Any]:
    """Everything the builder's part of the page needs; `wrong` are errors by the name of the field."""
    forms = [one for one in portals.values() if one.kind is PortalKind.BROWSER and one.is_on]
    blocks, said = page.copy.blocks, {"blocks", "page"}
    return {
        "count": len(blocks),
        "rows": [
            _row(place, one, len(blocks), wrong, forms, focused=place == focus) for place, one in enumerate(blocks)
        ],
        "slug": page.slug,
        "slug_fixed": row.live is not None,
        "programme_id": page.programme_id,
        "copy": page.copy,
        "languages": list(LANGUAGES.items()),
        "kinds": [(str(kind), label) for kind, label in KINDS.items()],
        "errors": wrong,
        "wrong": [text for name, text in wrong.items() if name in said],
    }


def _row(
    place: int, one: Block, count: int, wrong: Mapping[str, str], forms: Sequence[PortalRow], *, focused: bool
) -> dict[str, Any]:
    return {
        "place": place,
        "block": one,
        "label": KINDS[one.kind],
        "is_written": one.kind in _WRITTEN,
        "help": TEXT_HELP.get(one.kind, ""),
        "note_label": NOTES.get(one.kind, ""),
        "lines": 8 if one.kind in (Kind.TEXT, Kind.QUESTIONS) else 4,
        "forms": forms if one.kind is Kind.FORM else [],
        "wrong": [text for name, text in wrong.items() if name.partition("-")[2] == str(place)],
        "is_first": place == 0,
        "is_last": place == count - 1,
        "focused": focused,
    }
