"""Guards for text from outside: one line where one line is meant, no formulas in sheets, no disguises."""

from __future__ import annotations

import re
import unicodedata

# Line ends of every kind and other controls; invisible and direction-changing characters.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
                        r"\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+")  # fmt: skip
_HEADER = re.compile(r"(?:[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]|%0[ad])+\s*[a-z][a-z0-9-]*\s*:", re.IGNORECASE)
_LINE_ENDS = re.compile(r"(\r\n|\r|\n)")
# Blanks and invisible characters that a spreadsheet skips before it sees a formula.
_FORMULA = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|\t")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,' \u00a0\u202f][0-9]+)*[ \u00a0]?%?|\+[0-9][0-9 ()./\u00a0-]*")
_MIXABLE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")


def one_line(text: str, limit: int = 200) -> str:
    """Return ``text`` as one trimmed line of at most ``limit`` characters.

    Line ends and other controls become a space, invisible and direction-changing characters go, and runs
    of blanks become one space. Joiners between the parts of an emoji go too.
    """
    if not (text.isascii() and text.isprintable()):
        text = _INVISIBLE.sub("", _CONTROLS.sub(" ", text))
    return " ".join(text.split())[:limit].rstrip()


def looks_like_header_injection(text: str) -> bool:
    """Tell whether ``text``, meant as one line, brings a mail or HTTP header on a further line.

    Percent-encoded line ends count. A stray line end without a header does not; ``one_line`` mends that.
    """
    return _HEADER.search(text) is not None


def csv_safe(cell: str) -> str:
    """Return a cell for export that no spreadsheet takes for a formula.

    A line that begins with = + - @ (full-width forms too, and after blanks) or a tab gets a leading
    apostrophe, and so does a cell that begins with a carriage return. Plain numbers and telephone numbers
    stay as they are. Applying it twice changes nothing more.
    """
    if not cell or (cell[0].isalnum() and cell.isprintable()):
        return cell
    parts = _LINE_ENDS.split(cell)
    safe = "".join(_safe_line(part) for part in parts)
    return f"'{safe}" if safe.startswith("\r") else safe


def csv_given(cell: str) -> str:
    """Return what a cell said before `csv_safe` guarded it, for a file of our own that comes back."""
    return "".join(_given_line(part) for part in _LINE_ENDS.split(cell)) if "'" in cell else cell


def _given_line(line: str) -> str:
    return line[1:] if line.startswith("'") and csv_safe(line[1:]) == line else line


def _safe_line(line: str) -> str:
    if _FORMULA.match(line) and not _NUMBER.fullmatch(line):
        return f"'{line}"
    return line


def has_lookalikes(text: str) -> bool:
    """Tell whether ``text`` may pose as other text: a word of mixed scripts, or hidden characters.

    A word in Latin and Cyrillic letters counts, a text of Latin and Cyrillic words does not, nor does Latin
    mixed with scripts that look unlike it.
    """
    if text.isascii():
        return False
    if _INVISIBLE.search(text):
        return True
    return any(_mixed(word) for word in re.findall(r"\w+", text) if not word.isascii())


def _mixed(word: str) -> bool:
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
    return sum(script in _MIXABLE for script in scripts) > 1
