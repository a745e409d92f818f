"""P10: a whole base searched for duplicates, against Splink as it comes; and how well open sets come apart."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence

import pyarrow as pa
from django.db import transaction

from benchmarks import bare_splink
from benchmarks.doubles import people as invented
from benchmarks.result import Result, Row
from benchmarks.timing import median, seconds, spread
from leadloop.identity import services as identity
from leadloop.identity.batch.search import LEAST, Found, search, told
from leadloop.identity.batch.table import people_table
from leadloop.identity.contracts import Candidate
from leadloop.identity.queries import open_suggestions
from leadloop.identity.rules.joining import join
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.people.contracts import Comparable
from tests.support.labelled import SETS, Pair, connected, judged, labelled, pairs, there

AT_SIZE = "LEADLOOP_BENCH_PEOPLE"  # set where only size matters
SIZE = int(os.environ.get(AT_SIZE, "10000"))
RUNS = 3
ACCEPTED = 0.9
BARS = {"febrl3": 0.97, "fake_1000": 0.90}
ON_LINE = by_system("benchmark")


def measure() -> Result:
    """See the module."""
    sets = SETS if there() and AT_SIZE not in os.environ else ()
    rows = [*_beside_splink(), *(row for name in sets for row in _labelled(name))]
    return Result("P10", rows, NOTES if sets else NOTES[:1])


NOTES = [
    f"Invented people: {SIZE:,} records at firms of three to four hundred colleagues, one in ten twice with one to"
    " three things wrong. Median of three runs, in turn, after one of each to warm up; from the table of normal forms"
    " to pairs with their reasons. Splink alone: the same keys and the same cap on their size, its own comparisons for"
    " names, addresses and firms with frequencies, and its own training without labels (`benchmarks/bare_splink.py`).",
    "Open sets: pairs of one person, F1 with precision and recall; social security numbers left out. One configuration"
    " for all of them and for every base: weights and thresholds are reasoned and none was fitted. Labels served to see"
    " which keys bring records of one person together at all, and for the figures here; it was changed once, for"
    " colleagues in the invented base. Batch: everybody whom a chain of pairs more likely than not connects. Merged:"
    f" what `leadloop dedupe --accept-above {ACCEPTED}` makes one person, with its rules that hold back.",
    "On line: each record comes in after the other, exact keys join, near keys suggest; what is joined or suggested"
    " counts.",
]


def _beside_splink() -> list[Row]:
    records, true = invented(SIZE)
    people = people_table(records)
    mine: list[float] = []
    theirs: list[float] = []
    ours: list[Found] = []
    bare: list[set[Pair]] = []
    for run in range(RUNS + 1):
        took = seconds(lambda: ours.append(search(people)))
        peer = seconds(lambda: bare.append(bare_splink.run(people, least=LEAST)))
        if run:  # the first warms both up
            mine.append(took)
            theirs.append(peer)
    ratio = median(mine) / median(theirs)
    found, there = judged(_pairs(ours[-1]), true), judged(bare[-1], true)
    return [
        Row(f"{len(records):,} people compared", f"{median(mine):.1f} s ({spread(mine, '.1f')})",
            f"{median(theirs):.1f} s ({spread(theirs, '.1f')}) by Splink alone", f"{ratio:.2f} ×",
            "≤ 1.0 × (aim 0.5 ×)", ratio <= 1.0),
        Row("their duplicates found", _said(found), f"{_said(there)} by Splink alone", f"{found[2] - there[2]:+.3f}",
            "≥ Splink − 0.005", found[2] >= there[2] - 0.005),
    ]  # fmt: skip


def _labelled(name: str) -> list[Row]:
    records, true = labelled(name)
    people = people_table(records)
    found = search(people)
    batch = judged(connected(_pairs(found), records), true)
    merged = judged(_merged(people, found), true)
    on_line = judged(_on_line(records), true)
    bar = BARS.get(name)
    return [
        Row(f"{name}, batch", _said(batch), f"{len(true):,} pairs of {len(records):,} records",
            f"{_said(judged(_pairs(found), true))} pair by pair", f"≥ {bar}" if bar else "shown",
            bar is None or batch[2] >= bar),
        Row(f"{name}, merged", _said(merged), "—", "—", "shown", met=True),
        Row(f"{name}, on line", _said(on_line), "—", "—", "shown", met=True),
    ]  # fmt: skip


def _pairs(found: Found) -> set[Pair]:
    return {(one.person_a, one.person_b) for one in found.suggested}


def _merged(people: pa.Table, found: Found) -> set[Pair]:
    """Whom a pass would merge."""
    least = math.log2(ACCEPTED / (1 - ACCEPTED))
    sure = [(one.person_a, one.person_b) for one in found.suggested if one.weight >= least]
    joined = join(sure, told(people, {one for pair in sure for one in pair}))
    return pairs({one: group[0] for group in joined.groups for one in group})


def _on_line(records: Sequence[Comparable]) -> set[Pair]:
    """Whom matching at the door takes for one, or suggests; nothing of it stays."""
    with transaction.atomic():
        person_of = _resolved(records)
        identity.liken(sorted(set(person_of.values())), as_asked={}, actor=ON_LINE, now=clock.now())
        records_of: dict[int, list[int]] = {}
        for record, person in person_of.items():
            records_of.setdefault(person, []).append(record)
        found = set(pairs(person_of))
        for one in open_suggestions(limit=1_000_000):
            found |= {
                (min(a, b), max(a, b))
                for a in records_of.get(one.person_a, ())
                for b in records_of.get(one.person_b, ())
            }
        transaction.set_rollback(True)
    return found


def _resolved(records: Sequence[Comparable]) -> dict[int, int]:
    candidates = [
        Candidate(
            ref=one.id, given=one.given, family=one.family, email=one.email or None, email_given=one.email,
            city=one.city, attributes={_key(name): text for name, text in (one.attributes or {}).items()},
        )
        for one in records
    ]  # fmt: skip
    answers = identity.resolve(candidates, actor=ON_LINE, now=clock.now())
    return {one.id: answers[one.id].person_id for one in records}


def _key(heading: str) -> str:
    return heading.strip().replace(" ", "_")


def _said(figures: tuple[float, float, float]) -> str:
    precision, recall, f1 = figures
    return f"F1 {f1:.3f} (P {precision:.3f}, R {recall:.3f})"
