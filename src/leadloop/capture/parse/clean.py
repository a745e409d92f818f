"""Values from outside made fit to keep: one line where one is meant, nothing that fills in for nothing."""

from __future__ import annotations

import re

from leadloop.kernel.text import looks_like_header_injection, one_line

# What people and forms write where they have nothing to say. Compared in lower case.
_FILLERS = """
    - | -- | --- | — | – | . | .. | * | ? | / | n/a | n.a. | #n/a | na/na | null | nil | none | nan | undefined | select
    | -none- | --none-- | -- none -- | (none) | (blank) | please select | select one | choose one | please choose
    | - select - | -- select -- | not provided | not set | not available | not applicable | no value
    | [object object] | bitte wählen | bitte auswählen | keine angabe | veuillez choisir | seleccione
"""
BLANKS = frozenset(" ".join(_FILLERS.split()).split(" | "))
LONGEST_BLANK = max(map(len, BLANKS))
NAMES_THAT_LOOK_BLANK = frozenset({"Null", "None", "Nan"})  # real names; programs write them in one case
_LINE_END = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]|%0[ad]", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")
_SHORT, _LONG = 200, 10_000


def is_blank(text: str) -> bool:
    """Tell whether a trimmed text says nothing: empty, or a filler such as "Select" or "n/a"."""
    return not text or (len(text) <= LONGEST_BLANK and text.casefold() in BLANKS)


def line(text: str, limit: int = _SHORT) -> str:
    """Return one clean line; whatever a mail or HTTP header could be smuggled in with is cut off."""
    # Below the combining marks, whatever is printable is visible too.
    if (text.isascii() or max(text) < "\u0300") and text.isprintable() and "%0" not in text:
        if len(text) > limit or "  " in text:
            return " ".join(text.split())[:limit].rstrip()
        return text.strip()
    if looks_like_header_injection(text):
        text = _LINE_END.split(text.strip(), maxsplit=1)[0]
    return one_line(text, limit)


def lines(text: str, limit: int = _LONG) -> str:
    """Return text that may have several lines, with sound line ends and without other controls."""
    if not text.isprintable():
        text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip()[:limit].rstrip()
