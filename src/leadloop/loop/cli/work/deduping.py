"""The search for duplicates in the whole base from the command line."""

from __future__ import annotations

import time
from dataclasses import asdict

from leadloop.loop import deduping
from leadloop.loop.cli.saying import Steps, progress, say
from leadloop.loop.cli.saying import as_json as say_json
from leadloop.platform.config import load


def dedupe(*, accept_above: float | None, whole: bool, as_json: bool) -> None:
    """Search, suggest, merge what is sure enough if asked to, and say what was done."""
    started = time.monotonic()
    with progress() as bar:
        found = deduping.dedupe(accept_above=accept_above, whole=whole, kind=load().engine, on=Steps(bar))
    done = {**asdict(found), "seconds": round(time.monotonic() - started, 2)}
    if as_json:
        say_json(done)
        return
    say(
        "{people:,} people, {fresh:,} of them new or changed since the last pass: {pairs:,} pairs in {clusters:,} "
        "groups are more likely one person than not. {suggested:,} suggestions written, {merged:,} records merged, "
        "{held_back:,} pairs left for somebody to decide; {seconds} s".format(**done)
    )
