"""From a heading to a field: by the portal's own mapping first, then by what others call our fields."""

from __future__ import annotations

import re
from functools import lru_cache

from leadloop.capture.parse.fields import GUARDS, OURS_ONLY, Field
from leadloop.capture.parse.synonyms import AFTER, AROUND, SAYS_LITTLE, WHOSE, phrases
from leadloop.kernel.text.fold import without_accents

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD = re.compile(r"[\W_]+")
_CUSTOM_FIELD = re.compile(r"__?c$")  # how one large CRM marks fields that its users have added
_LONGEST = 120
_SURE = "="
_FIELDS = {f"{_SURE}{field}": field for field in Field}
_MOST_KEYS = 4096


def words_of(heading: str) -> list[str]:
    """Return a heading's words, folded: "firstName" → ["first", "name"], "E-Mail *" → ["e", "mail"]."""
    plain = _CUSTOM_FIELD.sub("", without_accents(heading.strip()[:_LONGEST]))
    return _NOT_WORD.sub(" ", _HUMP.sub(" ", plain).casefold()).split()


def squash(heading: str) -> str:
    """Return a heading's letters and digits, folded; two headings that differ in dress only are equal."""
    return "".join(words_of(heading))


_KNOWN: dict[str, Field] = {}
for _phrase, _field in phrases():
    _KNOWN.setdefault(squash(_phrase), _field)


@lru_cache(maxsize=8192)
def field_of(heading: str) -> Field | None:
    """Return the field that a heading means, None when it is not known.

    Dots count as path separators of nested payloads: "contact.email" is the contact's e-mail address.
    """
    words = words_of(heading)
    while words:
        if found := _KNOWN.get("".join(words)):
            return found
        shorter = words[:-1] if len(words) > 1 and words[-1] in AFTER else None
        if shorter and (found := _KNOWN.get("".join(shorter))):
            return found
        if not _may_drop(words):
            return None
        words = words[1:]
    return None


def _may_drop(words: list[str]) -> bool:
    if words[0] in WHOSE:
        return True
    return words[0] in AROUND and "".join(words[1:]) not in SAYS_LITTLE


def sure(field: Field | str) -> str:
    """Return a key that means this field and nothing else: for readings that know, where headings must be guessed."""
    return f"{_SURE}{field}"


class Resolver:
    """Finds fields for the keys of one portal's deliveries and remembers what it found.

    `mapped` is what the portal itself says, key → field name, as it was written.
    """

    def __init__(self, mapping: tuple[tuple[str, str], ...], *, ours: bool) -> None:
        """`mapping` is the portal's own, key → field name; `ours` honours owner, status and converted."""
        self.mapped = tuple((key, name) for key, name in mapping if name)
        self._own = {squash(key): _as_field(name) for key, name in mapping}
        self._ours = ours
        self.memo: dict[str, Field | None] = {}

    def __call__(self, key: str) -> Field | None:
        """Return the field for a key, None when it is to be kept as an attribute."""
        if key in self.memo:
            return self.memo[key]
        if len(self.memo) >= _MOST_KEYS:  # keys come from outside
            self.memo.clear()
        found = self._find(key)
        self.memo[key] = found
        return found

    def _find(self, key: str) -> Field | None:
        if key in GUARDS:
            return Field(key)
        if key in _FIELDS:
            return self._allowed(_FIELDS[key])
        own = squash(key)
        leaf = squash(key.rpartition(".")[2])
        for name in (own, leaf):
            if name in self._own:
                return self._own[name]
        return self._allowed(field_of(key))

    def _allowed(self, field: Field | None) -> Field | None:
        return None if field in OURS_ONLY and not self._ours else field


def _as_field(name: str) -> Field | None:
    """Read a field's name in a mapping; what is no field of ours means: keep it as an attribute."""
    try:
        return Field(name)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def resolver(mapping: tuple[tuple[str, str], ...], *, ours: bool) -> Resolver:
    """Return the resolver of a mapping, shared by all deliveries with the same one."""
    return Resolver(mapping, ours=ours)
