"""When the forecast of the day is made: light enough to be part of the worker."""

from __future__ import annotations

import os
import subprocess
import sys
from zoneinfo import ZoneInfo

from leadloop.kernel import clock
from leadloop.platform.queries import company, installed
from leadloop.tracking.forecast.queries import newest_day

PROCESS = "leadloop.loop.forecasting"


def is_missing() -> bool:
    """Whether there is no forecast of this day yet, as the company counts days. Two queries."""
    return installed() and newest_day() != clock.now().astimezone(ZoneInfo(company().zone)).date()


def make() -> int:
    """Make it in a process of its own, on the worker's leash, and return how that ended: 0 is well."""
    command = [sys.executable, "-m", "leadloop.loop.supervisor.leash", str(os.getpid()), PROCESS]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "leadloop.settings", "LEADLOOP_PROCESS": "forecast"}
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL).wait()  # noqa: S603 - our own module
