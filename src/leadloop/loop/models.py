"""What a person can take back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class Undo(models.Model):
    """The inverse of one verb of one person, as the arguments of the command that takes it back."""

    user = down("platform.User")
    verb = models.TextField()
    label = models.TextField()
    inverse = models.JSONField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="undo_user", condition=Q(done_at__isnull=True))]


class Notice(models.Model):
    """What somebody is told of one fact, in codes and ids; once per person and fact, the newest few of each person."""

    user = down("platform.User", db_index=False)
    fact_id = models.BigIntegerField()
    kind = models.TextField()
    lead_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)  # the promise, mailing or import it is about
    detail = models.TextField(db_default="")  # a code or a count that its words need
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "fact_id"], name="notice_one")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_newest"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]


class NoDigest(models.Model):
    """Somebody who switched the letter of the week off."""

    user = down("platform.User", db_index=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="no_digest_one")]
