"""Sample data: an invented company beside the real one, in a folder, database and processes of its own.

Facts are never taken back, so what is invented must not come among what happened. The web process asks, in files below
the home folder; the supervisor does it (`supervisor/beside.py`).
"""

from __future__ import annotations

import shutil
import socket
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from leadloop.kernel.errors import Conflict, Unavailable
from leadloop.kernel.values import dataclass
from leadloop.loop.cli import signins
from leadloop.loop.cli.signins import SignIn
from leadloop.loop.marker import running_supervisor
from leadloop.platform.config import HOME_MODE, Config, public_address

FOLDER = "sample"
PORT, LEAVING, FAILED = "port", "leaving", "failed"
NEARBY = 50  # ports that are tried, from the installation's own upwards


class State(StrEnum):
    """How it stands."""

    NONE = "none"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample company: where it answers, and who can sign in there. `share` of it is built, from 0 to 1."""

    state: State
    address: str = ""
    people: tuple[SignIn, ...] = ()
    share: float = 0.0


def available(config: Config) -> bool:
    """Whether somebody is here who would run it; the demo is one already."""
    return not config.demo and running_supervisor(config.home) is not None


def sample(config: Config) -> Sample:
    """How it stands."""
    place = config.home / FOLDER
    if not place.exists():
        return Sample(State.NONE)
    if (place / LEAVING).exists():
        return Sample(State.LEAVING)
    if (place / FAILED).exists():
        return Sample(State.FAILED)
    kept = signins.read(place)
    if kept is None or not kept.built:
        return Sample(State.BUILDING, share=signins.share(place))
    return Sample(State.READY, public_address(config.host, port_of(place)), kept.people)


def load(config: Config) -> None:
    """Ask for it. Raises Conflict where it stands already, Unavailable where nobody would build it."""
    if not available(config):
        raise Unavailable("Nobody is here to build it", mend="Run `leadloop demo` with another LEADLOOP_HOME")
    place = config.home / FOLDER
    if place.exists():
        raise Conflict("The sample company is here already", mend="Load the page again")
    draft = config.home / f".{FOLDER}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=HOME_MODE)
    draft.chmod(HOME_MODE)
    (draft / PORT).write_text(str(_free_port(config)))
    draft.rename(place)


def remove(config: Config) -> None:
    """Ask for it to go, with everything that was done in it."""
    place = config.home / FOLDER
    if place.exists():
        (place / LEAVING).touch()


def port_of(place: Path) -> int:
    return int((place / PORT).read_text())


def _free_port(config: Config) -> int:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    for port in range(config.port + 1, config.port + NEARBY):
        with suppress(OSError), socket.socket(family) as probe:
            probe.bind((config.host, port))
            return port
    raise Unavailable("No port is free for the sample company", mend=f"Free one above {config.port}")
