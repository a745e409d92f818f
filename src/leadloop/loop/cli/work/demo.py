"""Building the demo, and showing how its loop stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.loop import check, reports
from leadloop.loop.cli import signins
from leadloop.loop.cli.saying import progress, say
from leadloop.loop.cli.signins import Kept, SignIn
from leadloop.loop.cli.work.checking import show_breaches
from leadloop.loop.cli.work.reporting import show_report
from leadloop.loop.simulator import Size, Story, simulate, simulate_large, truth_of
from leadloop.loop.simulator.company import staff_for
from leadloop.platform.passwords import generate
from leadloop.platform.queries import installed
from leadloop.platform.roles import ROLE_LABELS, Role

DAYS = 90  # which the tables show
LARGE = 20_000  # leads; a larger story is told in parts and copied, without letters


def prepare(home: Path, leads: int, seed: int, truth: Path | None) -> Kept:
    """Build the demo unless it stands, show its loop table and the promises; returns its sign-ins.

    Raises Conflict where another company stands already, and for the truth of a demo that was built before.
    """
    kept = signins.read(home)
    if kept is None:
        if installed():
            raise Conflict(
                "There is another company here already", mend="Set LEADLOOP_HOME to a new folder for the demo"
            )
        kept = _build(home, leads, seed, truth)
    elif truth is not None:
        raise Conflict(
            "What was true is known only while the demo is built", mend="Set LEADLOOP_HOME to a new folder for it"
        )
    now = clock.now()
    for name in ("loop", "funnel"):
        show_report(reports.report(name, reports.last_days(DAYS, now=now), now=now))
    show_breaches(check.run())
    return kept


def _build(home: Path, leads: int, seed: int, truth: Path | None) -> Kept:
    """Tell the story. The sign-ins are kept first, so that a story that was broken off is known as one."""
    if leads > LARGE and truth is not None:
        raise Invalid(f"What is true is told of at most {LARGE:,} leads", field="truth", mend="Ask for fewer leads")
    chosen = _sign_ins()
    signins.write(home, Kept(built=False, people=tuple(chosen.values())))
    say(f"Building an invented company: 18 months, {leads:,} people who ask about buying.")
    asked: dict[str, Any] = {
        "seed": seed,
        "end": clock.now().replace(second=0, microsecond=0),
        "passwords": {key: one.password for key, one in chosen.items()},
        "size": Size(leads=leads),
    }
    shared = [-1]  # in whole percent, each written once
    with progress() as bar:
        task = bar.add_task("Told", total=None)

        def on(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)
            if of and done * 100 // of != shared[-1]:
                shared.append(done * 100 // of)
                signins.say_share(home, done / of)

        asked["on"] = on
        if leads > LARGE:
            simulate_large(**asked)
        else:
            told = simulate(**asked)
            if truth is not None:
                _write(truth, told)
    kept = Kept(built=True, people=tuple(chosen.values()))
    signins.write(home, kept)
    return kept


def _sign_ins() -> dict[str, SignIn]:
    """The first person of each role, by short name."""
    found: dict[str, SignIn] = {}
    for one in staff_for(0).colleagues({}):
        role = ROLE_LABELS[Role(one.roles[0])]
        if role not in {other.role for other in found.values()}:
            found[one.email.partition("@")[0]] = SignIn(role, one.name, one.email, generate())
    return found


def _write(path: Path, told: Story) -> None:
    path.write_bytes(orjson.dumps(truth_of(told), option=orjson.OPT_INDENT_2))
    say(f"Written: {path}")
