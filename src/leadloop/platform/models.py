"""Who works here, when, and how the company is set up."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from leadloop.ledger.fields import down


class WorkingCalendar(models.Model):
    """Opening hours of a week in a zone, with the holidays of a country."""

    key = models.TextField(unique=True)
    name = models.TextField()
    zone = models.TextField()
    week = models.JSONField()  # seven lists, Monday first, of ["09:00", "17:30"] pairs
    country = models.TextField(db_default="")
    subdivision = models.TextField(db_default="")
    extra_holidays = ArrayField(models.DateField(), db_default=[])


class Team(models.Model):
    """A team; a partner's or an agency's team is a wall."""

    class Kind(models.TextChoices):
        OWN = "own"
        PARTNER = "partner"
        AGENCY = "agency"

    key = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField(choices=Kind.choices, db_default=Kind.OWN)
    parent = down("platform.Team", null=True)
    manager = down("platform.User", null=True)


class UserManager(BaseUserManager["User"]):
    """Lets Django find a user by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A named person who can sign in and who can be accountable."""

    email = models.EmailField(max_length=254)
    name = models.TextField()
    roles = ArrayField(models.TextField())
    team = down("platform.Team", null=True)
    calendar = down("platform.WorkingCalendar", null=True)
    zone = models.TextField(db_default="UTC")
    language = models.TextField(db_default="en")
    phone = models.TextField(db_default="")
    is_active = models.BooleanField(db_default=True, default=True)
    shortcuts = models.BooleanField(db_default=True, default=True)
    checklist = models.BooleanField(db_default=True, default=True)  # first steps, until they are put away
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email"),
            models.CheckConstraint(condition=~Q(roles=[]), name="user_has_role"),
        ]


class Absence(models.Model):
    """When somebody is away, and who stands in."""

    user = down("platform.User")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    deputy = down("platform.User", null=True)
    note = models.TextField(db_default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_order")]
        indexes = [models.Index(fields=["user", "ends_at"], name="absence_user")]


class ApiToken(models.Model):
    """A key for the application's API: only its hash is kept."""

    user = down("platform.User")
    name = models.TextField()
    prefix = models.TextField()
    digest = models.TextField(unique=True)
    scopes = ArrayField(models.TextField())
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Setting(models.Model):
    """The one row that says how this company is set up."""

    id = models.SmallIntegerField(primary_key=True, db_default=1)
    company_name = models.TextField()
    zone = models.TextField(db_default="UTC")
    currency = models.TextField(db_default="EUR")
    country = models.TextField(db_default="")
    fiscal_year_start = models.SmallIntegerField(db_default=1)
    calendar = down("platform.WorkingCalendar")
    sending_held_since = models.DateTimeField(null=True)
    sending_held_why = models.TextField(db_default="")
    installed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="setting_single"),
            models.CheckConstraint(condition=Q(fiscal_year_start__range=(1, 12)), name="setting_fiscal_month"),
        ]


class Rate(models.Model):
    """What one unit of a currency was worth in the base currency on a day."""

    day = models.DateField()
    currency = models.TextField()
    base = models.TextField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.TextField(db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "base", "day"], name="rate_one"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_positive"),
        ]


class Beat(models.Model):
    """The last sign of life of each process."""

    process = models.TextField(primary_key=True)
    pid = models.IntegerField()
    host = models.TextField()
    at = models.DateTimeField(db_default=Now())
    detail = models.JSONField(db_default={})
