"""What block and allow lists say of a delivery, and what the solution is worth that it brought along."""

from __future__ import annotations

from collections.abc import Iterator

from leadloop.capture.contracts import Code
from leadloop.capture.lists.matching import Caught, Lists
from leadloop.capture.parse.draft import Draft
from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True)
class Proved:
    """What a solution is worth: `code` why it is none, None for a sound one; `digest` tells it from every other."""

    code: Code | None = None
    digest: str = ""


SOUND = Proved()  # also of a portal that sets no riddles


def listed(draft: Draft, address: str | None, lists: Lists | None) -> tuple[bool, Caught | None]:
    """Whether an allow list speaks of a delivery, and which entry of a block list does. Released ones are not asked."""
    if lists is None or draft.claimed.released:
        return False, None
    network = draft.claimed.context.get("address", "")
    return lists.is_allowed(address, network), lists.caught(address, network, _texts(draft))


def _texts(draft: Draft) -> Iterator[str]:
    yield from draft.values.values()
    yield from draft.extra.values()
