"""What every command shares: the right to do it, the words that say it was done, and its way back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from leadloop.kernel.errors import Forbidden, NotFound
from leadloop.kernel.values import dataclass
from leadloop.leads import services as leads
from leadloop.leads.queries import visible
from leadloop.ledger.contracts import Actor, by_user
from leadloop.loop.models import Undo
from leadloop.platform.contracts import Viewer

UNDO_FOR = timedelta(minutes=30)
OUTBOUND_WAIT = timedelta(seconds=15)  # what an undoable verb sends out waits until the toast is gone


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words for the toast; `undo_id` None where there is no way back by `undo`.

    `merge_id` is that of a merge, whose way back is `unmerge`.
    """

    label: str
    undo_id: int | None = None
    lead_ids: tuple[int, ...] = ()
    opportunity_id: int | None = None
    merge_id: int | None = None


@dataclass
class Step:
    """One command under way: it adds to the inverse whatever lies beside the leads, and says what was done."""

    viewer: Viewer
    lead_ids: tuple[int, ...]
    now: datetime
    verb: str
    label: str = ""
    inverse: dict[str, Any] = field(default_factory=dict)
    done: Done | None = None

    @property
    def actor(self) -> Actor:
        """The signed-in person."""
        return by_user(self.viewer.user_id)


@contextmanager
def step(
    viewer: Viewer,
    verb: str,
    lead_ids: Collection[int],
    *,
    now: datetime,
    undoable: bool = True,
    checked: bool = False,
) -> Iterator[Step]:
    """Check the right to edit these leads, and keep how they stood, so that the command can be taken back.

    Raises NotFound for leads the viewer can't see, whether they exist or not, and Forbidden for those they may see
    but not edit; `checked` says that the caller has made sure. Set `label` inside; `done` is there afterwards.
    """
    asked = tuple(sorted(set(lead_ids)))
    with transaction.atomic():
        if not checked:
            _must_edit(viewer, asked)
        before = leads.snapshot(asked)
        one = Step(viewer, asked, now, verb)
        yield one
        one.done = Done(one.label, _keep(one, before) if undoable else None, asked)


def _must_edit(viewer: Viewer, asked: Collection[int]) -> None:
    seen = visible(viewer, asked, "see")
    unseen = sorted(set(asked) - seen)
    if unseen:
        raise NotFound(f"There is no lead {unseen[0]}", field="lead")
    barred = sorted(set(asked) - visible(viewer, asked, "edit"))
    if barred:
        raise Forbidden(
            f"You may see lead {barred[0]} but not change it", field="lead", mend="Ask its owner or their manager"
        )


def _keep(one: Step, before: list[dict[str, Any]]) -> int:
    row = Undo.objects.create(
        user_id=one.viewer.user_id,
        verb=one.verb,
        label=one.label,
        inverse={"leads": leads.stamped(before), **one.inverse},
        at=one.now,
        expires_at=one.now + UNDO_FOR,
    )
    return int(row.id)


def finished(one: Step) -> Done:
    """The outcome of a step that ran to its end."""
    assert one.done is not None
    return one.done


def counted(lead_ids: Collection[int], verb: str) -> str:
    """Words for a toast: "Accepted", or "12 leads accepted"."""
    return verb[0].upper() + verb[1:] if len(lead_ids) == 1 else f"{len(lead_ids)} leads {verb}"
