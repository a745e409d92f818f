"""Pages that the public reads, ours and the company's own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from leadloop.ledger.fields import down, in_register


class LandingPage(models.Model):
    """A page of blocks: what somebody is writing, and what the public reads."""

    slug = models.TextField(unique=True)
    programme = down("programmes.Programme", null=True)
    draft = models.JSONField()
    live = models.JSONField(null=True)  # None until it was published once
    is_on = models.BooleanField(db_default=False, default=False)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(live__isnull=False, published_at__isnull=False), name="landing_page_says"
            )
        ]


class PageDay(models.Model):
    """How often a landing page was read on a day; nobody is told apart."""

    page = down("capture.LandingPage", db_index=False)
    day = models.DateField()
    views = models.IntegerField(db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "day"], name="page_day_one")]


class PageSent(models.Model):
    """A delivery by the form of a landing page."""

    id = models.BigIntegerField(primary_key=True)  # the submission's
    page = down("capture.LandingPage")


class Picture(models.Model):
    """A picture of landing pages, drawn anew as WebP."""

    name = models.TextField(primary_key=True)
    width = models.IntegerField()
    height = models.IntegerField()
    body = models.BinaryField()
    kept_at = models.DateTimeField()


class Visitor(models.Model):
    """A browser of which we know who used it last."""

    key = models.UUIDField(primary_key=True)
    person_id = models.BigIntegerField(db_index=True)
    known_since = models.DateTimeField()


class Visit(models.Model):
    """One page that was read on the company's own site, by somebody who allowed to be told apart."""

    id = models.BigAutoField(primary_key=True)
    portal = in_register("capture.Portal", db_index=False)
    visitor = models.UUIDField()
    person_id = models.BigIntegerField(null=True)  # since they said who they are
    seen_at = models.DateTimeField()
    page = models.TextField()
    referrer = models.TextField(db_default="")
    touch = models.JSONField(db_default={})
    gathered = models.BooleanField(db_default=False, default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["visitor", "seen_at"],
                name="visit_open",
                condition=Q(gathered=False, person_id__isnull=False),
            ),
            models.Index(fields=["visitor"], name="visit_nobody", condition=Q(person_id__isnull=True)),
            models.Index(fields=["person_id", "-id"], name="visit_person", condition=Q(person_id__isnull=False)),
        ]
