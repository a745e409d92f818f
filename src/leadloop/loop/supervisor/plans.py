"""Which processes a role of `leadloop up --role` runs."""

from __future__ import annotations

import os

from leadloop.kernel.errors import Invalid
from leadloop.loop.supervisor.child import Plan
from leadloop.platform.config import Config

ROLES = ("all", "web", "pump", "worker")


def plans(role: str, config: Config) -> list[Plan]:
    """The processes of a role; Invalid names the known ones."""
    if role not in ROLES:
        raise Invalid(f"There is no role {role}", field="role", mend=f"Choose one of: {', '.join(ROLES)}.")
    behind = {
        "all": [_family(*pumps(), "worker")],
        "pump": [_family(*pumps())],
        "worker": [_family("worker")],
        "web": [],
    }
    return [*([_web(config)] if role in ("all", "web") else []), *behind[role]]


def pumps() -> tuple[str, ...]:
    """One for what happens now, and for imports as many as get somewhere together."""
    return ("pump-live", "pump-bulk", "pump-bulk-2") if (os.cpu_count() or 1) > 1 else ("pump-live", "pump-bulk")


def _family(*members: str) -> Plan:
    """What runs behind the pages, in processes that share what they have loaded."""
    return Plan("family", "leadloop.loop.supervisor.family", members, {"LEADLOOP_PROCESS": "family"})


def _web(config: Config) -> Plan:
    arguments = (
        "--interface",
        "asgi",
        "--host",
        config.host,
        "--port",
        str(config.port),
        "--workers",
        "1",
        "--no-ws",
        "--log-level",
        "warning",
        "leadloop.front.asgi:application",
    )
    return Plan("web", "granian", arguments, {"LEADLOOP_PROCESS": "web"})
