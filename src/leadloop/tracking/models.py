"""Where the columnar copy stands, who has to go from it, and the figures that were worked out on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.tracking.forecast.models import Adjustment, Figure, Outlook, Plan, Snapshot, Submission

__all__ = ["Adjustment", "Copy", "Figure", "Forgotten", "Outlook", "Plan", "Result", "Snapshot", "Submission"]


class Copy(models.Model):
    """The copy as it was last published; one row, so that pages can say "as of" without reading it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    generation = models.BigIntegerField()
    as_of = models.DateTimeField()
    snapshot = models.TextField()
    events = models.BigIntegerField()
    rows = models.JSONField()
    seconds = models.FloatField()
    refreshed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="copy_is_one")]


class Forgotten(models.Model):
    """A person whose rows in the copy have to be written anew; `done_at` once they were and the old files are gone."""

    person_id = models.BigIntegerField()
    asked_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="forgotten_open", condition=Q(done_at__isnull=True))]


class Result(models.Model):
    """Figures worked out on the copy, ready to be shown: one row for each question, replaced at every refresh."""

    key = models.TextField(unique=True)
    as_of = models.DateTimeField()
    generation = models.BigIntegerField()
    figures = models.JSONField()
    made_at = models.DateTimeField(db_default=Now())
