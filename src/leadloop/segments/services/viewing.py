"""Keeping views of lists."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from leadloop.kernel.errors import Conflict, NotFound
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import by_user
from leadloop.ledger.services import record
from leadloop.platform import queries as platform
from leadloop.platform.contracts import Viewer
from leadloop.segments.contracts import NewView, Sharing
from leadloop.segments.facts import ViewRemoved, ViewSaved
from leadloop.segments.models import View
from leadloop.segments.rules import check_view, kept


def save_view(*, view: NewView, viewer: Viewer, now: datetime) -> int:
    """Keep a view of the viewer's under a name that none of theirs on this page has; return its id.

    Raises Invalid for what `rules.check_view` refuses, Conflict when the name is taken.
    """
    team_id = platform.users({viewer.user_id})[viewer.user_id].team_id
    check_view(view, has_team=team_id is not None)
    try:
        with transaction.atomic():
            row = View.objects.create(
                user_id=viewer.user_id,
                team_id=team_id if view.sharing is Sharing.TEAM else None,
                page=view.page,
                name=one_line(view.name),
                asked=kept(view.asked),
                sharing=str(view.sharing),
                pinned=view.pinned,
            )
            fact = ViewSaved(happened_at=now, view_id=row.id, page=view.page, sharing=str(view.sharing))
            record([fact], actor=by_user(viewer.user_id))
    except IntegrityError:
        raise Conflict("You have a view of this name", field="name", mend="Choose another name") from None
    return int(row.id)


def remove_view(*, view_id: int, viewer: Viewer, now: datetime) -> None:
    """Remove a view of the viewer's own. Raises NotFound for any other."""
    with transaction.atomic():
        gone, _ = View.objects.filter(id=view_id, user_id=viewer.user_id).delete()
        if not gone:
            raise NotFound("There is no such view of yours", field="view", mend="Ask whoever made it")
        record([ViewRemoved(happened_at=now, view_id=view_id)], actor=by_user(viewer.user_id))
