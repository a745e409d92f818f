"""Routing rules, pools and what was decided for each lead."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.distribution.contracts import Verdict
from leadloop.ledger.fields import down, in_register


class Pool(models.Model):
    """People among whom leads are shared. `fallback` takes what nobody of the pool can."""

    key = models.TextField(unique=True)
    name = models.TextField()
    keeper = down("platform.User")
    fallback = down("platform.User")


class Member(models.Model):
    """A place in a pool. `taken` counts weighted turns, `taken_today` against the cap on `today`."""

    pool = down("distribution.Pool")
    user = down("platform.User")
    weight = models.SmallIntegerField(db_default=1)
    daily_cap = models.IntegerField(null=True)
    open_cap = models.IntegerField(null=True)
    taken = models.BigIntegerField(db_default=0)
    today = models.DateField(null=True)
    taken_today = models.IntegerField(db_default=0)
    is_paused = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "user"], name="member_one"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="member_weight"),
        ]


class Routing(models.Model):
    """A versioned list of rules: first match names the pool; the last rule takes everything."""

    version = models.IntegerField(unique=True)
    rules = models.JSONField()  # [{"name", "when": AST or null, "pool": key}]
    drafted_by = down("platform.User", null=True)  # null: written by the installation
    drafted_at = models.DateTimeField(db_default=Now())
    signed_by = down("platform.User", null=True)
    in_force_from = models.DateTimeField(null=True)


class Assignment(models.Model):
    """One hand-over of one lead to one person, and what became of it."""

    class State(models.TextChoices):
        OFFERED = "offered"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        PULLED_BACK = "pulled_back"
        ENDED = "ended"  # the lead left the stage otherwise

    lead_id = models.BigIntegerField()
    pool = in_register("distribution.Pool", db_index=False, null=True)
    user = in_register("platform.User", db_index=False)
    from_user_id = models.BigIntegerField()
    routing_version = models.IntegerField(null=True)
    rule = models.TextField(db_default="")
    how = models.TextField()  # rotation, account_owner, fallback, by_hand
    log = models.JSONField()  # every rule looked at, every candidate and why not, the tie-break
    state = models.TextField(choices=State.choices, db_default="offered")
    offered_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead_id"], condition=Q(state="offered"), name="assignment_one_offer"),
            models.CheckConstraint(
                condition=Q(state="offered") | Q(settled_at__isnull=False), name="assignment_settled_when"
            ),
        ]
        indexes = [
            models.Index(fields=["lead_id", "-id"], name="assignment_lead"),
            models.Index(fields=["user", "-offered_at"], name="assignment_user"),
            models.Index(fields=["-settled_at"], name="assignment_given_back", condition=Q(state="rejected")),
        ]


class Appeal(models.Model):
    """Somebody says that a lead should not have been given back; whoever answers for handing over decides, once."""

    assignment = down("distribution.Assignment", db_index=False)
    text = models.TextField()
    made_by = down("platform.User", db_index=False)
    made_at = models.DateTimeField()
    verdict = models.TextField(choices=[(str(v), str(v)) for v in Verdict], db_default="open")
    decided_by = down("platform.User", db_index=False, null=True)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment"], name="appeal_one"),
            models.CheckConstraint(
                condition=Q(verdict="open", decided_at__isnull=True, decided_by__isnull=True)
                | (Q(verdict__in=["stands", "overturned"]) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="appeal_decided_by_whom_and_when",
            ),
        ]
