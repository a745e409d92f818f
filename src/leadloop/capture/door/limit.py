"""How often one address may knock: a token bucket per address and portal, in this process."""

from __future__ import annotations

from collections import OrderedDict

Key = tuple[str, int]


class Buckets:
    """Buckets that hold `burst` deliveries and refill at `rate` per second. The longest unused are forgotten."""

    def __init__(self, *, rate: float, burst: int, most: int = 50_000) -> None:
        self._rate, self._burst, self._most = rate, float(burst), most
        self._buckets: OrderedDict[Key, tuple[float, float]] = OrderedDict()

    def take(self, key: Key, now: float) -> float:
        """Return 0 when a delivery may pass, else after how many seconds one may. `now` is monotonic, in seconds."""
        level, at = self._buckets.pop(key, (self._burst, now))
        level = min(self._burst, level + max(0.0, now - at) * self._rate)
        passes = level >= 1
        self._buckets[key] = (level - 1 if passes else level, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return 0.0 if passes else (1 - level) / self._rate
