"""A whole Leadloop in processes of its own: web, pump and worker on a database, for tests that look from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from leadloop.loop.supervisor.child import Child, Plan
from leadloop.loop.supervisor.plans import plans
from leadloop.platform.config import Config
from leadloop.platform.models import User

READY_SECONDS = 30
APPLICATION = "leadloop.front.asgi:application"


@dataclass
class Site:
    """A running installation and its processes by name."""

    url: str
    children: dict[str, Child] = field(default_factory=dict)

    def cookie(self, user_id: int) -> str:
        """A session of this user, as signing in would make it."""
        user = User.objects.get(id=user_id)
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return str(session.session_key)


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(
    database_url: str, *, roles: Sequence[str] = ("web", "pump"), application: str = APPLICATION, **environment: str
) -> Iterator[Site]:
    """Run the processes of these roles on a database until the block ends; `application` is what the web one serves."""
    port = free_port()
    config = Config(port=port, database_url=database_url)
    surroundings = {
        "DATABASE_URL": database_url,
        "LEADLOOP_PORT": str(port),
        "LEADLOOP_PUBLIC_URL": f"http://127.0.0.1:{port}",
        **environment,
    }
    before = {name: os.environ.get(name) for name in surroundings}
    os.environ.update(surroundings)
    site = Site(f"http://127.0.0.1:{port}")
    try:
        for plan in (plan for role in roles for plan in plans(role, config)):
            served = [application if one == APPLICATION else one for one in plan.arguments]
            site.children[plan.name] = _started(replace(plan, arguments=served))
        _wait_ready(site)
        yield site
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        for child in site.children.values():
            child.ask_to_stop()
        for child in site.children.values():
            child.wait_stopped(5)


def _started(plan: Plan) -> Child:
    child = Child(plan)
    child.tend()
    return child


def _wait_ready(site: Site) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(f"{site.url}/account/login/", timeout=5) as answer:
            if answer.status == 200:
                return
        died = [name for name, child in site.children.items() if child.process and child.process.poll() is not None]
        if died:
            raise RuntimeError(f"{died} ended at once; run it by hand to see why: {sys.executable}")
        subprocess.run(["sleep", "0.05"], check=True)
    raise RuntimeError("the site did not come up")
