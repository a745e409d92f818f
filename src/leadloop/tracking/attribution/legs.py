"""Which paths the touches of leads belong to, looked up by the lead's number for many millions at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leadloop.kernel.values import dataclass
from leadloop.tracking.attribution.paths import Whole

NEVER = np.iinfo(np.int64).min
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Touches:
    """Touches in any order: numbers of lead and channel, and the moment in microseconds."""

    lead: Whole
    channel: Whole
    moment: Whole

    def only(self, chosen: NDArray[np.bool_]) -> Touches:
        """The chosen ones."""
        return self if chosen.all() else Touches(self.lead[chosen], self.channel[chosen], self.moment[chosen])


@dataclass(frozen=True, slots=True)
class Table:
    """By the number of a lead the path it is part of, and until when; the last line is for leads beyond."""

    path: Whole
    until: Whole

    def placed(self, touches: Touches) -> tuple[Whole, NDArray[np.bool_]]:
        """The path of each touch that counts, and which those are."""
        counts = touches.moment <= self.until.take(touches.lead, mode="clip")
        return self.path.take(touches.lead if counts.all() else touches.lead[counts], mode="clip"), counts


@dataclass(frozen=True, slots=True)
class Legs:
    """A row for each path and each lead whose touches are part of it, up to a moment in microseconds.

    A path may be of several leads, and a lead part of several paths. A path of no lead has no row.
    """

    path: Whole
    lead: Whole
    until: Whole

    def tables(self) -> list[Table]:
        """All rows as tables, in each of which a lead stands once; numbers are dense enough that they are small."""
        path, lead, until, found = self.path, self.lead, self.until, []
        while len(lead):
            beyond = int(lead.max()) + 1
            table = Table(np.zeros(beyond + 1, dtype=np.int64), np.full(beyond + 1, NEVER))
            table.path[lead], table.until[lead] = path, until
            found.append(table)
            rest = table.path[lead] != path  # several were written to one place, and the last one stands
            path, lead, until = path[rest], lead[rest], until[rest]
        return found
