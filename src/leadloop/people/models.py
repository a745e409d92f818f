"""Humans and firms, how they may be reached, and what they allowed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down, in_register


class Company(models.Model):
    """A firm. `name_key` is its name without legal form, accents and case.

    A row that a merge found to be another's stays as a shell, with its own fields as they were; see `Person`.
    """

    name = models.TextField()
    name_key = models.TextField(db_default="")
    domain = models.TextField(null=True)
    website = models.TextField(db_default="")
    industry = models.TextField(db_default="")
    employees = models.IntegerField(null=True)
    country = models.TextField(db_default="")
    city = models.TextField(db_default="")
    parent = down("people.Company", null=True, db_index=False)
    account_owner = down("platform.User", null=True, db_index=False)
    attributes = models.JSONField(db_default={})
    created_at = models.DateTimeField(db_default=Now())
    merged_into = down("people.Company", null=True, db_index=False)  # a shell: this firm is another row's

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["domain"],
                condition=Q(domain__isnull=False, merged_into__isnull=True),
                name="company_domain",
            )
        ]
        indexes = [
            models.Index(fields=["name_key"], name="company_name_key"),
            models.Index(fields=["name", "id"], name="company_by_name"),
            GinIndex(fields=["name"], name="company_name_trgm", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["parent"], name="company_parent", condition=Q(parent__isnull=False)),
            models.Index(
                fields=["account_owner"], name="company_account_owner", condition=Q(account_owner__isnull=False)
            ),
            models.Index(fields=["merged_into"], name="company_merged_into", condition=Q(merged_into__isnull=False)),
        ]


class Person(models.Model):
    """A human, for good. `search` is name and addresses folded (no case, no accents), for finding only.

    A row that a merge found to be another's stays as a shell, with its own fields as they were: rows elsewhere keep
    pointing at it, and an unmerge finds it intact. `merged_into` always names the last survivor, never a shell.
    """

    given_name = models.TextField(db_default="")
    family_name = models.TextField(db_default="")
    language = models.TextField(db_default="")
    zone = models.TextField(db_default="")
    country = models.TextField(db_default="")
    city = models.TextField(db_default="")
    search = models.TextField(db_default="")
    lookalike = models.BooleanField(db_default=False)
    attributes = models.JSONField(db_default={})
    created_at = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(null=True)
    merged_into = down("people.Person", null=True, db_index=False)  # a shell: this human is another row's

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="person_search_trgm", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["merged_into"], name="person_merged_into", condition=Q(merged_into__isnull=False)),
        ]


class Position(models.Model):
    """A person's place in a firm. `company` is None while only the title is known."""

    class BuyingRole(models.TextChoices):
        DECISION_MAKER = "decision_maker"
        INFLUENCER = "influencer"
        USER = "user"
        GATEKEEPER = "gatekeeper"
        UNKNOWN = "unknown"

    person = in_register("people.Person", db_index=False)
    company = in_register("people.Company", null=True, db_index=False)
    title = models.TextField(db_default="")
    buying_role = models.TextField(choices=BuyingRole.choices, db_default=BuyingRole.UNKNOWN)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    is_primary = models.BooleanField(db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(is_primary=True), name="position_primary"),
            models.UniqueConstraint(fields=["person", "company"], name="position_one", nulls_distinct=False),
        ]
        indexes = [models.Index(fields=["company"], name="position_company")]


class ContactPoint(models.Model):
    """An address as given (`value`) and its normal form for look-ups (`norm`)."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"
        POST = "post"
        SOCIAL = "social"

    person = in_register("people.Person", db_index=False)
    kind = models.TextField(choices=Kind.choices)
    value = models.TextField()
    norm = models.TextField()
    is_primary = models.BooleanField(db_default=False)
    disposable = models.BooleanField(db_default=False)
    bad_since = models.DateTimeField(null=True)
    bad_why = models.TextField(db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "norm"], name="contact_point_one"),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(is_primary=True), name="contact_point_primary"
            ),
        ]
        indexes = [models.Index(fields=["norm"], name="contact_point_norm")]


class Consent(models.Model):
    """What somebody allowed or withdrew, in which words. The latest row of a purpose and channel rules."""

    class State(models.TextChoices):
        GIVEN = "given"
        WITHDRAWN = "withdrawn"

    person = down("people.Person", db_index=False)
    channel = models.TextField()
    purpose = models.TextField()
    state = models.TextField(choices=State.choices)
    wording = models.TextField(db_default="")
    source = models.TextField(db_default="")
    at = models.DateTimeField()
    via_id = models.BigIntegerField(null=True)  # the old id of the person under which it was said, if it was one

    class Meta:
        indexes = [models.Index(fields=["person", "channel", "purpose", "-at"], name="consent_latest")]


class Confirmation(models.Model):
    """A consent that somebody was asked by mail to confirm. Until then it is none; `digest` is of the address asked."""

    person = down("people.Person", db_index=False)
    channel = models.TextField()
    purpose = models.TextField()
    wording = models.TextField()
    source = models.TextField()
    digest = models.TextField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_from = models.TextField(db_default="", default="")  # the network address; goes with an erasure

    class Meta:
        indexes = [
            models.Index(fields=["person"], name="confirmation_person"),
            models.Index(fields=["source", "digest", "-asked_at"], name="confirmation_asked"),
        ]


class Suppression(models.Model):
    """An address nobody may write to or call, kept as a hash so that it survives erasure."""

    channel = models.TextField()
    purpose = models.TextField(db_default="")  # empty: every purpose
    digest = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "channel", "purpose"], name="suppression_one")]


class FieldHistory(models.Model):
    """Old and new value of a changed field; erasable, so it is no part of the ledger."""

    subject = models.TextField()  # "person" or "company"
    subject_id = models.BigIntegerField()
    field = models.TextField()
    old = models.TextField(db_default="")
    new = models.TextField(db_default="")
    actor = models.TextField()
    source = models.TextField(db_default="")
    at = models.DateTimeField()
    via_id = models.BigIntegerField(null=True)  # the old id of the person under which it was changed, if it was one
    typed = models.JSONField(null=True)  # the new value by hand where it is no text

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id", "field", "-at"], name="field_history_subject")]


class ExternalId(models.Model):
    """What another system calls this person or company."""

    system = models.TextField()
    kind = models.TextField()
    external_id = models.TextField()
    person = down("people.Person", null=True, db_index=False)
    company = down("people.Company", null=True, db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["person"], name="external_id_person", condition=Q(person__isnull=False)),
            models.Index(fields=["company"], name="external_id_company", condition=Q(company__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["system", "kind", "external_id"], name="external_id_one"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(company__isnull=False), name="external_id_subject"
            ),
        ]


class Tombstone(models.Model):
    """Proof that a person was erased: hashes only."""

    person_id = models.BigIntegerField(unique=True)
    digests = ArrayField(models.TextField())
    actor = models.TextField()
    at = models.DateTimeField()
