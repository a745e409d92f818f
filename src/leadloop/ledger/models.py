"""Tables of the ledger. Identifiers are plain integers: history outlives erasure and merging."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import CurrentXact, SnapshotField, Xid8Field


class Event(models.Model):
    """One fact. Rows are only ever inserted; triggers refuse UPDATE, DELETE and TRUNCATE."""

    id = models.BigAutoField(primary_key=True)
    epoch = models.SmallIntegerField(db_default=1)
    xid = Xid8Field(db_default=CurrentXact())
    kind = models.TextField()
    lane = models.SmallIntegerField(db_default=0)
    happened_at = models.DateTimeField(db_default=Now())
    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.TextField()
    person_id = models.BigIntegerField(null=True)
    company_id = models.BigIntegerField(null=True)
    lead_id = models.BigIntegerField(null=True)
    opportunity_id = models.BigIntegerField(null=True)
    programme_id = models.BigIntegerField(null=True)
    reason = models.TextField(db_default="")
    agreement_version = models.IntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    currency = models.TextField(null=True)
    base_amount = models.BigIntegerField(null=True)
    payload = models.JSONField(null=True)
    cause_id = models.BigIntegerField(null=True)
    dedupe_key = models.TextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], condition=Q(dedupe_key__isnull=False), name="event_dedupe"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(currency__isnull=False), name="event_money_has_currency"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "lane", "epoch", "xid", "id"], name="event_read"),
            models.Index(fields=["person_id", "id"], name="event_person", condition=Q(person_id__isnull=False)),
            models.Index(
                fields=["opportunity_id", "id"],
                name="event_opportunity",
                condition=Q(opportunity_id__isnull=False),
            ),
        ]


class Epoch(models.Model):
    """One life of the database on one server; transaction ids start anew in the next."""

    number = models.SmallIntegerField(primary_key=True)
    system_identifier = models.TextField()
    began_at = models.DateTimeField(db_default=Now())


class Subscription(models.Model):
    """A handler's position, as a pair of snapshots; the row is also the handler's lock."""

    name = models.TextField()
    lane = models.SmallIntegerField()
    kinds = ArrayField(models.TextField())
    epoch = models.SmallIntegerField()
    done = SnapshotField()
    upto = SnapshotField(null=True)
    xid = Xid8Field()
    last_id = models.BigIntegerField(db_default=0)
    handled = models.BigIntegerField(db_default=0)
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "lane"], name="subscription_one")]


class Parked(models.Model):
    """A fact that a handler could not take, or one of the same person held behind it."""

    class State(models.TextChoices):
        FAILED = "failed"
        HELD = "held"
        REPLAYED = "replayed"
        SKIPPED = "skipped"

    subscription = models.TextField()
    lane = models.SmallIntegerField(db_default=0)
    event_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    state = models.TextField(choices=State.choices)
    error = models.TextField(db_default="")
    attempts = models.IntegerField(db_default=1)
    at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "event_id"], name="parked_one")]
        indexes = [
            models.Index(
                fields=["subscription", "person_id"],
                name="parked_open",
                condition=Q(state__in=["failed", "held"]),
            )
        ]


class Seal(models.Model):
    """A hash over a closed range of facts, chained to the one before."""

    from_xid = Xid8Field()
    to_xid = Xid8Field()
    epoch = models.SmallIntegerField()
    events = models.BigIntegerField()
    digest = models.TextField()
    previous = models.TextField(db_default="")
    sealed_at = models.DateTimeField(db_default=Now())
