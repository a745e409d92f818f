"""Journeys and who is on them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class Journey(models.Model):
    """A versioned graph of steps. A published version never changes; people stay on theirs."""

    key = models.TextField()
    version = models.IntegerField()
    name = models.TextField()
    graph = models.JSONField()  # see `contracts.Graph`
    owner = down("platform.User")
    interest = down("catalogue.Family", null=True)
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="journey_version"),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(published_at__isnull=False, retired_at__isnull=True),
                name="journey_one_published",
            ),
        ]


class Enrolment(models.Model):
    """A lead on a journey: waiting at a node until a moment, or out with a reason."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        LEFT = "left"

    journey = down("nurture.Journey", db_index=False)
    lead_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    node = models.TextField()
    state = models.TextField(choices=State.choices, db_default="waiting")
    due_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    reason = models.TextField(db_default="")
    steps = models.IntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead_id"], condition=Q(state="waiting"), name="enrolment_one"),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(due_at__isnull=False), name="enrolment_waits_until"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | (Q(left_at__isnull=False) & ~Q(reason="")), name="enrolment_left_why"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="enrolment_due", condition=Q(state="waiting")),
            models.Index(fields=["lead_id"], name="enrolment_lead"),
        ]
