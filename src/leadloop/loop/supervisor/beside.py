"""The sample company beside the real one: started when it is asked for, stopped and deleted when it is to go."""

from __future__ import annotations

import shutil

from leadloop.loop import sample
from leadloop.loop.sample import State
from leadloop.loop.supervisor.child import Child, Plan
from leadloop.platform.config import Config

TRIES = 3
# What belongs to the real company: its database, mail, lake and addresses.
_FOREIGN = (
    "DATABASE_URL",
    *(
        f"LEADLOOP_{name}"
        for name in (
            *("DATABASE_URL", "DATABASE_OWNER_URL", "EMAIL_URL", "COLUMNS", "PUBLIC_URL", "ALLOWED_HOSTS"),
            *("SECRET_KEY", "DB_ROLE"),
        )
    ),
)


class Beside:
    """Never waits: what takes long is looked at again with the next round."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.child: Child | None = None

    def tend(self) -> None:
        """Do what is asked for."""
        state = State.NONE if self.config.demo else sample.sample(self.config).state
        if state is State.LEAVING:
            self._leave()
        elif state in (State.BUILDING, State.READY):
            self._run(state)

    def _run(self, state: State) -> None:
        self.child = self.child or Child(_plan(self.config))
        if state is State.BUILDING and self.child.restarts >= TRIES and not self.child.running:
            (self.config.home / sample.FOLDER / sample.FAILED).touch()
        else:
            self.child.tend()

    def _leave(self) -> None:
        if self.child is not None and self.child.running:
            self.child.ask_to_stop()
            return
        self.child = None
        shutil.rmtree(self.config.home / sample.FOLDER)


def _plan(config: Config) -> Plan:
    """What runs it."""
    place = config.home / sample.FOLDER
    own = {"LEADLOOP_HOME": str(place), "LEADLOOP_PORT": str(sample.port_of(place)), "LEADLOOP_DEMO": "true"}
    own["LEADLOOP_PROCESS"] = sample.FOLDER
    return Plan(sample.FOLDER, "leadloop", ("demo",), {**dict.fromkeys(_FOREIGN, ""), **own})
