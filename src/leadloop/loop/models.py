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
    gathered_at = models.DateTimeField(null=True)  # when the letter of the day or of the week told of it

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


class NoticeChoice(models.Model):
    """How somebody wants to be told of a topic, where that is not what is usual for their roles."""

    user = down("platform.User", db_index=False)
    topic = models.TextField()
    way = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="notice_choice_one"),
            models.CheckConstraint(
                condition=Q(
                    topic__in=["lead", "late", "back", "watch", "appeal", "mailing", "import", "portal", "reply"]
                ),
                name="notice_choice_topic",
            ),
            models.CheckConstraint(condition=Q(way__in=["page", "mail", "daily", "weekly"]), name="notice_choice_way"),
        ]


class AnyHour(models.Model):
    """Somebody whose letters don't wait for their working time."""

    user = down("platform.User", db_index=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="any_hour_one")]
