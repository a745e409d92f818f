"""Holding a mailing while it is changed."""

from __future__ import annotations

from leadloop.mailing.models import Mailing
from leadloop.mailing.queries import missing


def lock(mailing_id: int) -> Mailing:
    """The mailing's row, locked until the transaction ends. Raises NotFound."""
    row = Mailing.objects.select_for_update(of=("self",)).filter(id=mailing_id).first()
    if row is None:
        raise missing(mailing_id)
    return row
