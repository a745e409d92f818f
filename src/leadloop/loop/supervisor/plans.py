"""Which processes a role of `leadloop up --role` runs."""

from __future__ import annotations

from leadloop.kernel.errors import Invalid
from leadloop.loop.supervisor.child import Plan
from leadloop.platform.config import Config

ROLES = ("all", "web", "pump", "worker")


def plans(role: str, config: Config) -> list[Plan]:
    """The processes of a role; Invalid names the known ones."""
    if role not in ROLES:
        raise Invalid(f"There is no role {role}", field="role", mend=f"Choose one of: {', '.join(ROLES)}.")
    by_role = {
        "web": [_web(config)],
        "pump": [_pump("live"), _pump("bulk")],
        "worker": [Plan("worker", "leadloop.loop.worker", environment={"LEADLOOP_PROCESS": "worker"})],
    }
    return [plan for name, group in by_role.items() if role in ("all", name) for plan in group]


def _pump(lane: str) -> Plan:
    return Plan(f"pump-{lane}", "leadloop.loop.pump", (lane,), {"LEADLOOP_PROCESS": "pump"})


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
