"""Mailboxes that are read, and batches of paper."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class Mailbox(models.Model):
    """How mail reaches a portal, and how far it was read.

    `last_uid` is the durable position: whatever has a lower number in the folder of this `uid_validity` is stored, or
    was read before the mailbox was ours. It moves in the transaction that stores.
    """

    portal = down("capture.Portal", unique=True)
    way = models.TextField()  # imap, or the provider that posts
    host = models.TextField(db_default="")
    port = models.IntegerField(db_default=0)
    tls = models.TextField(db_default="implicit")
    login = models.TextField(db_default="")
    secret = models.TextField(db_default="")  # sealed: password, or the provider's signing key
    folder = models.TextField(db_default="INBOX")
    done_folder = models.TextField(db_default="")  # where to what was taken is moved; "" marks it as read
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(db_default=0)
    next_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    failures = models.IntegerField(db_default=0)
    ok_at = models.DateTimeField(null=True)
    took_at = models.DateTimeField(null=True)
    error = models.TextField(db_default="")
    error_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="mailbox_due", condition=Q(way="imap"))]


class PaperBatch(models.Model):
    """A pile of paper replies or cards of a trade show, entered by hand and released as a whole."""

    portal = down("capture.Portal")
    name = models.TextField()
    key_code = models.TextField(db_default="")
    programme = down("programmes.Programme", null=True)
    expected = models.IntegerField()
    twice = models.BooleanField(db_default=False, default=False)  # every row is entered a second time, and compared
    happened_on = models.DateField()
    opened_by = models.TextField()
    opened_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.TextField(db_default="")
    reason = models.TextField(db_default="")  # why it was released though the count did not come out

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(expected__gt=0), name="paper_batch_expected")]


class PaperRow(models.Model):
    """One card or reply. Its texts, by field, are here until the batch is released; then they are a delivery."""

    batch = down("capture.PaperBatch", db_index=False)
    number = models.IntegerField()
    texts = models.JSONField(db_default={})
    again = models.JSONField(null=True)  # what the second entry says, until the two agree
    checked = models.BooleanField(db_default=False, default=False)
    entered_by = models.TextField()
    checked_by = models.TextField(db_default="")
    submission_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="paper_row_one")]
