"""What can be chosen on the page that shows how a file was understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadloop.agreement.contracts import Terms
from leadloop.capture.imports.dialect import DELIMITERS
from leadloop.capture.parse.fields import Field, label
from leadloop.leads.contracts import OPEN_STAGES, Stage

Choices = list[tuple[str, str]]

ENCODINGS = ("utf-8", "cp1252", "cp1250", "cp1251", "mac_roman", "utf-16", "cp932", "gb18030")
DELIMITER_NAMES = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar"}
KEPT = "Keep as an attribute"
_INTERNAL = (Field.TRAP, Field.ELAPSED, Field.IGNORE, Field.CONSENT_WORDING)


def fields() -> Choices:
    """Where a column can go: the fields by name, after keeping it as it is and leaving it out."""
    named = sorted((label(field), str(field)) for field in Field if field not in _INTERNAL)
    return [("", KEPT), (str(Field.IGNORE), label(Field.IGNORE)), *((key, words) for words, key in named)]


def encodings(found: str) -> Choices:
    """Encodings, with the one that was found."""
    return [(name, name.replace("_", " ").upper()) for name in dict.fromkeys((found, *ENCODINGS))]


def delimiters(found: str) -> Choices:
    """Delimiters, with the one that was found."""
    return [(sign, DELIMITER_NAMES.get(sign, sign)) for sign in dict.fromkeys((found, *DELIMITERS))]


def standings(terms: Terms, used: Iterable[str]) -> Choices:
    """Where a lead of another system may stand here, written as options are; those in use are among them."""
    choices: Choices = [("", "A new inquiry")]
    choices += [(str(stage), terms.label(stage)) for stage in OPEN_STAGES if stage is not Stage.INQUIRY]
    choices.append(("won/imported_won", terms.label(Stage.WON)))
    for stage, use in ((Stage.LOST, "lose"), (Stage.DISQUALIFIED, "disqualify")):
        reasons = terms.reasons_for(use)  # type: ignore[arg-type]  # the two uses above
        choices += [(f"{stage}/{code}", f"{terms.label(stage)}: {words}") for code, words in reasons.items()]
    known = {key for key, _ in choices}
    return [*choices, *((key, key.replace("/", ": ")) for key in dict.fromkeys(used) if key not in known)]


def target(stage: str | None, closed_as: str | None, reason: str) -> str:
    """A standing in the writing of options."""
    return stage or (f"{closed_as}/{reason}" if closed_as else "")


def selected(choices: Sequence[tuple[str, str]], value: str) -> list[dict[str, object]]:
    """Choices for `capture/_select.html`."""
    return [{"value": key, "words": words, "chosen": key == value} for key, words in choices]
