"""Garbage is looked for between batches, not within them."""

from __future__ import annotations

import gc
import weakref

from leadloop.platform.steady import batch_by_batch, batch_done


class Circle:
    """Something that only a search for circles can free."""

    def __init__(self) -> None:
        self.itself = self


def test_circles_of_a_batch_go_when_it_is_done() -> None:
    try:
        with batch_by_batch():
            assert not gc.isenabled()
            kept = weakref.ref(Circle())
            assert kept() is not None
            batch_done()
            assert kept() is None
        assert gc.isenabled()
    finally:
        gc.unfreeze()


def test_elsewhere_it_changes_nothing() -> None:
    kept = weakref.ref(Circle())
    gc.freeze()
    try:
        batch_done()
        assert kept() is not None
    finally:
        gc.unfreeze()
        gc.collect()
