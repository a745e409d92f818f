"""Whether everything runs: database, pump and the other processes, versions."""

from __future__ import annotations

import platform as machine
from datetime import datetime
from importlib.metadata import version
from typing import Any

import django
from django.db import DatabaseError, connection

from leadloop.kernel.errors import Unavailable
from leadloop.platform.contracts import BeatRow
from leadloop.platform.queries import beats, company_now

LATE = 15.0  # seconds without a sign of life


def health(*, now: datetime) -> dict[str, Any]:
    """Return {"ok", "database", "processes", "pump_lag_seconds", "sending_held", "versions"}, ready for JSON.

    `ok` is False when the database does not answer or a process that has ever run is silent for 15 seconds.
    `pump_lag_seconds` is what a pump ("pump", "pump-live", …) last said in its beat (detail "lag_seconds") plus its
    silence, the worst of them; None when none ever ran. Never raises for what is down: it says so.
    """
    report: dict[str, Any] = {"ok": False, "database": {"ok": False}, "processes": {}, "versions": _versions()}
    try:
        report["database"] = _database()
        seen = beats()
        report["sending_held"] = _held()
    except DatabaseError:
        return report
    report["processes"] = {one.process: _process(one, now) for one in seen}
    pumps = [_lag(one, now) for one in seen if one.process.startswith("pump")]
    report["pump_lag_seconds"] = max(pumps, default=None)
    report["ok"] = all(one["ok"] for one in report["processes"].values())
    return report


def _database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        return {"ok": True, "version": cursor.fetchone()[0]}


def _process(one: BeatRow, now: datetime) -> dict[str, Any]:
    silent = _silence(one, now)
    return {"ok": silent <= LATE, "silent_seconds": silent, "pid": one.pid, "host": one.host, **one.detail}


def _lag(one: BeatRow, now: datetime) -> float:
    return round(_silence(one, now) + float(one.detail.get("lag_seconds", 0)), 3)


def _silence(one: BeatRow, now: datetime) -> float:
    return max(0.0, round((now - one.at).total_seconds(), 3))


def _held() -> str | None:
    try:
        settings = company_now()
    except Unavailable:
        return None
    return settings.sending_held_why or "held" if settings.sending_held_since else None


def _versions() -> dict[str, str]:
    return {
        "leadloop": version("leadloop"),
        "python": machine.python_version(),
        "django": django.get_version(),
    }
