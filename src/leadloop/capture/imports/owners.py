"""Who an owner named in a file is here."""

from __future__ import annotations

from collections.abc import Mapping

from leadloop.capture.imports.contracts import OwnerRow
from leadloop.capture.parse.keys import words_of


class Owners:
    """Finds users by name, in either order, or by e-mail address."""

    def __init__(self, users: Mapping[str, int], chosen: Mapping[str, int], fallback: int) -> None:
        """`users` and `chosen` are ids by text, `chosen` counting more; `fallback` owns what nobody is found for."""
        self._by_email = {key.casefold(): user for key, user in users.items() if "@" in key}
        self._by_name: dict[tuple[str, ...], set[int]] = {}
        for key, user in users.items():
            if "@" not in key:
                self._by_name.setdefault(_name(key), set()).add(user)
        self._chosen, self._fallback = chosen, fallback

    def row(self, text: str, rows: int) -> OwnerRow:
        """Return who owns the leads of an owner's text. A name that two users bear is nobody's."""
        if text in self._chosen:
            return OwnerRow(text, rows, self._chosen[text], "chosen")
        if user := self._by_email.get(text.casefold()):
            return OwnerRow(text, rows, user, "email")
        named = self._by_name.get(_name(text), set())
        if len(named) == 1:
            return OwnerRow(text, rows, next(iter(named)), "name")
        return OwnerRow(text, rows, self._fallback, "fallback")


def _name(text: str) -> tuple[str, ...]:
    """Return the words of a name, whatever their order and punctuation."""
    return tuple(sorted(words_of(text)))
