"""What stands in addresses and forms, read without trust."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 18  # digits that a bigint takes


def number(text: str | None) -> int | None:
    """A whole number from nought on; None for anything else."""
    if not text or len(text) > LONGEST or not (text.isascii() and text.isdigit()):
        return None
    return int(text)


def numbers(texts: Iterable[str]) -> list[int]:
    """The numbers among these texts."""
    return [found for found in map(number, texts) if found is not None]
