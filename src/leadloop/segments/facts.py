"""What happens to segments and views. Names and conditions are in none of them."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("segment.saved", "A segment was made or changed")
class SegmentSaved(Fact):
    """`subject` says what it is made of, `owner_id` who answers for it."""

    segment_id: int
    subject: str
    owner_id: int


@fact("segment.archived", "A segment was put away")
class SegmentArchived(Fact):
    """It can't be chosen any more; what was sent to it keeps its rows."""

    segment_id: int


@fact("view.saved", "A view of a list was saved")
class ViewSaved(Fact):
    """`sharing` is private, team or public."""

    view_id: int
    page: str
    sharing: str


@fact("view.removed", "A saved view was removed")
class ViewRemoved(Fact):
    """By its maker."""

    view_id: int
