"""Match keys, decisions, aliases and the journal that makes a merge undoable."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class MatchKey(models.Model):
    """An exact key of one person; the unique index arbitrates between concurrent batches."""

    kind = models.TextField()  # email, phone, social, external:<system>
    value = models.TextField()
    person = down("people.Person", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="match_key_one")]
        indexes = [models.Index(fields=["person", "kind"], name="match_key_person")]


class CompanyKey(models.Model):
    """An exact key of one company: its domain, or its name where no domain is known."""

    kind = models.TextField()  # domain, name
    value = models.TextField()
    company = down("people.Company", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="company_key_one")]
        indexes = [models.Index(fields=["company", "kind"], name="company_key_company")]


class MatchDecision(models.Model):
    """Why an inquiry was taken for this person."""

    inquiry_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    outcome = models.TextField()  # new, known
    keys = models.TextField(db_default="")
    reasons = models.JSONField(db_default=[])
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["inquiry_id"], name="match_decision_inquiry")]


class Alias(models.Model):
    """An old person id leads to the survivor; chains are kept flat."""

    old_id = models.BigIntegerField(primary_key=True)
    survivor = down("people.Person", db_index=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(old_id=F("survivor")), name="alias_not_self")]
        indexes = [models.Index(fields=["survivor"], name="alias_survivor")]


class MergeJournal(models.Model):
    """Everything a merge moved or changed, row by row, so that it can be undone.

    `moved` holds personal data. Erasure empties it and sets `erased_at`: from then on the merge is for good.
    """

    survivor_id = models.BigIntegerField()
    loser_id = models.BigIntegerField()
    moved = models.JSONField()
    reasons = models.JSONField(db_default=[])
    actor = models.TextField()
    at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(db_default="")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["survivor_id"], name="merge_journal_survivor"),
            models.Index(fields=["loser_id"], name="merge_journal_loser"),
        ]


class NeverMerge(models.Model):
    """Two persons that somebody said are not the same."""

    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    actor = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low_id", "high_id"], name="never_merge_one"),
            models.CheckConstraint(condition=Q(low_id__lt=F("high_id")), name="never_merge_order"),
        ]


class Suggestion(models.Model):
    """Two persons who may be one, with the weight of it and what speaks for it, and what somebody decided."""

    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    weight = models.FloatField()  # log2 of the odds that they are one
    reasons = models.JSONField(db_default=[])
    found_by = models.TextField()  # on_line, batch
    state = models.TextField(db_default="open")  # open, merged, never, related, dismissed
    found_at = models.DateTimeField()
    decided_by = models.TextField(db_default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low_id", "high_id"], name="suggestion_one"),
            models.CheckConstraint(condition=Q(low_id__lt=F("high_id")), name="suggestion_order"),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(decided_at__isnull=False), name="suggestion_decided_when"
            ),
        ]
        indexes = [
            models.Index(fields=["high_id"], name="suggestion_high"),
            models.Index(fields=["-weight", "id"], name="suggestion_queue", condition=Q(state="open")),
        ]


class NearKey(models.Model):
    """A block that a person is in: whoever shares one is compared with them. Hashes of what was normalised."""

    pk = models.CompositePrimaryKey("block", "person_id")
    block = models.BigIntegerField()
    person_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["person_id"], name="near_key_person")]


class CompanyMerge(models.Model):
    """How two companies stood when they became one, so that it can be undone.

    `moved` holds their people's titles: erasure takes those of an erased person out.
    """

    survivor_id = models.BigIntegerField()
    loser_id = models.BigIntegerField()
    moved = models.JSONField()
    reasons = models.JSONField(db_default=[])
    actor = models.TextField()
    at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["survivor_id"], name="company_merge_survivor"),
            models.Index(fields=["loser_id"], name="company_merge_loser"),
        ]


class CompanyPair(models.Model):
    """What somebody said of two companies that look alike."""

    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    verdict = models.TextField()  # never, related, dismissed
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low_id", "high_id"], name="company_pair_one"),
            models.CheckConstraint(condition=Q(low_id__lt=F("high_id")), name="company_pair_order"),
        ]
        indexes = [models.Index(fields=["high_id"], name="company_pair_high")]


class BatchPass(models.Model):
    """A pass over the whole base that went through. The next one looks at who is new or changed since it began."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    people = models.IntegerField()
    fresh = models.IntegerField()
    compared = models.BigIntegerField()
    pairs = models.IntegerField()
    merged = models.IntegerField()
