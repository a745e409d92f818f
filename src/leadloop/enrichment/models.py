"""Files of firms to be asked, how each field may be written, and what was."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from leadloop.enrichment.contracts import FIELDS, Overwrite
from leadloop.ledger.fields import down


class AccountFile(models.Model):
    """A file of firms; the same file is kept once."""

    name = models.TextField()
    digest = models.TextField(unique=True)
    rows = models.IntegerField()
    added_by = models.TextField()
    added_at = models.DateTimeField()


class AccountRow(models.Model):
    """What one row of a file says of a firm."""

    file = models.ForeignKey("enrichment.AccountFile", on_delete=models.CASCADE, related_name="+")
    place = models.TextField()
    domain = models.TextField(null=True)
    name_key = models.TextField(db_default="")
    country = models.TextField(db_default="")
    values = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["domain"], name="account_row_domain", condition=Q(domain__isnull=False)),
            models.Index(fields=["name_key"], name="account_row_name", condition=~Q(name_key="")),
        ]


class FieldPolicy(models.Model):
    """How a field may be written, where that is not as usual."""

    field = models.TextField(unique=True, choices=[(one, one) for one in FIELDS])
    overwrite = models.TextField(choices=[(str(one), str(one)) for one in Overwrite])
    days = models.IntegerField()
    over_people = models.BooleanField()


class Switch(models.Model):
    """What is enriched by itself: firms of the inquiries of these portals."""

    portals = ArrayField(models.BigIntegerField())
    changed_at = models.DateTimeField()


class Run(models.Model):
    """Asking providers about some firms. What comes in by itself is one run a day."""

    why = models.TextField()  # inquiry, file, hand
    day = models.DateField()
    began_by = models.TextField()
    began_at = models.DateTimeField()
    asked = models.IntegerField(db_default=0, default=0)
    found = models.IntegerField(db_default=0, default=0)
    changed = models.IntegerField(db_default=0, default=0)
    refused = models.JSONField(db_default={}, default=dict)
    undone_at = models.DateTimeField(null=True)
    taken_back = models.IntegerField(db_default=0, default=0)
    kept = models.IntegerField(db_default=0, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day"], condition=Q(why="inquiry", undone_at__isnull=True), name="enrichment_run_of_day"
            )
        ]


class Change(models.Model):
    """A value that a provider wrote: its provenance, and the way back."""

    run = models.ForeignKey("enrichment.Run", on_delete=models.PROTECT, related_name="+")
    company = down("people.Company", db_index=False)
    field = models.TextField()
    old = models.TextField(db_default="")
    new = models.TextField()
    provider = models.TextField()
    origin = models.TextField()
    place = models.TextField()
    at = models.DateTimeField()
    undone = models.BooleanField(db_default=False, default=False)

    class Meta:
        indexes = [models.Index(fields=["company", "field", "-id"], name="enrichment_change_of_field")]
