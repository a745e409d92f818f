"""What a landing page says: its blocks, in their order. Pure: no Django, no I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from leadloop.capture.forms.words import LANGUAGES
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import one_line
from leadloop.kernel.values import dataclass


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    TEXT = "text"
    PICTURE = "picture"
    POINTS = "points"
    QUOTE = "quote"
    QUESTIONS = "questions"
    FORM = "form"
    SPACE = "space"


MOST_BLOCKS, LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_TEXT, LONGEST_NOTE = 40, 120, 300, 5_000, 200
_SAYS = frozenset({Kind.HEADING, Kind.TEXT, Kind.POINTS, Kind.QUOTE, Kind.QUESTIONS})  # nothing without a text
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BLANK = re.compile(r"\n[ \t]*\n")
LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of a page.

    `text` is what it says: the points of a list one on each line; of questions each with its answer below it and a
    blank line before the next. `note` is who is quoted, or what a picture shows for those who can't see it. `picture`
    is the name of one that was kept, `portal_id` whose form is shown.
    """

    kind: Kind
    text: str = ""
    note: str = ""
    picture: str = ""
    portal_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """All that a page says. `description` is for search engines and for those who share it.

    `asks` whether we may remember what its reader reads; see `visits`.
    """

    title: str
    description: str = ""
    language: str = "en"
    blocks: tuple[Block, ...] = ()
    asks: bool = False

    @property
    def portal_id(self) -> int | None:
        """Whose form the page shows; None for a page without a form."""
        return next((one.portal_id for one in self.blocks if one.kind is Kind.FORM), None)


def read(kept: Mapping[str, Any]) -> Copy:
    """What a page says, from its stored form."""
    blocks = tuple(Block(**{**one, "kind": Kind(one["kind"])}) for one in kept["blocks"])
    return Copy(**{**kept, "blocks": blocks})


def written(copy: Copy) -> dict[str, Any]:
    """The form it is stored in."""
    return {**asdict(copy), "blocks": [{**asdict(one), "kind": str(one.kind)} for one in copy.blocks]}


def points(text: str) -> list[str]:
    """The points of a list."""
    return [said for line in text.splitlines() if (said := line.strip().removeprefix("- ").strip())]


def questions(text: str) -> list[tuple[str, str]]:
    """Questions with their answers."""
    parts = [part.strip() for part in _BLANK.split(text.replace("\r\n", "\n")) if part.strip()]
    return [(asked.strip(), answer.strip()) for asked, _, answer in (part.partition("\n") for part in parts)]


def check_slug(slug: str) -> None:
    """Raise Invalid for what can't stand in an address."""
    if len(slug) > LONGEST_SLUG or not _SLUG.fullmatch(slug):
        raise Invalid(
            f"“{slug}” can't stand in an address", field="slug", mend="Use small letters, digits and hyphens between"
        )


def check(copy: Copy, *, whole: bool) -> None:
    """Raise Invalid, naming field and mend, for what can't be kept; with `whole` also for what a reader would miss."""
    for field, problem, mend in _flaws(copy, whole=whole):
        raise Invalid(problem, field=field, mend=mend)


def _flaws(copy: Copy, *, whole: bool) -> Iterator[tuple[str, str, str]]:
    if not one_line(copy.title) or len(copy.title) > LONGEST_TITLE:
        yield "title", f"A page has a title of up to {LONGEST_TITLE} letters", "Write what it is about"
    if len(copy.description) > LONGEST_DESCRIPTION:
        yield "description", f"This is longer than {LONGEST_DESCRIPTION} letters", "Search engines show about 150"
    if copy.language not in LANGUAGES:
        yield "language", "There are no words in this language", f"Use one of: {', '.join(LANGUAGES)}"
    if len(copy.blocks) > MOST_BLOCKS:
        yield "blocks", f"A page has {MOST_BLOCKS} blocks at the most", "Leave some out, or make a second page"
    if sum(one.kind is Kind.FORM for one in copy.blocks) > 1:
        yield "blocks", "A page has one form", "Remove the other one"
    if whole and not copy.blocks:
        yield "blocks", "The page is empty", "Add a block"
    if whole and copy.asks and copy.portal_id is None:
        yield "blocks", "Visits belong to the portal of a form, and there is none", "Add a form, or ask nobody"
    for place, one in enumerate(copy.blocks):
        yield from _flaws_of(place, one)
        if whole:
            yield from _missing(place, one)


def _flaws_of(place: int, one: Block) -> Iterator[tuple[str, str, str]]:
    if len(one.text) > LONGEST_TEXT:
        yield f"text-{place}", f"This is longer than {LONGEST_TEXT:,} letters", "Part it into two blocks"
    if len(one.note) > LONGEST_NOTE:
        yield f"note-{place}", f"This is longer than {LONGEST_NOTE} letters", "Say it in fewer words"


def _missing(place: int, one: Block) -> Iterator[tuple[str, str, str]]:
    if one.kind in _SAYS and not one.text.strip():
        yield f"text-{place}", "This block says nothing", "Write something, or remove it"
    if one.kind is Kind.QUESTIONS and any(not answer for _, answer in questions(one.text)):
        yield f"text-{place}", "A question has no answer", "Write it on the line below the question"
    if one.kind is Kind.PICTURE and not one.picture:
        yield f"file-{place}", "There is no picture", "Choose one, or remove the block"
    if one.kind is Kind.PICTURE and not one.note.strip():
        yield f"note-{place}", "Who can't see the picture learns nothing", "Write what it shows"
    if one.kind is Kind.FORM and one.portal_id is None:
        yield f"portal-{place}", "No form is chosen", "Choose one, or remove the block"
