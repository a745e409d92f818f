"""What marketing spends money on, and where a touch came from."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from leadloop.ledger.fields import down
from leadloop.programmes.contracts import Allocation, CostKind, Level


def _choices(values: type[StrEnum]) -> list[tuple[str, str]]:
    return [(str(value), str(value)) for value in values]


class Source(models.Model):
    """Where a touch came from, such as paid search or a trade show."""

    key = models.TextField(unique=True)
    label = models.TextField()
    channel = models.TextField(db_default="other")


class Programme(models.Model):
    """A node of the tree programme, campaign, activity, accountable to one person."""

    key = models.TextField(unique=True)
    name = models.TextField()
    level = models.TextField(choices=_choices(Level), db_default=Level.PROGRAMME)
    parent = down("programmes.Programme", null=True)
    owner = down("platform.User")
    source = down("programmes.Source", null=True)
    goal = models.TextField(db_default="")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="programme_period"
            )
        ]


class Budget(models.Model):
    """Money asked for, and approved by name."""

    programme = down("programmes.Programme")
    minor = models.BigIntegerField()
    currency = models.TextField()
    asked_by = down("platform.User")
    asked_at = models.DateTimeField()
    approved_by = down("platform.User", null=True)
    approved_at = models.DateTimeField(null=True)
    approved_minor = models.BigIntegerField(null=True)


class Cost(models.Model):
    """A line of the cost book. Without a programme it is shared and carries an allocation rule."""

    programme = down("programmes.Programme", null=True)
    kind = models.TextField(choices=_choices(CostKind))
    minor = models.BigIntegerField()
    currency = models.TextField()
    base_minor = models.BigIntegerField()
    booked_on = models.DateField()
    paid_on = models.DateField(null=True)
    allocation = models.TextField(choices=_choices(Allocation), db_default="")
    note = models.TextField(db_default="")
    corrects = down("programmes.Cost", null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(programme__isnull=False) & Q(allocation=""))
                | (Q(programme__isnull=True) & ~Q(allocation="")),
                name="cost_shared_has_rule",
            )
        ]
        indexes = [models.Index(fields=["programme", "booked_on"], name="cost_programme")]


class AdDay(models.Model):
    """What a campaign on an advertising platform cost on one day, once; `cost` is its line in the cost book."""

    programme = down("programmes.Programme")
    campaign = models.TextField()
    day = models.DateField()
    currency = models.TextField()
    minor = models.BigIntegerField()
    clicks = models.BigIntegerField(db_default=0)
    impressions = models.BigIntegerField(db_default=0)
    cost = down("programmes.Cost", null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("campaign"), "day", "currency", name="ad_day_once"),
            models.CheckConstraint(condition=Q(minor=0) ^ Q(cost__isnull=False), name="ad_day_has_its_cost"),
            models.CheckConstraint(condition=Q(clicks__gte=0, impressions__gte=0), name="ad_day_counts"),
        ]


class UtmRule(models.Model):
    """First rule whose every given part fits (case-insensitive, * is any text) names source and programme."""

    order = models.IntegerField()
    utm_source = models.TextField(db_default="*")
    utm_medium = models.TextField(db_default="*")
    utm_campaign = models.TextField(db_default="*")
    referrer = models.TextField(db_default="*")
    source = down("programmes.Source", null=True)
    programme = down("programmes.Programme", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], name="utm_rule_order"),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(programme__isnull=False), name="utm_rule_says_something"
            ),
        ]
