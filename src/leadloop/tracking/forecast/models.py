"""Tables of the forecast: what people said, what is planned, and what was foreseen each night."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from leadloop.ledger.fields import down


class Submission(models.Model):
    """What somebody expects to win in a month; the newest counts, all stay. Minor units of the company's currency."""

    user = down("platform.User")
    month = models.DateField()
    commit_minor = models.BigIntegerField()
    best_minor = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "tracking_forecast_submission"
        constraints = [
            models.CheckConstraint(
                condition=Q(commit_minor__gte=0) & Q(best_minor__gte=models.F("commit_minor")),
                name="forecast_submission_order",
            )
        ]
        indexes = [models.Index(fields=["month", "user", "-at", "-id"], name="forecast_submission_last")]


class Adjustment(models.Model):
    """What a manager adds to, or takes off, what a person or a team says, and why; the newest counts."""

    manager = down("platform.User")
    month = models.DateField()
    user = down("platform.User", null=True)
    team = down("platform.Team", null=True)
    delta_minor = models.BigIntegerField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "tracking_forecast_adjustment"
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(team__isnull=True), name="forecast_adjustment_of_one"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="forecast_adjustment_noted"),
        ]
        indexes = [models.Index(fields=["month", "-at", "-id"], name="forecast_adjustment_last")]


class Plan(models.Model):
    """What is planned to be won in a month: by the company (no team) or by a team."""

    month = models.DateField()
    team = down("platform.Team", null=True)
    minor = models.BigIntegerField()

    class Meta:
        db_table = "tracking_forecast_plan"
        constraints = [
            models.UniqueConstraint(fields=["month", "team"], name="forecast_plan_one", nulls_distinct=False),
            models.CheckConstraint(condition=Q(minor__gte=0), name="forecast_plan_not_negative"),
        ]


class Snapshot(models.Model):
    """The forecast as it was on a day. `replayed` was computed later, from what had been known on that day."""

    day = models.DateField(unique=True)
    at = models.DateTimeField()
    replayed = models.BooleanField(db_default=False)
    closed_deals = models.IntegerField()
    open_deals = models.IntegerField()
    foreseen = models.BooleanField()  # False: too few closed deals for a model
    unconverted = models.JSONField(db_default=[])  # currencies without a rate, whose deals are not in the figures

    class Meta:
        db_table = "tracking_forecast_snapshot"


class Figure(models.Model):
    """One figure of a snapshot: a month or quarter, of all, a team, a product (money or units), or cash.

    `won` had been won by then, the percentiles include it. `mean`, `sd` and `top` are the model's before correction,
    of what was still open; they and the baselines stand only on months of all.
    """

    class Kind(models.TextChoices):
        ALL = "all"
        QUARTER = "quarter"
        TEAM = "team"
        PRODUCT = "product"
        UNITS = "units"
        CASH = "cash"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField(choices=Kind.choices)
    key = models.BigIntegerField(db_default=0)  # of the team or product; 0: none
    month = models.DateField()
    won = models.BigIntegerField()
    p10 = models.BigIntegerField(null=True)
    p50 = models.BigIntegerField(null=True)
    p90 = models.BigIntegerField(null=True)
    inflow = models.BigIntegerField(null=True)
    weighted = models.BigIntegerField(null=True)
    commit = models.BigIntegerField(null=True)
    run_rate = models.BigIntegerField(null=True)
    mean = models.FloatField(null=True)
    sd = models.FloatField(null=True)
    top = models.FloatField(null=True)

    class Meta:
        db_table = "tracking_forecast_figure"
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "kind", "key", "month"], name="forecast_figure_one"),
            models.CheckConstraint(
                condition=Q(p50__isnull=True) | (Q(p10__lte=models.F("p50")) & Q(p50__lte=models.F("p90"))),
                name="forecast_figure_order",
            ),
        ]


class Outlook(models.Model):
    """An open deal as the newest snapshot sees it: its chance to be won at all, and in the first months."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="+")
    opportunity_id = models.BigIntegerField()
    minor = models.BigIntegerField()
    chance = models.FloatField()
    by_month = models.JSONField()  # chance to be won in each month of the snapshot
    weeks = models.FloatField()  # until half of the chance has passed
    slip_days = models.FloatField(null=True)  # later than its closing day says; null: it says none

    class Meta:
        db_table = "tracking_forecast_outlook"
        indexes = [models.Index(fields=["snapshot", "opportunity_id"], name="forecast_outlook_deal")]
