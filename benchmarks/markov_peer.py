"""ChannelAttribution, the peer for Markov: its input built from the columnar copy, and its model."""

from __future__ import annotations

import contextlib
import io
import os
from importlib import import_module
from importlib.metadata import version
from typing import Any

import duckdb
import pandas as pd

from benchmarks.timing import seconds
from benchmarks.touched import files, touches
from leadloop.tracking.columnar.place import Folder

NAME = "channelattribution"
_INPUT = """
with one as (
    select path, string_agg(programme, '>' order by happened_at, inquiry_id) as steps, any_value(won) as won,
           any_value(minor) as minor
    from touch group by path
)
select steps, count(*) filter (won)::double as wins, coalesce(sum(minor) filter (won), 0)::double as minor,
       count(*) filter (not won)::double as nulls
from one group by steps
"""


def run(place: Folder) -> tuple[dict[int | None, float], float, float]:
    """Credited wins by programme, seconds for all, and those for building the input."""
    peer = _loaded()
    made: list[Any] = []
    building = seconds(lambda: made.append(_input(place)))
    modelling = seconds(lambda: made.append(_credited(peer, made[0])))
    return made[1], building + modelling, building


def described() -> str:
    """Its name, version, and how it is called."""
    return (
        f"ChannelAttribution {version(NAME)}, order 1, {os.cpu_count()} threads, wins, worth and paths without a win,"
        " simulated until it converges (its defaults)"
    )


def _input(place: Folder) -> pd.DataFrame:
    with duckdb.connect() as duck:
        duck.execute("set timezone = 'UTC'")
        return duck.execute(_INPUT.replace("from touch", f"from ({touches(files(place))})")).df()


def _credited(peer: Any, data: pd.DataFrame) -> dict[int | None, float]:
    found = peer.markov_model(
        data, "steps", "wins", var_value="minor", var_null="nulls", ncore=os.cpu_count(), verbose=False, flg_pro=False
    )
    table = found[0] if isinstance(found, list) else found
    names = (None if name == "none" else int(name) for name in table["channel_name"])
    return dict(zip(names, table["total_conversions"], strict=True))


def _loaded() -> Any:
    """The package, which greets on standard output when it is loaded. RuntimeError says how to get it."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return import_module("ChannelAttribution")
    except ImportError as error:
        raise RuntimeError(f"{NAME} is not installed ({error}): run `uv sync --inexact --group bench`") from error
