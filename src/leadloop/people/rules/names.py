"""How a person is called and found."""

from __future__ import annotations

from collections.abc import Iterable

from leadloop.kernel.text.fold import without_accents

NO_NAME = "No name"
ERASED = "Erased person"
_LONGEST = 1000  # of the search text: names and addresses are short, this only stops abuse


def display_name(given: str, family: str, email: str) -> str:
    """Return "given family", else the e-mail's local part, else "No name"."""
    return f"{given} {family}".strip() or email.partition("@")[0].strip() or NO_NAME


def folded(text: str) -> str:
    """Return text as it is searched and compared: no case, no accents."""
    return without_accents(text).casefold()


def search_text(given: str, family: str, norms: Iterable[str]) -> str:
    """Return what a person is found by: name and addresses, folded."""
    return folded(" ".join([given, family, *norms]).strip())[:_LONGEST]


def may_be_namesakes(one: str, other: str) -> bool:
    """Tell whether two family names may belong to one human: one is unknown, or they share a word."""
    first, second = set(folded(one).split()), set(folded(other).split())
    return not first or not second or not first.isdisjoint(second)


def filled_name(name: tuple[str, str], other: tuple[str, str]) -> tuple[str, str]:
    """Return (given, family) with gaps filled from `other`, unless that is somebody else's name.

    A given name is never put before another human's family name, nor the other way round.
    """
    (given, family), (other_given, other_family) = name, other
    if (given and family) or not may_be_namesakes(family, other_family):
        return name
    if given and other_given and folded(given) != folded(other_given):
        return name
    return given or other_given, family or other_family
