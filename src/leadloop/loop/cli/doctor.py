"""Looking at an installation part by part; one that is ill does not keep the others from being looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import psycopg

from leadloop.kernel.errors import LeadloopError
from leadloop.loop.cli.loading import part
from leadloop.loop.cli.place import database, installation
from leadloop.loop.cli.saying import as_json as say_json
from leadloop.loop.cli.saying import show, table
from leadloop.loop.marker import running_supervisor
from leadloop.loop.supervisor import schema
from leadloop.platform.config import Config, load
from leadloop.platform.database.binaries import find
from leadloop.platform.database.urls import addresses

WELL, NOTE, ILL = "well", "note", "ill"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: how it is (well, note or ill), what was found, and how to mend it."""

    part: str
    state: str
    found: str
    mend: str = ""


def examine(*, as_json: bool) -> int:
    """Show what was found; returns 1 when something is ill, else 0."""
    findings = list(_all())
    if as_json:
        say_json([asdict(one) for one in findings])
    else:
        rows = [(one.part, one.state, one.found, one.mend) for one in findings]
        show(table("", ("Part", "State", "Found", "What to do"), rows))
    return int(any(one.state == ILL for one in findings))


def _all() -> Iterator[Finding]:
    try:
        config = load()
    except LeadloopError as error:
        yield Finding("settings", ILL, error.problem, f"{error.field}: {error.mend}")
        return
    yield Finding("settings", WELL, f"home {config.home}, address {config.public_url}")
    for name, look in (("programs", _programs), ("supervisor", _supervisor), ("mail", _mail), ("database", _database)):
        yield _looked(name, look, config)
    try:
        with installation():
            for name, state, found, mend in part("work.examining").findings():
                yield Finding(name, state, found, mend)
    except LeadloopError as error:
        yield Finding("company", ILL, error.problem, error.mend)


def _looked(name: str, look: Callable[[Config], Finding], config: Config) -> Finding:
    try:
        return look(config)
    except LeadloopError as error:
        return Finding(name, ILL, error.problem, error.mend)
    except psycopg.OperationalError as error:
        return Finding(name, ILL, str(error).splitlines()[0], "Check that the database runs and its address is right")


def _programs(config: Config) -> Finding:
    if not config.embedded:
        return Finding("programs", WELL, "the database is run by somebody else")
    programs = find(config.pg_bin)
    return Finding("programs", WELL, f"PostgreSQL {programs.version()} in {programs.folder}")


def _supervisor(config: Config) -> Finding:
    pid = running_supervisor(config.home)
    if pid is None:
        return Finding("supervisor", NOTE, "Leadloop does not run here", "Run `leadloop up`")
    return Finding("supervisor", WELL, f"runs as process {pid}")


def _mail(config: Config) -> Finding:
    mail = config.mail()
    if mail is None:
        return Finding("mail", NOTE, "no mail server is set; messages wait", "Set LEADLOOP_EMAIL_URL")
    return Finding("mail", WELL, f"{mail.host}:{mail.port}, {mail.tls}")


def _database(config: Config) -> Finding:
    with database(config), psycopg.connect(addresses(config).owner) as owner:
        current = schema.standing(owner) == schema.wanted()
        server = owner.info.server_version // 10_000
    if not current:
        return Finding("database", ILL, "its schema belongs to another version", "Stop Leadloop and start it again")
    return Finding("database", WELL, f"PostgreSQL {server} answers, the schema is up to date")
