"""The contact policy and the outbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class ContactPolicy(models.Model):
    """The one row of limits that hold across all channels."""

    id = models.SmallIntegerField(primary_key=True, db_default=1)
    per_day = models.IntegerField(db_default=1)
    per_week = models.IntegerField(db_default=3)
    quiet_from = models.TimeField()
    quiet_until = models.TimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="contact_policy_single")]


class Message(models.Model):
    """An intent to say one thing to one recipient once. The unique occasion is what makes it once.

    `sent_at` is set only after the server took it. `unknown` means the connection broke after the text was
    handed over: marketing is not repeated, transactional is repeated once.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        UNKNOWN = "unknown"
        FAILED = "failed"
        REFUSED = "refused"  # consent, suppression or policy said no; `detail` says which
        CANCELLED = "cancelled"

    class Purpose(models.TextChoices):
        TRANSACTIONAL = "transactional"  # an answer to what the person asked for
        MARKETING = "marketing"
        INTERNAL = "internal"  # to a user of the company

    occasion = models.TextField()  # unique key of the reason to write, such as "ack:inquiry:17"
    channel = models.TextField(db_default="email")
    purpose = models.TextField(choices=Purpose.choices)
    person = down("people.Person", null=True)
    user = down("platform.User", null=True)
    lead_id = models.BigIntegerField(null=True)
    to_address = models.TextField()
    subject = models.TextField(db_default="")
    text = models.TextField(db_default="")
    html = models.TextField(db_default="")
    template_key = models.TextField(db_default="")
    state = models.TextField(choices=State.choices, db_default="queued")
    detail = models.TextField(db_default="")
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    fence = models.IntegerField(db_default=0)  # grows with every claim, so that a slow worker can't write late
    attempts = models.SmallIntegerField(db_default=0)
    message_id = models.TextField(db_default="")
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occasion", "channel", "to_address"], name="message_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(user__isnull=False), name="message_one_recipient"
            ),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="message_sent_when"),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"], name="message_queue", condition=Q(state__in=["queued", "sending"])
            ),
            models.Index(fields=["person", "-sent_at"], name="message_person", condition=Q(person__isnull=False)),
        ]
