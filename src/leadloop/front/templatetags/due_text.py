"""The clock of a promise in words."""

from datetime import datetime

MINUTE, HOUR, DAY = 60, 3600, 86400
_HOURS_UNTIL = 48 * HOUR


def length(seconds: float) -> str:
    """A stretch of time in one unit: "3 min", "24 h", "2 d". At least one minute; hours up to two days."""
    if seconds < HOUR:
        return f"{max(1, int(seconds // MINUTE))} min"
    if seconds < _HOURS_UNTIL:
        return f"{int(seconds // HOUR)} h"
    return f"{int(seconds // DAY)} d"


def due_text(due: datetime, now: datetime) -> str:
    """What is left, or how late: "11 min", "6 min late"."""
    left = (due - now).total_seconds()
    return length(left) if left > 0 else f"{length(-left)} late"
