"""Scoring rules and what they said of each lead."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class ScoreRules(models.Model):
    """A versioned set: points for fit, weights and half-life of touches. The newest one that is signed is in force."""

    version = models.IntegerField(unique=True)
    rules = models.JSONField()
    drafted_by = down("platform.User", null=True)  # null: written by the installation
    drafted_at = models.DateTimeField(db_default=Now())
    signatures = models.JSONField(db_default={})  # user id by capacity, as the agreement's leadership asks for
    in_force_from = models.DateTimeField(null=True)


class Assessment(models.Model):
    """The last assessment of a lead, with every reason."""

    lead_id = models.BigIntegerField(primary_key=True)
    rules_version = models.IntegerField()
    fit = models.SmallIntegerField()
    fit_reasons = models.JSONField()
    readiness = models.SmallIntegerField()
    readiness_reasons = models.JSONField()
    engagement = models.FloatField(null=True)
    engagement_reasons = models.JSONField(db_default=[])
    qualified = models.BooleanField()
    why = models.TextField(db_default="")
    disqualifier = models.TextField(db_default="")
    assessed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(readiness__range=(0, 4)), name="assessment_readiness")]
