"""Portals, the raw inbox, inquiries and imports."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down, in_register


class Portal(models.Model):
    """A door for inquiries, accountable to one person."""

    class Kind(models.TextChoices):
        BROWSER = "browser"  # public slug, origin list, write-only
        SERVER = "server"  # secret token
        STAFF = "staff"  # files and forms that our own people fill in

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
    acknowledge = models.BooleanField(db_default=True, default=True)
    is_on = models.BooleanField(db_default=True, default=True)
    created_at = models.DateTimeField(db_default=Now())


class ImportRun(models.Model):
    """One run of one file: what was read, how it was understood, what came of it."""

    class State(models.TextChoices):
        STORING = "storing"
        PROCESSING = "processing"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"
        UNDOING = "undoing"
        UNDONE = "undone"

    portal = down("capture.Portal")
    file_name = models.TextField()
    file_digest = models.TextField()
    reading = models.JSONField()  # encoding, delimiter, mapping, owner and status tables
    state = models.TextField(choices=State.choices)
    rows = models.IntegerField(db_default=0)
    stored = models.IntegerField(db_default=0)
    known = models.IntegerField(db_default=0)  # deliveries that had arrived before
    started_by = models.TextField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(db_default="")
    undone_at = models.DateTimeField(null=True)
    undone = models.JSONField(db_default={})  # what taking it back has done so far, see `imports.undoing`


class Submission(models.Model):
    """A raw delivery, stored before it is acknowledged. Its id becomes the inquiry's."""

    class State(models.TextChoices):
        RECEIVED = "received"
        NEW = "new"  # opened a lead
        JOINED = "joined"  # added to an open lead
        OTHER = "other"  # no sales inquiry; went to its named place
        QUARANTINED = "quarantined"

    id = models.BigAutoField(primary_key=True)
    portal = in_register("capture.Portal", db_index=False)
    state = models.TextField(choices=State.choices, db_default="received")
    lane = models.SmallIntegerField(db_default=0)
    delivery_key = models.TextField()  # the same delivery twice counts once
    digest = models.TextField(db_default="")
    body = models.BinaryField()
    content_type = models.TextField(db_default="application/json")
    context = models.JSONField(db_default={})  # origin address, agent, referrer, query
    import_run = in_register("capture.ImportRun", db_index=False, null=True)
    row_number = models.IntegerField(null=True)
    received_at = models.DateTimeField(db_default=Now())
    happened_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(db_default=0)
    settled_at = models.DateTimeField(null=True)
    reason_code = models.TextField(db_default="")
    reason_text = models.TextField(db_default="")
    corrected = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "delivery_key"], name="submission_once"),
            models.CheckConstraint(
                condition=Q(state="received") | Q(settled_at__isnull=False), name="submission_settled_when"
            ),
            models.CheckConstraint(
                condition=~Q(state="quarantined") | ~Q(reason_code=""), name="submission_quarantine_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["lane", "id"], name="submission_waiting", condition=Q(state="received")),
            models.Index(fields=["portal", "received_at"], name="submission_balance"),
            models.Index(fields=["-id"], name="submission_quarantine", condition=Q(state="quarantined")),
            models.Index(fields=["import_run"], name="submission_run", condition=Q(import_run__isnull=False)),
        ]


class Inquiry(models.Model):
    """A processed submission: one raised hand. Where it came from is never overwritten."""

    id = models.BigIntegerField(primary_key=True)  # the submission's
    portal = in_register("capture.Portal", db_index=False)
    kind = models.TextField()
    person_id = models.BigIntegerField(null=True)
    lead_id = models.BigIntegerField(null=True)
    interest = in_register("catalogue.Family", db_index=False)
    programme = in_register("programmes.Programme", null=True)
    source = in_register("programmes.Source", db_index=False, null=True)
    external_id = models.TextField(db_default="")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.TextField()
    answers = models.JSONField(db_default={})  # readiness: budget, authority, need, timing
    message = models.TextField(db_default="")
    touch = models.JSONField(db_default={})  # utm, click ids, referrer, landing page
    asset = in_register("content.Asset", db_index=False, null=True)
    place = in_register(
        "platform.User", db_index=False, null=True
    )  # who looks after an inquiry that is not about buying

    class Meta:
        indexes = [
            models.Index(fields=["lead_id"], name="inquiry_lead", condition=Q(lead_id__isnull=False)),
            models.Index(fields=["person_id"], name="inquiry_person"),
            models.Index(fields=["happened_at"], name="inquiry_happened"),
        ]


class ImportMapping(models.Model):
    """A mapping kept for files that look the same: the last one without a name, and those that were given one."""

    portal = down("capture.Portal")
    name = models.TextField(db_default="", default="")
    headers_digest = models.TextField()
    reading = models.JSONField()
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "headers_digest", "name"], name="import_mapping_one")]


class PaperBatch(models.Model):
    """A pile of paper replies or cards of a trade show, entered by hand and released as a whole."""

    portal = down("capture.Portal")
    name = models.TextField()
    key_code = models.TextField(db_default="")
    programme = in_register("programmes.Programme", null=True, db_index=False)
    expected = models.IntegerField()
    twice = models.BooleanField(db_default=False, default=False)  # every row is entered a second time, and compared
    happened_on = models.DateField()
    opened_by = models.TextField()
    opened_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.TextField(db_default="")
    reason = models.TextField(db_default="")  # why it was released though the count did not come out

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(expected__gt=0), name="paper_batch_expected")]


class PaperRow(models.Model):
    """One card or reply. Its texts, by field, are here until the batch is released; then they are a delivery."""

    batch = down("capture.PaperBatch", db_index=False)
    number = models.IntegerField()
    texts = models.JSONField(db_default={})
    again = models.JSONField(null=True)  # what the second entry says, until the two agree
    checked = models.BooleanField(db_default=False, default=False)
    entered_by = models.TextField()
    checked_by = models.TextField(db_default="")
    submission_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="paper_row_one")]
