"""Activities, the pipeline and its opportunities."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class Activity(models.Model):
    """Something a salesperson did, with its outcome; notes are the one kind without one."""

    class Kind(models.TextChoices):
        CALL = "call"
        MAIL = "mail"
        MEETING = "meeting"
        SOCIAL = "social"
        NOTE = "note"

    lead_id = models.BigIntegerField()
    opportunity = down("selling.Opportunity", null=True)
    person_id = models.BigIntegerField()
    user = down("platform.User")
    kind = models.TextField(choices=Kind.choices)
    outcome = models.TextField(db_default="")
    contacted = models.BooleanField(db_default=False)  # what its outcome says, see `outcomes`
    note = models.TextField(db_default="")
    minutes = models.IntegerField(null=True)
    next_step = models.TextField(db_default="")
    next_step_at = models.DateTimeField(null=True)
    step_before = models.JSONField(null=True)  # the deal's next step as [text, moment], put back by undo
    happened_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    source_key = models.TextField(null=True)  # what the file calls it that it was imported from
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind="note") | ~Q(outcome=""), name="activity_has_outcome"),
            models.UniqueConstraint(
                fields=["source_key"], condition=Q(source_key__isnull=False), name="activity_source_once"
            ),
        ]
        indexes = [
            models.Index(fields=["lead_id", "-happened_at"], name="activity_lead"),
            models.Index(fields=["user", "-happened_at"], name="activity_user"),
        ]


class PipelineStage(models.Model):
    """A column of the board, with the win chance that stage-weighting uses (percent). `needs`: see `rules.NEEDS`."""

    key = models.TextField(unique=True)
    label = models.TextField()
    order = models.SmallIntegerField(unique=True)
    win_percent = models.SmallIntegerField()
    needs = models.JSONField(db_default=[])

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(win_percent__range=(0, 100)), name="pipeline_stage_percent")]


class Opportunity(models.Model):
    """A deal. `minor` is the sum of its lines where it has any."""

    class State(models.TextChoices):
        OPEN = "open"
        WON = "won"
        LOST = "lost"

    class Category(models.TextChoices):
        OMITTED = "omitted"
        PIPELINE = "pipeline"
        BEST_CASE = "best_case"
        COMMIT = "commit"

    name = models.TextField()
    company_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    owner = down("platform.User")
    team = down("platform.Team", null=True)
    stage = down("selling.PipelineStage")
    stage_since = models.DateTimeField()
    state = models.TextField(choices=State.choices, db_default="open")
    minor = models.BigIntegerField()
    currency = models.TextField()
    base_minor = models.BigIntegerField(null=True)  # at the rate of the closing day, once won
    close_on = models.DateField()
    pushed = models.SmallIntegerField(db_default=0)
    next_step = models.TextField(db_default="")
    next_step_at = models.DateTimeField(null=True)
    position = models.FloatField(db_default=0)  # order within its column
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    close_reason = models.TextField(db_default="")
    category = models.TextField(choices=Category.choices, db_default="pipeline")  # for the forecast
    source_key = models.TextField(null=True, unique=True)  # what the file calls it that it was imported from

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False) & ~Q(close_reason="")),
                name="opportunity_closed_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="won") | Q(base_minor__isnull=False), name="opportunity_won_has_base"
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(next_step_at__isnull=False), name="opportunity_open_has_next_step"
            ),
            models.CheckConstraint(condition=Q(minor__gte=0), name="opportunity_not_negative"),
            models.CheckConstraint(
                condition=Q(category__in=["omitted", "pipeline", "best_case", "commit"]), name="opportunity_category"
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "position", "id"], name="opportunity_board", condition=Q(state="open")),
            models.Index(fields=["owner", "state"], name="opportunity_owner"),
            models.Index(fields=["closed_at"], name="opportunity_closed", condition=Q(state="won")),
            models.Index(fields=["company_id"], name="opportunity_company", condition=Q(company_id__isnull=False)),
        ]


class OpportunityLead(models.Model):
    """Which pursuits led to a deal, in which role; one of them is primary."""

    opportunity = down("selling.Opportunity")
    lead_id = models.BigIntegerField()
    role = models.TextField(db_default="unknown")
    is_primary = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "lead_id"], name="opportunity_lead_one"),
            models.UniqueConstraint(
                fields=["opportunity"], condition=Q(is_primary=True), name="opportunity_lead_primary"
            ),
        ]
        indexes = [models.Index(fields=["lead_id"], name="opportunity_lead_lead")]


class Line(models.Model):
    """One product on a deal: one-off, or recurring with a term in months (TCV = unit × quantity × term)."""

    opportunity = down("selling.Opportunity")
    product = down("catalogue.Product", null=True)
    name = models.TextField()
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit_minor = models.BigIntegerField()
    months = models.SmallIntegerField(null=True)  # null: one-off
    terms = down("catalogue.PaymentTerm", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity"),
            models.CheckConstraint(condition=Q(months__isnull=True) | Q(months__gt=0), name="line_months"),
        ]
        indexes = [models.Index(fields=["opportunity"], name="line_opportunity")]
