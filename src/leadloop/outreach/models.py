"""The contact policy and the outbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down
from leadloop.outreach.contracts import Purpose, State


class ContactPolicy(models.Model):
    """The one row of limits that hold across all channels."""

    id = models.SmallIntegerField(primary_key=True, db_default=1)
    per_day = models.IntegerField(db_default=1)
    per_week = models.IntegerField(db_default=3)
    quiet_from = models.TimeField()
    quiet_until = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="contact_policy_single"),
            models.CheckConstraint(condition=Q(per_day__gte=0, per_week__gte=0), name="contact_policy_limits"),
        ]


class Pause(models.Model):
    """Marketing to a mail domain waits, because its server refused us by policy. The empty domain means all of it."""

    domain = models.TextField(primary_key=True)
    since = models.DateTimeField()
    until = models.DateTimeField()


class Message(models.Model):
    """An intent to say one thing to one recipient once. The unique occasion is what makes it once.

    `admitted_at` is when the contact policy let it go, by the database's own clock. `begun_at` is set before it is
    handed over: from then on until a result is written, nobody but the sending process knows what became of it.
    `sent_at` is set only after the server took it. `unknown` means the outcome could not be learnt: marketing is not
    repeated, anything else is repeated once.
    """

    occasion = models.TextField()  # unique key of the reason to write, such as "ack:inquiry:17"
    channel = models.TextField(db_default="email")
    purpose = models.TextField(choices=[(str(p), str(p)) for p in Purpose])
    person = down("people.Person", null=True, db_index=False)
    user = down("platform.User", null=True, db_index=False)
    about_person = down("people.Person", null=True, db_index=False)  # whose data an internal message holds
    lead_id = models.BigIntegerField(null=True)
    to_address = models.TextField(db_default="")  # as it was when the message was handed over
    reply_to = models.TextField(db_default="")
    language = models.TextField(db_default="")
    subject = models.TextField(db_default="")
    text = models.TextField(db_default="")
    html = models.TextField(db_default="")
    template_key = models.TextField(db_default="")
    auto_answer = models.BooleanField(db_default=False)  # an answer by rule, of which an address gets one a day
    state = models.TextField(choices=[(str(s), str(s)) for s in State], db_default=State.QUEUED)
    detail = models.TextField(db_default="")  # the code of the reason for the state
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    fence = models.IntegerField(db_default=0)  # grows with every claim, so that a slow worker can't write late
    attempts = models.SmallIntegerField(db_default=0)  # how often a server put it off
    first_tried_at = models.DateTimeField(null=True)
    admitted_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    repeated = models.BooleanField(db_default=False)
    message_id = models.TextField(db_default="")
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    unsubscribed_at = models.DateTimeField(null=True)  # when its own link was used, first
    came_back = models.TextField(db_default="")  # what was reported of it later: see contracts.Return
    came_back_at = models.DateTimeField(null=True)
    came_back_status = models.TextField(db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "channel", "person", "user"], name="message_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(user__isnull=False), name="message_one_recipient"
            ),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="message_sent_when"),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False), name="message_sending_leased"
            ),
        ]
        indexes = [
            # None holds `begun_at`, so that the mark set for every single message touches no index.
            # Answers never queue up behind a campaign, so each of the two has an index of its own.
            models.Index(
                fields=["not_before", "id"],
                name="message_prompt",
                condition=Q(state="queued") & ~Q(purpose="marketing"),
            ),
            models.Index(
                fields=["not_before", "id"], name="message_bulk", condition=Q(state="queued", purpose="marketing")
            ),
            models.Index(
                fields=["occasion"],
                name="message_occasion",
                opclasses=["text_pattern_ops"],
                condition=Q(state__in=["queued", "sending"]),
            ),
            models.Index(fields=["lease_until"], name="message_lease", condition=Q(state="sending")),
            models.Index(
                fields=["state", "first_tried_at"], name="message_trouble", condition=Q(state__in=["unknown", "failed"])
            ),
            models.Index(fields=["person", "-id"], name="message_person", condition=Q(person__isnull=False)),
            models.Index(fields=["about_person"], name="message_about", condition=Q(about_person__isnull=False)),
            models.Index(fields=["lead_id", "-id"], name="message_lead", condition=Q(lead_id__isnull=False)),
        ]
