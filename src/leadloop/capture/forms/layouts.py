"""What a form asks, in which order and words. Pure: no Django, no I/O."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlsplit

from leadloop.capture.forms.words import LANGUAGES
from leadloop.kernel import ids
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import one_line
from leadloop.kernel.values import dataclass

# What a form may ask by name; the keys are those the parser reads. All else is a question of one's own.
OFFERED = {
    "name": "Your name",
    "given_name": "First name",
    "family_name": "Last name",
    "email": "E-mail",
    "phone": "Phone",
    "company": "Company",
    "title": "Job title",
    "website": "Website",
    "industry": "Industry",
    "employees": "Employees",
    "city": "City",
    "country": "Country",
    "interest": "What is it about?",
    "budget": "Budget",
    "authority": "Who decides?",
    "need": "What do you need it for?",
    "timing": "When do you need it?",
    "message": "Message",
}
LONG = frozenset({"message"})
MOST, LONGEST, MOST_OPTIONS = 20, 120, 50
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field. With `options` one of them is chosen. `queued` ones are asked a few at a time, over several visits."""

    key: str
    label: str
    required: bool = False
    help: str = ""
    options: tuple[str, ...] = ()
    queued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A whole form. Empty texts stand for our own words in `language`; `forward` is a page that says thanks for us.

    Of the queued questions `at_once` are asked in one visit, in their order.
    """

    questions: tuple[Question, ...]
    title: str = ""
    intro: str = ""
    button: str = ""
    thanks: str = ""
    forward: str = ""
    language: str = "en"
    at_once: int = 2

    def shown(self) -> tuple[Question, ...]:
        """What a visit is asked: of the queue no more than the first few."""
        queued = [one for one in self.questions if one.queued][: self.at_once]
        return tuple(one for one in self.questions if not one.queued or one in queued)

    def without(self, answered: Collection[str]) -> Layout:
        """The form without those questions of its queue that were answered."""
        left = tuple(one for one in self.questions if not (one.queued and one.key in answered))
        return replace(self, questions=left)


STANDARD = Layout(
    questions=tuple(
        Question(key=key, label=OFFERED[key]) for key in ("name", "email", "company", "phone", "interest", "message")
    )
)


def key_of(label: str) -> str:
    """The key of a question of one's own, made from its label: a letter, then letters, digits and underscores."""
    made = ids.slug(label, 57).replace("-", "_")
    return made if not made or made[0].isalpha() else f"q_{made}"


def read(kept: Mapping[str, Any]) -> Layout:
    """A layout from its stored form."""
    questions = tuple(Question(**{**one, "options": tuple(one["options"])}) for one in kept["questions"])
    return Layout(**{**kept, "questions": questions})


def written(layout: Layout) -> dict[str, Any]:
    """The form it is stored in."""
    return asdict(layout)


def check(layout: Layout) -> None:
    """Raise Invalid, naming the field and the mend, for the first thing that keeps a form from working."""
    for field, problem, mend in _flaws(layout):
        raise Invalid(problem, field=field, mend=mend)


def _flaws(layout: Layout) -> Iterator[tuple[str, str, str]]:
    keys = [one.key for one in layout.questions]
    if not {"email", "phone"} & {one.key for one in layout.questions if not one.queued}:
        yield "questions", "Nobody could be answered", "Ask for the e-mail address or the phone number in every visit"
    if len(keys) > MOST:
        yield "questions", f"A form asks {MOST} questions at the most", "Leave some out, or let them wait in a queue"
    for place, one in enumerate(layout.questions):
        yield from _flaws_of(place, one, twice=one.key in keys[:place])
    yield from _flaws_around(layout)


def _flaws_of(place: int, one: Question, *, twice: bool) -> Iterator[tuple[str, str, str]]:
    if not one_line(one.label) or len(one.label) > LONGEST:
        yield f"label-{place}", f"A question has a text of up to {LONGEST} letters", "Write what is asked"
    if twice:
        yield f"label-{place}", f"“{one.label}” is asked twice", "Remove one of the two, or give it another text"
    if not _KEY.fullmatch(one.key):
        yield f"label-{place}", f"“{one.key}” is no name for an answer", "Use small letters, digits and underscores"
    if one.options and (len(one.options) < 2 or len(one.options) > MOST_OPTIONS):
        yield f"options-{place}", f"A choice has 2 to {MOST_OPTIONS} answers", "Write one on each line"
    if one.key in ("email", "phone") and one.options:
        yield f"options-{place}", "An address can't be chosen from a list", "Leave the answers empty"


def _flaws_around(layout: Layout) -> Iterator[tuple[str, str, str]]:
    if layout.language not in LANGUAGES:
        yield "language", "There are no words in this language", f"Use one of: {', '.join(LANGUAGES)}"
    if not 1 <= layout.at_once <= MOST:
        yield "at_once", f"1 to {MOST} questions of the queue can be asked at once", "Two are what people put up with"
    if layout.forward and not _is_web_address(layout.forward):
        yield "forward", "This is no address of a web page", "Write it like https://www.example.com/thanks"


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and text == one_line(text)
