"""Bringing an installation up and taking it down; the demo's too."""

from __future__ import annotations

import importlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from leadloop.kernel.errors import Conflict, Unavailable
from leadloop.loop.cli import signins
from leadloop.loop.cli.loading import part, set_django_up
from leadloop.loop.cli.saying import say
from leadloop.loop.marker import running_supervisor, stop_running
from leadloop.loop.sample import FOLDER
from leadloop.loop.supervisor import Supervisor
from leadloop.loop.supervisor.child import Plan
from leadloop.loop.supervisor.plans import plans
from leadloop.platform.config import Config, load
from leadloop.platform.database.urls import addresses

WAIT_FOR_WEB = 60.0  # seconds


def up(role: str, firm: Mapping[str, str]) -> None:
    """Run the processes of a role until Ctrl-C; on an empty database a company is installed first, as `firm` says."""
    config = load()
    chosen = plans(role, config)
    supervisor = _opened(config, chosen)
    try:
        if not _installed():
            _install_in_child(firm)
        supervisor.run(chosen, on_up=lambda: _announce(config, chosen, ()))
    finally:
        supervisor.close()


def down() -> None:
    """Stop what runs here."""
    say("Leadloop has stopped." if stop_running(load().home) else "Leadloop does not run here.")


def demo(leads: int, seed: int, truth: Path | None, *, serve: bool) -> None:
    """Build the demo where there is none yet, show its loop table, and serve it."""
    os.environ["LEADLOOP_DEMO"] = "true"
    config = load()
    chosen = plans("all", config) if serve else []
    if running_supervisor(config.home):
        raise Conflict("Leadloop runs here already", mend="Stop it with `leadloop down` first")
    kept = signins.read(config.home)
    supervisor = _opened(config, chosen)
    try:
        if kept and not kept.built:
            _begin_anew(supervisor)
        set_django_up()
        try:
            shown = part("work.demo").prepare(config.home, leads, seed, truth)
        finally:
            importlib.import_module("django.db").connections.close_all()
        if serve:
            beside = os.environ.get("LEADLOOP_PROCESS") == FOLDER  # a page of the real company says it then
            supervisor.run(chosen, on_up=None if beside else lambda: _announce(config, chosen, signins.lines(shown)))
    finally:
        supervisor.close()


def _opened(config: Config, chosen: list[Plan]) -> Supervisor:
    """A supervisor with its database up; what could not run is refused before anything is started."""
    if any(plan.name == "web" for plan in chosen):
        _must_be_free(config)
    supervisor = Supervisor(config, say)
    try:
        supervisor.open_database()
    except BaseException:
        supervisor.close()
        raise
    return supervisor


def _must_be_free(config: Config) -> None:
    """Raise Unavailable when something else listens where the web process would."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise Unavailable(
                f"{config.host}:{config.port} can't be used: {error.strerror}",
                field="LEADLOOP_PORT",
                mend="Set it to a free port, such as 8421",
            ) from None


def _installed() -> bool:
    with psycopg.connect(addresses().app) as connection:
        row = connection.execute("select exists (select from platform_setting)").fetchone()
    return bool(row and row[0])


def _install_in_child(firm: Mapping[str, str]) -> None:
    """In a process of its own, so that the one which supervises stays small."""
    done = subprocess.run(  # noqa: S603 - our own module, no shell
        [sys.executable, "-m", "leadloop.loop.cli.first", json.dumps(firm)], check=False
    )
    if done.returncode:
        raise Unavailable("The company could not be installed", mend="See what is said above, then start again")


def _begin_anew(supervisor: Supervisor) -> None:
    """Remove a demo that was interrupted while it was built: it holds nothing that anybody entered."""
    place = addresses(supervisor.config)
    if not place.embedded:
        raise Conflict(
            "The demo was interrupted while it was built", mend="Give it an empty database, then start again"
        )
    name = str(conninfo_to_dict(place.owner)["dbname"])
    with psycopg.connect(place.admin, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
    signins.forget(supervisor.config.home)
    say("The demo was interrupted last time while it was built; building it anew.")
    supervisor.open_database()


def _announce(config: Config, chosen: list[Plan], more: tuple[str, ...]) -> None:
    """Say where it is as soon as it answers there."""
    if not any(plan.name == "web" for plan in chosen):
        say("Leadloop runs. Stop it with Ctrl-C.")
        return
    text = "\n".join((f"\nLeadloop answers at {config.public_url}", *more, "Stop it with Ctrl-C."))
    threading.Thread(target=_say_when_up, args=(config, text), daemon=True).start()


def _say_when_up(config: Config, text: str) -> None:
    pause = threading.Event()
    for _ in range(int(WAIT_FOR_WEB / 0.05)):
        with suppress(OSError), socket.create_connection((config.host, config.port), timeout=1):
            say(text)
            return
        pause.wait(0.05)
    say("The web process does not answer; see its messages above.")
