"""What came in: deliveries as they came, what became of them, and files that bring many."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down, in_register


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


class ImportMapping(models.Model):
    """A mapping kept for files that look the same: the last one without a name, and those that were given one."""

    portal = down("capture.Portal")
    name = models.TextField(db_default="", default="")
    headers_digest = models.TextField()
    reading = models.JSONField()
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "headers_digest", "name"], name="import_mapping_one")]


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


class Fetch(models.Model):
    """A lead that a platform told of and that is to be asked for. Its delivery waits in a lane of its own till then."""

    id = models.BigIntegerField(primary_key=True)  # the submission's
    told = models.BinaryField(db_default=b"")  # the delivery as it came, once what was fetched has taken its place
    attempts = models.SmallIntegerField(db_default=0)
    due_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)  # somebody is asking
    trouble = models.TextField(db_default="")  # a code: why the last attempt gave nothing
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="fetch_due", condition=Q(done_at__isnull=True))]
