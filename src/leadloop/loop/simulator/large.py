"""A story too large for one telling: parts of it are told side by side, each in a process of its own.

Every part has its own people, firms and rotation, and all of the 18 months; together they make one company. Letters are
left out: they would be most of the database and nobody reads a million of them.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import orjson
from django.db import connection, connections

from leadloop.kernel import clock
from leadloop.loop.simulator import copying
from leadloop.loop.simulator.arrivals import decide
from leadloop.loop.simulator.company import FIRM, Demo
from leadloop.loop.simulator.house.around import look_around
from leadloop.loop.simulator.house.rows import Ids
from leadloop.loop.simulator.record import truth_of
from leadloop.loop.simulator.story import Story

PART = 10_000  # leads; what one process holds in memory at a time
SPACING = 2 * PART  # numbers of people and hands of one part stay below this


@dataclass(frozen=True, slots=True)
class Share:
    """The parts that one process tells, one after the other, and where its ids begin."""

    place: int
    of: int
    parts: Sequence[tuple[int, int]]  # number of the part and its leads
    seed: int
    days: int
    end: datetime
    demo: Demo
    first: Mapping[str, int]
    address: Mapping[str, object]
    truths: Path | None
    phones: bool


def parts_of(leads: int) -> list[tuple[int, int]]:
    """The parts of a story, as their number and leads."""
    whole, rest = divmod(leads, PART)
    return [(number, PART) for number in range(whole)] + ([(whole, rest)] if rest else [])


def tell_parts(
    demo: Demo,
    *,
    leads: int,
    seed: int,
    days: int,
    end: datetime,
    truths: Path | None = None,
    phones: bool = True,
    processes: int | None = None,
    on: Callable[[int], None] | None = None,
) -> int:
    """Tell all parts and return the number of facts; the company stands already. `on` hears of leads that stand.

    `truths` is a folder for the truth of each part. Sequences and routes are for the caller to move on.
    """
    parts = parts_of(leads)
    at_once = min(processes or multiprocessing.cpu_count(), len(parts))
    first = copying.next_ids()
    address = dict(connections.settings["default"])
    shares = [
        Share(place, at_once, parts[place::at_once], seed, days, end, demo, first, address, truths, phones)
        for place in range(at_once)
    ]
    facts = 0
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(at_once, mp_context=context, initializer=django.setup) as pool:
        for done in as_completed([pool.submit(tell_share, share) for share in shares]):
            count, leads_told = done.result()
            facts += count
            if on:
                on(leads_told)
    return facts


def tell_share(share: Share) -> tuple[int, int]:
    """In a process of its own: tell the parts; returns the number of facts and leads."""
    connections.settings["default"].update(share.address)
    connections["default"].settings_dict.update(share.address)
    copying.commit_lightly()
    begins = {label: first + share.place for label, first in share.first.items()}
    ids, facts = Ids(begins, step=share.of), 0
    with clock.at(share.end):
        around = look_around()
        for number, leads in share.parts:
            truth = decide(
                share.seed,
                leads=leads,
                days=share.days,
                end=share.end,
                zone=ZoneInfo(FIRM.zone),
                first=number * SPACING,
                phones=share.phones,
            )
            story = Story(truth, share.demo, around, ids, letters=False, keep=False)
            story.tell()
            facts += len(story.house.rows.facts)
            copying.write(story.house)
            if share.truths:
                (share.truths / f"{number}.json").write_bytes(orjson.dumps(truth_of(story)))
    connection.close()
    return facts, sum(leads for _, leads in share.parts)
