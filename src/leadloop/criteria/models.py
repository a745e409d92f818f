"""Definitions of the fields a company adds to its persons, companies and leads."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class CustomField(models.Model):
    """One extra field; its values stand in the JSON `attributes` of its subject."""

    class Subject(models.TextChoices):
        PERSON = "person"
        COMPANY = "company"
        LEAD = "lead"

    class Type(models.TextChoices):
        TEXT = "text"
        NUMBER = "number"
        BOOLEAN = "boolean"
        DATE = "date"
        CHOICE = "choice"

    subject = models.TextField(choices=Subject.choices)
    key = models.TextField()
    label = models.TextField()
    type = models.TextField(choices=Type.choices)
    options = ArrayField(models.TextField(), db_default=[])
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "key"], name="custom_field_one"),
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z][a-z0-9_]{0,62}$"), name="custom_field_key"),
        ]
