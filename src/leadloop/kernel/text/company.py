"""Names of firms: a key under which the spellings of one firm meet."""

from __future__ import annotations

import re
from functools import lru_cache

from cleanco.clean import get_unique_terms

from leadloop.kernel.text.fold import without_accents
from leadloop.kernel.text.guard import one_line

_LONGEST = 200
_APOSTROPHES = re.compile("['’‘`´]")
_NOT_WORD = re.compile(r"[\W_]+")
_LETTERS_APART = re.compile(r"\b\w(?: \w\b)+")
_AND = {"und": "and", "et": "and"}
# What the list of legal forms holds though it mostly is a place, a word or a proper part of a name.
_NOT_FORMS = frozenset({"uk", "at", "ok", "nl", "et", "da", "sf", "ps", "private"})
_MORE_FORMS = """
    ag & co. kg, ag & co. kgaa, bv, cie, co. kg, co. ltd., cooperative, cv, e.g., e.k., ev, gmbh, gmbh & co.,
    gmbh & co. kgaa, haftungsbeschränkt, kft, kk, lda, ltée, mbb, mbh, nv, pjsc, private limited, pte, pty,
    publ, pvt, pvt limited, pvt ltd, rt, s. r.l., sa de cv, sas, se, sl, slu, sp. z oo, sro, doo, spa, srl,
    ug, ug haftungsbeschränkt, zrt, ооо, оао, зао, пао, ао, ип, тов
"""
_ARTICLE = frozenset({"the"})
# What else stands before the name: legal forms, where the country does so.
_LEADING = _ARTICLE | {
    "ao", "ooo", "oao", "zao", "pao", "ооо", "оао", "зао", "пао", "ао", "ип", "тов", "pt", "as", "ab"
}  # fmt: skip
_GLUED_FORMS = re.compile(
    "株式会社|有限会社|合同会社|合資会社|股份有限公司|有限责任公司|有限公司|주식회사|유한회사|[(（](?:株|有|주|유)[)）]"
)


def _words(name: str) -> list[str]:
    """Return the folded words of a name; single letters in a row ("S. p. A.", "A B") make one word."""
    plain = _APOSTROPHES.sub("", without_accents(name).casefold())
    spaced = _NOT_WORD.sub(" ", plain.replace("&", " and ").replace("+", " and ")).strip()
    joined = _LETTERS_APART.sub(lambda letters: letters[0].replace(" ", ""), spaced)
    return [_AND.get(word, word) for word in joined.split()]


def _forms() -> frozenset[tuple[str, ...]]:
    """Return every known legal form as the words it folds to."""
    known = {tuple(_words(form)) for form in get_unique_terms() if form.strip() not in _NOT_FORMS}
    return frozenset(known | {tuple(_words(form)) for form in _MORE_FORMS.split(",")})


_FORMS = _forms()
_LONGEST_FORM = max(map(len, _FORMS))


@lru_cache(maxsize=32768)
def company_key(name: str) -> str:
    """Return the key of a firm's name: "Müller & Söhne GmbH & Co. KG" → "muller and sohne".

    Case, accents, punctuation, a leading "the" and the legal form are taken away, "&" and "und" read "and".
    A name that is nothing but a legal form keeps it. Empty when there is no letter or digit at all. Equal
    keys suggest the same firm and don't prove it; other spellings of umlauts (Mueller) are not joined.
    """
    line = one_line(name, _LONGEST)
    words = _words(_GLUED_FORMS.sub(" ", line)) or _words(line)
    words = _without_leading(words, _ARTICLE)
    return " ".join(_without_leading(_without_trailing_forms(words), _LEADING))


def _without_leading(words: list[str], known: frozenset[str]) -> list[str]:
    """Take known words off the front for as long as a name remains."""
    while len(words) > 1 and words[0] in known:
        words = words[1:]
    return words


def _without_trailing_forms(words: list[str]) -> list[str]:
    """Take legal forms off the end, the longest first, for as long as a name remains."""
    stripped = True
    while stripped:
        stripped = False
        for size in range(min(_LONGEST_FORM, len(words) - 1), 0, -1):
            if tuple(words[-size:]) in _FORMS:
                words = words[:-size]
                stripped = True
                break
        if stripped and len(words) > 1 and words[-1] == "and":
            words = words[:-1]
    return words
