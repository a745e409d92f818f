"""Working calendars and absences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import orjson
from django.db import transaction

from leadloop.kernel.errors import Invalid, NotFound
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform import forms
from leadloop.platform.facts import AbsenceAdded, AbsenceRemoved, CalendarSaved
from leadloop.platform.hours import calendar_of, week_pairs
from leadloop.platform.models import Absence, User, WorkingCalendar


def save_calendar(
    *,
    key: str,
    name: str,
    zone: str,
    week: Sequence[Sequence[Sequence[str]]],
    country: str = "",
    subdivision: str = "",
    extra_holidays: Sequence[date] = (),
    actor: Actor,
    now: datetime,
) -> int:
    """Add a working calendar or change the one with this key; returns its id.

    `week` has seven lists of ("09:00", "17:30") pairs, Monday first. Raises Invalid naming the field, also for a week
    without a single opening, in which no promise could ever fall due.
    """
    pairs = week_pairs(week)
    calendar_of(zone, orjson.dumps(pairs).decode(), country, subdivision, tuple(extra_holidays), now.year)
    if not any(pairs):
        raise Invalid("This calendar is never open", field="week", mend="Give at least one opening in the week")
    values = {
        "name": forms.name(name),
        "zone": zone,
        "week": pairs,
        "country": country,
        "subdivision": subdivision,
        "extra_holidays": sorted(set(extra_holidays)),
    }
    with transaction.atomic():
        row, _ = WorkingCalendar.objects.update_or_create(key=forms.key(key), defaults=values)
        record([CalendarSaved(happened_at=now, calendar_id=row.id)], actor=actor)
    return row.id


def add_absence(
    *,
    user_id: int,
    starts_at: datetime,
    ends_at: datetime,
    deputy_id: int | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Note that a user is away from `starts_at` until `ends_at`, and who stands in; returns the id.

    Raises NotFound for nobody, Invalid for an end before the start or a deputy who can't be.
    """
    if ends_at <= starts_at:
        raise Invalid("The absence ends before it begins", field="ends_at", mend="Give a later end")
    with transaction.atomic():
        active = dict(User.objects.filter(id__in=[user_id, deputy_id or 0]).values_list("id", "is_active"))
        if user_id not in active:
            raise NotFound("There is no such user")
        if deputy_id is not None and (deputy_id == user_id or not active.get(deputy_id)):
            raise Invalid("This deputy can't stand in", field="deputy_id", mend="Choose another active user")
        row = Absence.objects.create(
            user_id=user_id, starts_at=starts_at, ends_at=ends_at, deputy_id=deputy_id, note=note.strip()
        )
        added = AbsenceAdded(
            happened_at=now,
            user_id=user_id,
            absence_id=row.id,
            starts_at=starts_at.isoformat(),
            ends_at=ends_at.isoformat(),
            deputy_id=deputy_id,
        )
        record([added], actor=actor)
    return row.id


def remove_absence(*, absence_id: int, actor: Actor, now: datetime) -> None:
    """Take an absence back. Raises NotFound."""
    with transaction.atomic():
        row = Absence.objects.select_for_update().filter(id=absence_id).first()
        if row is None:
            raise NotFound("There is no such absence")
        row.delete()
        record([AbsenceRemoved(happened_at=now, user_id=row.user_id, absence_id=absence_id)], actor=actor)
