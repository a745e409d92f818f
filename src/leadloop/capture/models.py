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


class Form(models.Model):
    """What the form of a portal asks; without a row the standard questions."""

    portal = models.OneToOneField("capture.Portal", on_delete=models.PROTECT, related_name="+")
    layout = models.JSONField()
    saved_at = models.DateTimeField()


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


class PortalHook(models.Model):
    """What a platform's portal was set up with. Its secrets are needed in clear, so they are kept sealed."""

    portal = down("capture.Portal", db_index=False)
    scheme = models.JSONField(db_default={})
    sealed = models.TextField(db_default="")
    held = ArrayField(models.TextField(), db_default=[])  # the names of the secrets, which say nothing
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal"], name="portal_hook_one")]


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


class DoorCount(models.Model):
    """How often the door turned a portal's senders away, or had no use for what they told, by quarter of an hour."""

    portal = down("capture.Portal", db_index=False)
    at = models.DateTimeField()
    reason = models.TextField()
    count = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "at", "reason"], name="door_count_one")]


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


class Mailbox(models.Model):
    """How mail reaches a portal, and how far it was read.

    `last_uid` is the durable position: whatever has a lower number in the folder of this `uid_validity` is stored, or
    was read before the mailbox was ours. It moves in the transaction that stores.
    """

    portal = down("capture.Portal", unique=True)
    way = models.TextField()  # imap, or the provider that posts
    host = models.TextField(db_default="")
    port = models.IntegerField(db_default=0)
    tls = models.TextField(db_default="implicit")
    login = models.TextField(db_default="")
    secret = models.TextField(db_default="")  # sealed: password, or the provider's signing key
    folder = models.TextField(db_default="INBOX")
    done_folder = models.TextField(db_default="")  # where to what was taken is moved; "" marks it as read
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(db_default=0)
    next_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    failures = models.IntegerField(db_default=0)
    ok_at = models.DateTimeField(null=True)
    took_at = models.DateTimeField(null=True)
    error = models.TextField(db_default="")
    error_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="mailbox_due", condition=Q(way="imap"))]


class PaperBatch(models.Model):
    """A pile of paper replies or cards of a trade show, entered by hand and released as a whole."""

    portal = down("capture.Portal")
    name = models.TextField()
    key_code = models.TextField(db_default="")
    programme = down("programmes.Programme", null=True)
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
