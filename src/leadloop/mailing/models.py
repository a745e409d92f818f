"""Mailings and who they are for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down
from leadloop.mailing.contracts import State


class Mailing(models.Model):
    """One letter to a segment. `texts` holds it in each language as it was when it was confirmed."""

    name = models.TextField()
    segment = down("segments.Segment")
    template_key = models.TextField()
    state = models.TextField(choices=[(str(one), str(one)) for one in State], db_default=State.DRAFT)
    texts = models.JSONField(null=True)
    wanted = models.IntegerField(db_default=0)
    left_out = models.IntegerField(db_default=0)
    made_by = down("platform.User")
    confirmed_by = down("platform.User", null=True)
    confirmed_at = models.DateTimeField(null=True)
    go_at = models.DateTimeField(null=True)
    stopped_by = down("platform.User", null=True)
    stopped_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", confirmed_at__isnull=True)
                | (
                    ~Q(state="draft")
                    & Q(confirmed_at__isnull=False, confirmed_by__isnull=False, go_at__gt=models.F("confirmed_at"))
                ),
                name="mailing_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | Q(stopped_at__isnull=False), name="mailing_stopped_when"
            ),
        ]
        indexes = [models.Index(fields=["id"], name="mailing_to_write", condition=Q(state="confirmed"))]


class Recipient(models.Model):
    """Somebody who was in the segment when the mailing was confirmed. A reason says why they get no letter."""

    mailing = down("mailing.Mailing", db_index=False)
    person = down("people.Person", db_index=False)
    lead_id = models.BigIntegerField(null=True)
    reason = models.TextField(db_default="")
    is_written = models.BooleanField(db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailing", "person"], name="recipient_once")]
        indexes = [
            models.Index(fields=["mailing", "id"], name="recipient_to_write", condition=Q(reason="", is_written=False)),
            models.Index(fields=["mailing", "reason", "id"], name="recipient_left_out", condition=~Q(reason="")),
        ]
