"""How many messages are handed over between two commits."""

from __future__ import annotations

AIM = 0.2  # seconds
MOST = 100
FIRST_STRIDE = 8
AT_LEAST = 1e-6  # what no run undercuts, so that the division is sound


def next_stride(last: int, seconds: float) -> int:
    """How many marketing messages to admit at once, when the last `last` took so many seconds to hand over.

    As many as go out in a fifth of a second, so on a slow line every message is decided by itself, and a fast one is
    not slowed by commits. Never more than twice the last, never more than 100.
    """
    fitting = int(last * AIM / max(seconds, AT_LEAST))
    return max(1, min(fitting, 2 * last, MOST))
