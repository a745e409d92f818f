"""What a person can take back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class Undo(models.Model):
    """The inverse of one verb of one person, as the arguments of the command that takes it back."""

    user = down("platform.User")
    verb = models.TextField()
    label = models.TextField()
    inverse = models.JSONField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="undo_user", condition=Q(done_at__isnull=True))]
