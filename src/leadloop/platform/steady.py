"""Settling a process that runs for long."""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50


def settle_down() -> None:
    """Call once what a process needs is loaded: garbage is looked for less often, and not in what stays anyway.

    A batch makes many thousand objects that live as long as the batch; searching them for circles again and again
    costs a tenth of the time and finds nothing. Memory that is never searched is also never copied.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
