"""Everything is killed at random while a file is brought in and inquiries arrive. Nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from leadloop.capture.queries import portals
from leadloop.capture.services import new_token
from leadloop.distribution import services as distribution
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.outreach.services.parts import LEASE
from leadloop.platform import services as platform
from tests.crash import accounts
from tests.crash.bringing import Bringing, write_file
from tests.crash.campaign import Campaign
from tests.crash.clients import Clients
from tests.crash.home import Installation, installation
from tests.crash.post import Sink, sink
from tests.crash.victims import VICTIMS, Killer
from tests.crash.waiting import until
from tests.support.plugin import point_at

# One group for all tests that kill: next to each other they would only wait for each other. Being the largest group, it
# is started first, so that it goes beside rooms' tests and not beside a browser, which minds a busy machine.
pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]

SECONDS = float(os.environ.get("LEADLOOP_SOAK_SECONDS") or (120 if os.environ.get("CI") == "true" else 30))
LONG = SECONDS >= 100
ROWS = 20_000 if LONG else 3_000
PER_SECOND = 50
AT_LEAST_PER_SECOND = 5  # on a machine that does much else; fewer would try nothing
EACH = max(2, int(SECONDS // 30))
ISSUES = 6
PATIENCE = 900
ME = by_system("soak")


def test_soak(fresh_db: str, tmp_path: Path) -> None:
    seed = random.randrange(1_000_000)
    print(f"soak: {SECONDS:.0f} s, {ROWS} rows, {EACH} kills of each, seed {seed}")
    with sink() as post, installation(LEADLOOP_EMAIL_URL=f"smtp://127.0.0.1:{post.port}") as running:
        point_at(running.dsn())
        token, campaign = prepare()
        file = tmp_path / "fair.csv"
        unreadable = write_file(file, ROWS)
        clients = Clients(running.port, token, tmp_path, per_second=PER_SECOND)
        bringing = Bringing(running, file, ROWS)
        killer = Killer(running, seconds=SECONDS, each=EACH, seed=seed)
        for one in (clients, bringing, killer):
            one.start()
        while killer.is_alive():
            killer.join(SECONDS / ISSUES)
            _patiently(campaign.send_issue)
        last_kill = clock.now()
        told = clients.finish()
        _come("the import is through", lambda: not bringing.is_alive())
        assert (killer.failed, bringing.failed) == (None, None)
        assert dict(killer.killed) == dict.fromkeys(VICTIMS, EACH)
        come_to_rest(running, last_kill)
        nobody_was_lost(told)
        every_row_is_accounted_for(bringing, unreadable)
        nobody_was_written_to_twice(post)
        accounts.everything_adds_up()
        connection.close()
        print(
            f"soak: {len(told)} deliveries acknowledged, {sum(post.taken.values())} messages, {bringing.tries} imports"
        )


def prepare() -> tuple[str, Campaign]:
    """Three salespeople, the secret of the portal that clients use, and readers of a newsletter."""
    now = clock.now()
    (pool,) = accounts.ask("select id from distribution_pool")[0]
    for name in ("Kim", "Ola", "Sam"):
        user = platform.add_user(
            email=f"{name.lower()}@soak.example",
            name=f"{name} Soak",
            roles=["salesperson"],
            zone="UTC",
            actor=ME,
            now=now,
        )
        distribution.save_member(pool_id=pool, user_id=user, now=now)
    api = next(one.id for one in portals().values() if one.key == "api")
    return new_token(portal_id=api, actor=ME, now=now), Campaign()


def come_to_rest(running: Installation, last_kill: datetime) -> None:
    """Wait until everything that goes on by itself has been done; leases of the dead run out early here."""
    _come("everything runs again", running.complete)
    _come("all deliveries are taken in", lambda: not accounts.waiting())
    _come("all routes are through", lambda: not accounts.behind())
    _come("the outbox is empty", lambda: not accounts.mail_due())
    with connection.cursor() as cursor:
        cursor.execute(
            "update outreach_message set lease_until = now() where state = 'sending' and lease_until < %s",
            [last_kill + LEASE],
        )
    _come("nobody holds a message", lambda: not accounts.mail_due() and not accounts.mail_held())
    _come("all routes are through with that", lambda: not accounts.behind())


def nobody_was_lost(told: dict[str, set[str]]) -> None:
    """Every id that a client was told is in one final state, and one key has one id, which is its own."""
    assert len(told) >= SECONDS * AT_LEAST_PER_SECOND
    assert {key: ids for key, ids in told.items() if len(ids) != 1} == {}
    ids = {next(iter(of)) for of in told.values()}
    assert len(ids) == len(told)
    assert accounts.unsettled(ids) == []
    stored = dict(
        accounts.ask("select delivery_key, id::text from capture_submission where delivery_key like 'key:soak-%%'")
    )
    assert stored == {f"key:{key}": next(iter(of)) for key, of in told.items()}


def every_row_is_accounted_for(bringing: Bringing, unreadable: int) -> None:
    """Each row was stored once, whoever was killed; the same file again changes nothing but its own run."""
    rows, states = accounts.ask(
        "select count(*), array_agg(distinct state) from capture_submission where import_run_id is not null"
    )[0]
    assert (rows, set(states) <= accounts.SETTLED) == (ROWS, True)
    refused = accounts.ask(
        "select count(*) from capture_submission where import_run_id is not null and state = 'quarantined'"
    )[0][0]
    assert refused == unreadable
    before = accounts.ask("select count(*) from ledger_event where kind <> 'import.finished'")
    again = bringing.once_more()
    assert (again["rows"], again["received"], again["known"]) == (ROWS, 0, ROWS)
    assert accounts.ask("select count(*) from ledger_event where kind <> 'import.finished'") == before


def nobody_was_written_to_twice(post: Sink) -> None:
    """At most one copy of each message, two of one whose fate could not be known; of marketing never two."""
    intents = {
        name: (purpose, state, repeated)
        for name, purpose, state, repeated in accounts.ask(
            "select message_id, purpose, state, repeated from outreach_message where message_id <> ''"
        )
    }
    assert set(post.taken) <= set(intents)
    allowed = {
        name: 2 if repeated and purpose != "marketing" else 1 for name, (purpose, _, repeated) in intents.items()
    }
    assert {name: count for name, count in post.taken.items() if count > allowed[name]} == {}
    assert post.marketing
    assert {name for name, (_, state, _) in intents.items() if state == "sent"} <= set(post.taken)


def _come(what: str, true: Callable[[], object]) -> None:
    """Wait for it, and say how long that took."""
    began = time.monotonic()
    until(what, true, PATIENCE)
    print(f"soak: {what} after {time.monotonic() - began:.0f} s")


def _patiently(work: Callable[[], None]) -> None:
    """The database may be away just now."""

    def done() -> bool:
        work()
        return True

    until("the newsletter is queued", done, PATIENCE)
