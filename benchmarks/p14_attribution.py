"""P14: ten million touches credited by seven models, from the columnar copy, against one model of a peer's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks import markov_peer, touched
from benchmarks.definitions import markov_by_removing, shapley_by_sets
from benchmarks.result import Result, Row
from benchmarks.timing import RUNS, median, seconds, spread
from leadloop.tracking.attribution import MODELS
from leadloop.tracking.columnar.place import Folder
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import opened
from leadloop.tracking.figures.touches import Journeys, journeys, revenue_by_programme, wins_by_programme

LEADS = 2_500_000
BAR, AIM, EXACT = 5, 15, 1e-9


def measure() -> Result:
    """See the module."""
    with TemporaryDirectory(prefix="leadloop-bench-") as folder:
        place = Folder(Path(folder))
        count = touched.write(place, leads=LEADS)
        ours, reading, peers, inputs = [], [], [], []
        for run in range(RUNS + 1):
            found, *mine = _ours(place)
            credited, *theirs = markov_peer.run(place)
            if run:  # the first warms both up
                for figures, one in zip((ours, reading, peers, inputs), (*mine, *theirs), strict=True):
                    figures.append(one)
        if found.chain.touches != count:
            raise RuntimeError(f"{found.chain.touches:,} of {count:,} touches were credited")
        rows = [_row(ours, peers, count), *_exact(place, found), _whole(found), _alike(found, credited)]
        return Result("P14", rows, _notes(found, count, reading, inputs))


def _ours(place: Folder) -> tuple[Journeys, float, float]:
    """Paths with the seconds for all, and those until the paths stood."""
    found: list[Journeys] = []

    def read() -> None:
        with opened(place) as copy:
            asked = Asked.of(touched.PERIOD, zone="UTC", now=copy.manifest.as_of)
            found.append(journeys(copy, asked))

    reading = seconds(read)
    crediting = seconds(lambda: [(revenue_by_programme(found[0], m), wins_by_programme(found[0], m)) for m in MODELS])
    return found[0], reading + crediting, reading


def _row(ours: list[float], peers: list[float], count: int) -> Row:
    ratio = median(peers) / median(ours)
    return Row(
        f"{count / 1e6:.0f} M touches credited",
        f"{median(ours):.2f} s ({spread(ours, '.2f')}) for {len(MODELS)} models",
        f"{median(peers):.2f} s ({spread(peers, '.2f')}) for Markov alone by ChannelAttribution",
        f"{ratio:.1f} × faster",
        f"≥ {BAR} × (aim {AIM} ×)",
        ratio >= BAR,
    )


def _exact(place: Folder, found: Journeys) -> list[Row]:
    """Credited wins beside the same worked out from the definition."""
    definitions: dict[str, tuple[str, Callable[[Folder], dict[int | None, float]]]] = {
        "markov": ("the chain solved again without each", markov_by_removing),
        "shapley": ("wins shared by the set of each path", shapley_by_sets),
    }
    rows = []
    for model, (words, definition) in definitions.items():
        said, true = wins_by_programme(found, model), definition(place)
        whole = sum(true.values())
        off = max(abs(said.get(key, 0.0) - true.get(key, 0.0)) for key in said.keys() | true.keys()) / whole
        rows.append(
            Row(f"{model.capitalize()} beside its definition", f"{len(said)} channels", words,
                f"off by {off:.0e} of all", f"≤ {EXACT:.0e}", off <= EXACT)
        )  # fmt: skip
    return rows


def _whole(found: Journeys) -> Row:
    won = int(found.won.worth.sum())
    off = max(abs(sum(revenue_by_programme(found, model).values()) - won) for model in MODELS)
    return Row("revenue credited, each model", f"{won + off:,} cents", f"{won:,} cents won", f"off by {off}", "equal",
               off == 0)  # fmt: skip


def _alike(found: Journeys, credited: dict[int | None, float]) -> Row:
    """The peer simulates; so far it is from the exact answer, and that it is near says that both saw the same."""
    exact = wins_by_programme(found, "markov")
    whole = sum(exact.values())
    off = max(abs(exact.get(key, 0.0) - credited.get(key, 0.0)) for key in exact) / whole
    return Row("Markov beside the peer's", f"{len(exact)} channels", f"{len(credited)} channels, simulated",
               f"off by {off:.1%} of all", "≤ 1 %", bool(np.isfinite(off) and off <= 0.01))  # fmt: skip


def _notes(found: Journeys, count: int, reading: list[float], inputs: list[float]) -> list[str]:
    paths = round(found.chain.begun.sum())
    return [
        f"Median of {RUNS} runs each, in turn, after one of each to warm up (files in the page cache). {count:,}"
        f" touches on {paths:,} paths of 1 to {max(touched.LENGTHS)}, {touched.PROGRAMMES} programmes and none,"
        f" {found.deals:,} won deals, as Parquet by month, written by the workshop of the columnar copy.",
        f"Ours: opening the copy, reading and sorting its touches ({median(reading):.2f} s until the paths stand), then"
        f" wins and money to the cent in {len(MODELS)} models, by the functions that the page of returns is made of.",
        f"Peer: {markov_peer.described()}. Its input is built by DuckDB from the same files, every path as text, equal"
        f" ones counted ({median(inputs):.2f} s of its time), which is quicker than in pandas.",
        "Beside definitions: wins per channel, worked out apart from the product by SQL on the same files and, for"
        " Markov, by solving the chain with each channel taken out.",
    ]
