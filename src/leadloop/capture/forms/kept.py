"""Keeping what the form of a portal asks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from leadloop.capture.contracts import PortalKind
from leadloop.capture.facts import FormSaved
from leadloop.capture.forms.layouts import STANDARD, Layout, check, read, written
from leadloop.capture.models import Form, Portal
from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record


def layout_of(portal_id: int) -> Layout:
    """What the form of this portal asks; the standard one until it has its own. One query."""
    kept = Form.objects.filter(portal_id=portal_id).values_list("layout", flat=True).first()
    return STANDARD if kept is None else read(kept)


def languages_of(portal_ids: Collection[int]) -> dict[int, str]:
    """The languages in which these portals' forms ask; left out is one without a form of its own. One query."""
    return dict(Form.objects.filter(portal_id__in=portal_ids).values_list("portal_id", "layout__language"))


@transaction.atomic
def save_layout(*, portal_id: int, layout: Layout, actor: Actor, now: datetime) -> None:
    """Keep it. Invalid names the wrong field; NotFound for a portal that pages of visitors can't deliver to."""
    check(layout)
    if not Portal.objects.select_for_update().filter(id=portal_id, kind=PortalKind.BROWSER).exists():
        raise NotFound("This portal has no form", field="portal", mend="Only portals for web pages have one")
    Form.objects.update_or_create(portal_id=portal_id, defaults={"layout": written(layout), "saved_at": now})
    fact = FormSaved(happened_at=now, portal_id=portal_id, questions=[one.key for one in layout.questions])
    record([fact], actor=actor)
