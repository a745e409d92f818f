"""A form while somebody builds it: read from what the page sends, changed one step at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from leadloop.capture.forms import LANGUAGES, OFFERED, Layout, Question
from leadloop.capture.forms.layouts import MOST, key_of
from leadloop.front.asking import number
from leadloop.kernel.text import one_line

OWN = "own"
TEXTS = {
    "title": "Title", "intro": "Words on top", "button": "Words on the button", "thanks": "Thanks",
    "forward": "Page that says thanks",
}  # fmt: skip
HELP = {
    "title": "Empty: “Write to” and the company's name.",
    "intro": "Empty: by when somebody answers.",
    "forward": "Empty: ours, which says who answers by when.",
}


def from_page(given: Mapping[str, str]) -> Layout:
    """What the page holds, whatever is wrong with it."""
    places = range(min(number(given.get("count")) or 0, MOST + 1))
    texts = {name: one_line(given.get(name, ""), 1000) for name in TEXTS}
    return Layout(
        questions=tuple(_question(given, place) for place in places),
        language=given.get("language", "en"),
        at_once=number(given.get("at_once")) or 0,
        **texts,
    )


def _question(given: Mapping[str, str], place: int) -> Question:
    label = one_line(given.get(f"label-{place}", ""), 200)
    key = given.get(f"key-{place}", "")
    lines = given.get(f"options-{place}", "").splitlines()
    return Question(
        key=key if key in OFFERED else key_of(label),
        label=label,
        help=one_line(given.get(f"help-{place}", ""), 300),
        required=f"required-{place}" in given,
        queued=f"queued-{place}" in given,
        options=tuple(dict.fromkeys(text for line in lines if (text := one_line(line, 120)))),
    )


def changed(layout: Layout, step: str, more: str = "") -> Layout:
    """The form after one step: `up:2`, `down:2`, `drop:2`, or `add` for the question named by `more`."""
    verb, _, at = step.partition(":")
    questions = list(layout.questions)
    place = number(at) or 0
    if verb == "add" and len(questions) < MOST:
        questions.append(Question(key=more if more in OFFERED else "", label=OFFERED.get(more, "")))
    elif verb == "drop" and place < len(questions):
        del questions[place]
    elif (to := place + {"up": -1, "down": 1}.get(verb, 0)) in range(len(questions)) and place < len(questions):
        questions[place], questions[to] = questions[to], questions[place]
    return replace(layout, questions=tuple(questions))


def builder(layout: Layout, wrong: Mapping[str, str]) -> dict[str, Any]:
    """Everything the builder's part of the page needs; `wrong` are errors by the name of the field."""
    taken = {one.key for one in layout.questions}
    last = len(layout.questions) - 1
    return {
        "count": len(layout.questions),
        "rows": [
            {
                "place": place,
                "question": one,
                "options": "\n".join(one.options),
                "may_choose": one.key not in ("email", "phone", "interest", "message"),
                "wrong": [text for name, text in wrong.items() if name.partition("-")[2] == str(place)],
                "is_first": place == 0,
                "is_last": place == last,
            }
            for place, one in enumerate(layout.questions)
        ],
        "texts": [
            (name, label, getattr(layout, name), HELP.get(name, ""), wrong.get(name, ""))
            for name, label in TEXTS.items()
        ],
        "languages": list(LANGUAGES.items()),
        "language": layout.language,
        "at_once": layout.at_once,
        "offered": [(key, label) for key, label in OFFERED.items() if key not in taken],
        "own": OWN,
        "wrong": [text for name, text in wrong.items() if name in ("questions", "at_once", "language")],
    }
