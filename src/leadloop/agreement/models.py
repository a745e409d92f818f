"""The shared, versioned text of what every stage means."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class Agreement(models.Model):
    """A draft, or a version that was signed and is in force until the next one."""

    class Leadership(models.TextChoices):
        SALES = "sales"
        MARKETING = "marketing"
        JOINT = "joint"

    version = models.IntegerField(null=True, unique=True)  # given when signed
    leadership = models.TextField(choices=Leadership.choices)
    clauses = models.JSONField()
    note = models.TextField(db_default="")
    drafted_by = down("platform.User", null=True)  # none: written by the installation
    based_on = models.IntegerField(null=True)  # the version that was in force when it was drafted
    drafted_at = models.DateTimeField(db_default=Now())
    in_force_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(version__isnull=True, in_force_from__isnull=True)
                | Q(version__isnull=False, in_force_from__isnull=False),
                name="agreement_signed_or_draft",
            )
        ]


class Signature(models.Model):
    """Who signed which draft, in which capacity."""

    agreement = down("agreement.Agreement")
    capacity = models.TextField()  # head_of_sales or head_of_marketing
    user = down("platform.User")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "capacity"], name="signature_one")]
