"""What may be sent: assets and the templates that carry them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class Asset(models.Model):
    """A brochure, paper, film or page, kept by a named person and with an end date where it grows old."""

    key = models.TextField(unique=True)
    title = models.TextField()
    summary = models.TextField(db_default="")
    url = models.TextField()
    interest_id = models.BigIntegerField(null=True)  # a family of the catalogue; siblings keep ids of each other
    language = models.TextField(db_default="en")
    owner = down("platform.User")
    expires_on = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now())


class Template(models.Model):
    """A message with merge fields, each with a fallback. A change is a new version."""

    key = models.TextField()
    version = models.IntegerField(db_default=1)
    channel = models.TextField(db_default="email")
    language = models.TextField(db_default="en")
    subject = models.TextField(db_default="")
    body = models.TextField()
    owner = down("platform.User")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "language", "version"], name="template_version")]
