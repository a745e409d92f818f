"""Where in a firm somebody stands, from a title in any language that the rules have words for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from leadloop.kernel.text.fold import without_accents


class Titles:
    """Words by place in the firm, made ready. A word fits a whole word; `*` at an end stands for further letters.

    So "cto" is not found in "Director", nor "intern" in "International", while "*leiter" is found in
    "Einkaufsleiter".
    """

    MOST_KNOWN = 50_000

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._places = [(place, _pattern(some)) for place, some in words.items() if some]
        self._known: dict[str, str] = {}

    def place(self, title: str) -> str:
        """The first place of which a word stands in the title; empty when none does."""
        found = self._known.get(title)
        if found is None:
            if len(self._known) >= self.MOST_KNOWN:
                self._known.clear()
            folded = _fold(title)
            found = next((place for place, pattern in self._places if pattern.search(folded)), "")
            self._known[title] = found
        return found


def _fold(text: str) -> str:
    return without_accents(text).casefold()


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(_word(_fold(word.strip())) for word in words))


def _word(word: str) -> str:
    bare = re.escape(word.strip("*")).replace(r"\ ", r"\s+")
    before = "" if word.startswith("*") else r"(?<!\w)"
    after = "" if word.endswith("*") else r"(?!\w)"
    return f"{before}{bare}{after}"
