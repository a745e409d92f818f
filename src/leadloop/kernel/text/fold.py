"""Folding of letters: accents off, for comparing and for addresses."""

from __future__ import annotations

import re
import unicodedata

# Letters that carry their stroke or ligature inside and so don't fall apart under NFKD.
_WHOLE_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "TH", "ı": "i",
        "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N", "ŧ": "t", "Ŧ": "T",
    }
)  # fmt: skip

# Only this block: marks of Indic scripts or Japanese voicing marks change the word, not its dress.
_ACCENTS = re.compile("[\u0300-\u036f]+")


def without_accents(text: str) -> str:
    """Return ``text`` with accents taken off and compatibility forms made plain: "Łódź" → "Lodz"."""
    if text.isascii():
        return text
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", bare.translate(_WHOLE_LETTERS))
