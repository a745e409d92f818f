"""The pursuit and its promises. What a list sorts by stands on the lead itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.leads.contracts import OPEN_STAGES, PromiseState, Stage
from leadloop.ledger.fields import in_register

OPEN = Q(stage__in=[str(stage) for stage in OPEN_STAGES])


class Lead(models.Model):
    """One pursuit of one person for one interest."""

    person = in_register("people.Person", db_index=False)
    company = in_register("people.Company", null=True, db_index=False)
    interest = in_register("catalogue.Family", db_index=False)
    stage = models.TextField(choices=[(str(s), str(s)) for s in Stage])
    stage_since = models.DateTimeField()
    owner = in_register("platform.User", db_index=False)
    team = in_register("platform.Team", null=True, db_index=False)
    due_at = models.DateTimeField(null=True)
    due_kind = models.TextField(db_default="")
    fit = models.SmallIntegerField(db_default=0)
    grade = models.TextField(db_default="")
    engagement = models.FloatField(null=True)  # base-2 logarithm S of the decaying sum
    readiness = models.SmallIntegerField(db_default=0)
    propensity = models.FloatField(null=True)
    expected_value = models.BigIntegerField(db_default=0)  # minor units of the base currency
    buying_stage = models.TextField(db_default="unaware")
    programme = in_register("programmes.Programme", null=True, db_index=False)
    source = in_register("programmes.Source", null=True, db_index=False)
    handover = models.TextField(db_default="sales_ready")
    why = models.TextField(db_default="")  # a code with its figures: why it stands where it stands
    last_touch_at = models.DateTimeField(null=True)
    touches = models.IntegerField(db_default=0)
    recycled = models.SmallIntegerField(db_default=0)
    exception_code = models.TextField(db_default="")  # reached `assigned` without `qualified`: why
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    close_reason = models.TextField(db_default="")
    follows = in_register("leads.Lead", null=True, db_index=False)
    attributes = models.JSONField(db_default={})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "interest"], condition=OPEN, name="lead_one_open"),
            models.CheckConstraint(condition=Q(stage__in=[str(s) for s in Stage]), name="lead_stage_known"),
            models.CheckConstraint(
                condition=~OPEN | Q(due_at__isnull=False, closed_at__isnull=True), name="lead_open_has_promise"
            ),
            models.CheckConstraint(
                condition=OPEN | (Q(closed_at__isnull=False) & ~Q(close_reason="")), name="lead_closed_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at", "id"], name="lead_worklist", condition=OPEN),
            models.Index(fields=["due_at", "id"], name="lead_due", condition=OPEN),
            models.Index(fields=["stage_since", "id"], name="lead_stage_since", condition=OPEN),
            models.Index(fields=["owner", "-closed_at", "-id"], name="lead_done", condition=~OPEN),
            models.Index(fields=["stage", "-opened_at", "-id"], name="lead_stage"),
            models.Index(fields=["-opened_at", "-id"], name="lead_newest"),
            models.Index(fields=["owner", "-opened_at", "-id"], name="lead_owner"),
            models.Index(fields=["team", "-opened_at", "-id"], name="lead_team"),
            models.Index(fields=["person"], name="lead_person"),
            models.Index(fields=["company"], name="lead_company"),
            models.Index(fields=["programme"], name="lead_programme"),
        ]


class Promise(models.Model):
    """What is owed on a lead, by whom and when, and the evidence that kept it."""

    lead = in_register("leads.Lead", db_index=False)
    kind = models.TextField()
    owner = in_register("platform.User", db_index=False)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.TextField(choices=[(str(s), str(s)) for s in PromiseState], db_default="running")
    note = models.TextField(db_default="")
    evidence = models.TextField(db_default="")
    broken_at = models.DateTimeField(null=True)  # stays when it is kept late
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead", "kind"], condition=Q(state="running"), name="promise_one_running"),
            models.CheckConstraint(
                condition=Q(state="running") | Q(settled_at__isnull=False), name="promise_settled_when"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="promise_due", condition=Q(state="running", broken_at=None)),
            models.Index(fields=["lead"], name="promise_lead"),
        ]
