"""Ways in: portals with what each asks, how it is kept from misuse, and what its sender says it sent."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class Portal(models.Model):
    """A door for inquiries, accountable to one person."""

    class Kind(models.TextChoices):
        BROWSER = "browser"  # public slug, origin list, write-only
        SERVER = "server"  # secret token
        STAFF = "staff"  # files and forms that our own people fill in
        META = "meta"  # these sign what they send, each in its own way
        LINKEDIN = "linkedin"
        GOOGLE_ADS = "google_ads"
        TYPEFORM = "typeform"
        CALENDLY = "calendly"
        WEBHOOK = "webhook"
        MAIL = "mail"  # a mailbox, or a provider that posts what comes for an address

    key = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField(choices=Kind.choices)
    slug = models.TextField(unique=True)
    token_digest = models.TextField(db_default="")
    token_prefix = models.TextField(db_default="")
    origins = ArrayField(models.TextField(), db_default=[])
    owner = down("platform.User")
    programme = down("programmes.Programme", null=True)
    source = down("programmes.Source", null=True)
    interest = down("catalogue.Family")
    inquiry_kind = models.TextField(db_default="sales")
    handover = models.TextField(db_default="sales_ready")
    asset = down("content.Asset", null=True)
    country = models.TextField(db_default="")  # hint for phone numbers without a prefix
    consent_wording = models.TextField(db_default="")
    mapping = models.JSONField(db_default={})
    alike = models.TextField(db_default="suggest", default="suggest")  # join, suggest, new
    acknowledge = models.BooleanField(db_default=True, default=True)
    is_on = models.BooleanField(db_default=True, default=True)
    double_opt_in = models.BooleanField(db_default=False, default=False)  # consent counts once confirmed by mail
    disposable = models.TextField(db_default="flag", default="flag")  # hold, flag: throw-away addresses
    proof_of_work = models.BooleanField(db_default=False, default=False)
    listed = models.BigIntegerField(db_default=0, default=0)  # drawn anew when a list for it changes; 0: none
    created_at = models.DateTimeField(db_default=Now())


class PortalHook(models.Model):
    """What a platform's portal was set up with. Its secrets are needed in clear, so they are kept sealed."""

    portal = down("capture.Portal", db_index=False)
    scheme = models.JSONField(db_default={})
    sealed = models.TextField(db_default="")
    held = ArrayField(models.TextField(), db_default=[])  # the names of the secrets, which say nothing
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal"], name="portal_hook_one")]


class Form(models.Model):
    """What the form of a portal asks; without a row the standard questions."""

    portal = models.OneToOneField("capture.Portal", on_delete=models.PROTECT, related_name="+")
    layout = models.JSONField()
    saved_at = models.DateTimeField()


class ListEntry(models.Model):
    """One thing on a block or allow list, of the whole company or of one portal. One that was removed stays, unused."""

    portal = down("capture.Portal", null=True, db_index=False)  # None: every portal
    allows = models.BooleanField(db_default=False, default=False)
    kind = models.TextField()  # address, domain, network, words
    value = models.TextField()  # in its normal form
    reason = models.TextField()
    added_by = models.TextField()
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.TextField(db_default="", default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "allows", "kind", "value"],
                name="list_entry_one",
                condition=Q(removed_at__isnull=True),
                nulls_distinct=False,
            )
        ]


class ListHit(models.Model):
    """A delivery that an entry of a block list caught: held, or flagged only where our own people brought it."""

    entry = models.BigIntegerField()
    submission_id = models.BigIntegerField()
    held = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "submission_id"], name="list_hit_one")]
        indexes = [models.Index(fields=["submission_id"], name="list_hit_submission")]


class SpentProof(models.Model):
    """A solved riddle that came with a delivery: it counts once."""

    digest = models.TextField(primary_key=True)
    submission_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)


class OwnCount(models.Model):
    """How many inquiries the other side says it sent on one day of the company's zone."""

    portal = down("capture.Portal", db_index=False)
    day = models.DateField()
    count = models.IntegerField()
    said_by = models.TextField()
    said_at = models.DateTimeField()
    missing_told = models.IntegerField(db_default=0)  # the gap that its owner was told of last

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "day"], name="own_count_one"),
            models.CheckConstraint(condition=Q(count__gte=0), name="own_count_not_negative"),
        ]


class DoorCount(models.Model):
    """How often the door turned a portal's senders away, or had no use for what they told, by quarter of an hour."""

    portal = down("capture.Portal", db_index=False)
    at = models.DateTimeField()
    reason = models.TextField()
    count = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "at", "reason"], name="door_count_one")]
