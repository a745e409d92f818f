"""The company's settings, the hold on sending, and the processes' signs of life."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, Refused, Unavailable
from leadloop.ledger.contracts import Actor
from leadloop.ledger.queries import kinds_present
from leadloop.ledger.services import record
from leadloop.platform.facts import SendingHeld, SendingReleased, SettingsChanged
from leadloop.platform.forms import setting_field
from leadloop.platform.models import Beat, Setting, WorkingCalendar
from leadloop.platform.queries.company import COMPANY

# What is counted in the company's currency: with the first of these it can't change any more.
COUNTED = ("lead.opened", "opportunity.opened", "cost.booked", "budget.approved", "forecast.planned", "rate.set")
_NEEDED = ("company_name", "calendar_id")


def save_settings(*, changes: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Change the company's settings, or set them up.

    They are company_name, zone, currency, country, fiscal_year_start and calendar_id. The first time the name and the
    calendar are needed. Raises Invalid naming the field, and Refused for another currency than the one in which base
    amounts are kept already: it can change until there is the first lead or cost.
    """
    read = {field: setting_field(field, value) for field, value in changes.items()}
    with transaction.atomic():
        row = Setting.objects.select_for_update().first()
        if row is None:
            for field in _NEEDED:
                if field not in read:
                    raise Invalid("This is needed to set the company up", field=field, mend="Give it too")
        elif read.get("currency", row.currency) != row.currency and kinds_present(COUNTED):
            raise Refused(
                f"Amounts are kept in {row.currency} already",
                field="currency",
                mend="Start anew in another home folder",
            )
        _must_have_calendar(read)
        before = {field: getattr(row, field) if row else "" for field in read}
        Setting.objects.update_or_create(id=1, defaults=read, create_defaults={**read, "installed_at": now})
        changed = {f: [str(before[f]), str(value)] for f, value in read.items() if row is None or before[f] != value}
        COMPANY.forget()
        if changed:
            record([SettingsChanged(happened_at=now, changes=changed)], actor=actor)


def hold_sending(*, why: str, actor: Actor, now: datetime) -> None:
    """Stop everything that goes out, until it is released. While it is held already, nothing changes."""
    with transaction.atomic():
        row = _locked()
        if row.sending_held_since is None:
            row.sending_held_since, row.sending_held_why = now, why.strip()
            row.save(update_fields=["sending_held_since", "sending_held_why"])
            COMPANY.forget()
            record([SendingHeld(happened_at=now, reason=why.strip())], actor=actor)


def release_sending(*, actor: Actor, now: datetime) -> None:
    """Let messages go out again; does nothing when they do."""
    with transaction.atomic():
        row = _locked()
        if row.sending_held_since is not None:
            row.sending_held_since, row.sending_held_why = None, ""
            row.save(update_fields=["sending_held_since", "sending_held_why"])
            COMPANY.forget()
            record([SendingReleased(happened_at=now)], actor=actor)


def beat(*, process: str, detail: Mapping[str, Any] | None = None, now: datetime | None = None) -> None:
    """Note that a process is alive, at `now` or else by the clock, with JSON-ready details. One query, and no fact."""
    Beat.objects.bulk_create(
        [
            Beat(
                process=process,
                pid=os.getpid(),
                host=socket.gethostname(),
                at=now or clock.now(),
                detail=dict(detail or {}),
            )
        ],
        update_conflicts=True,
        unique_fields=["process"],
        update_fields=["pid", "host", "at", "detail"],
    )


def _locked() -> Setting:
    row = Setting.objects.select_for_update().first()
    if row is None:
        raise Unavailable("This company is not set up yet", mend="Run leadloop up, which installs what is missing")
    return row


def _must_have_calendar(read: Mapping[str, Any]) -> None:
    if "calendar_id" in read and not WorkingCalendar.objects.filter(id=read["calendar_id"]).exists():
        raise Invalid("There is no such calendar", field="calendar_id", mend="Choose from the list of calendars")
