"""Sharing an amount out so that the parts add up to the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from leadloop.kernel.errors import Invalid


def allocate(minor: int, weights: Sequence[int | Fraction | float]) -> list[int]:
    """Share ``minor`` units by ``weights``: the parts are whole and sum exactly to ``minor``.

    Largest-remainder method (Hamilton): everyone gets the share rounded towards zero, and the units left
    go to the largest remainders, the earlier one first among equals. A weight of zero gets nothing.
    Raises Invalid when there are no weights, or one is negative or not a number, or all are zero.
    """
    scaled = _whole_weights(weights)
    total = sum(scaled)
    shares = [divmod(abs(minor) * weight, total) for weight in scaled]
    parts = [share for share, _ in shares]
    left = abs(minor) - sum(parts)
    by_remainder = sorted(range(len(shares)), key=lambda i: -shares[i][1])
    for i in by_remainder[:left]:
        parts[i] += 1
    return parts if minor >= 0 else [-part for part in parts]


def _whole_weights(weights: Sequence[int | Fraction | float]) -> list[int]:
    """Return the weights as integers in the same proportion, without loss."""
    try:
        exact = [weight if isinstance(weight, int) else Fraction(weight) for weight in weights]
    except (ValueError, OverflowError):
        raise _no_share("a weight is not a number") from None
    if any(weight < 0 for weight in exact):
        raise _no_share("a weight is below zero")
    if not any(exact):
        raise _no_share("there is nothing to share by")
    common = math.lcm(*(weight.denominator for weight in exact))
    return [weight.numerator * (common // weight.denominator) for weight in exact]


def _no_share(problem: str) -> Invalid:
    return Invalid(problem, field="weights", mend="Give at least one weight above zero and none below")
