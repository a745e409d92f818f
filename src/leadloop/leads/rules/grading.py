"""Letters for fit."""

from __future__ import annotations

BANDS = ((75, "A"), (55, "B"), (35, "C"))


def grade(fit: int) -> str:
    """The letter of a fit of 0 to 100: A from 75, B from 55, C from 35, D below."""
    return next((letter for least, letter in BANDS if fit >= least), "D")
