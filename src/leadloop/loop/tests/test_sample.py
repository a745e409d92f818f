"""The sample company beside the real one: asked for in files, run and deleted by the supervisor."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leadloop.kernel.errors import Conflict, Unavailable
from leadloop.loop import sample
from leadloop.loop.cli import signins
from leadloop.loop.cli.signins import Kept, SignIn
from leadloop.loop.sample import State
from leadloop.loop.supervisor import beside
from leadloop.loop.supervisor.beside import TRIES, Beside
from leadloop.loop.supervisor.child import Plan
from leadloop.platform.config import Config

KIM = SignIn("Salesperson", "Kim Maurer", "kim@example.com", "abcd-efgh")


class Process:
    """A child that starts, ends and stops as it is told to."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.running, self.restarts, self.stopping = plan, False, -1, False

    def tend(self) -> None:
        if not self.running:
            self.running, self.restarts = True, self.restarts + 1

    def ask_to_stop(self) -> None:
        self.stopping = True


@contextmanager
def listening(host: str) -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind((host, 0))
        yield taken.getsockname()[1]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Config]:
    monkeypatch.setenv("LEADLOOP_HOME", str(tmp_path))
    monkeypatch.delenv("LEADLOOP_DEMO", raising=False)
    monkeypatch.setattr(sample, "running_supervisor", lambda _: 4711)
    monkeypatch.setattr(beside, "Child", Process)
    with listening("127.0.0.1") as port:
        yield Config(home=tmp_path, port=port - 1)


def process(of: Beside) -> Process:
    assert isinstance(of.child, Process)
    return of.child


def test_it_is_asked_for_once_and_gets_a_port_that_is_free(config: Config) -> None:
    assert sample.sample(config).state is State.NONE
    sample.load(config)
    assert sample.sample(config).state is State.BUILDING
    assert sample.port_of(config.home / sample.FOLDER) > config.port + 1  # that one is taken
    with pytest.raises(Conflict, match="here already"):
        sample.load(config)


def test_where_nobody_would_build_it_it_is_not_offered(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not sample.available(config.model_copy(update={"demo": True}))
    monkeypatch.setattr(sample, "running_supervisor", lambda _: None)
    assert not sample.available(config)
    with pytest.raises(Unavailable, match="Nobody is here"):
        sample.load(config)


def test_from_asking_to_deleting(config: Config) -> None:
    at_work, place = Beside(config), config.home / sample.FOLDER
    at_work.tend()
    assert at_work.child is None
    sample.load(config)
    at_work.tend()
    assert process(at_work).running
    signins.say_share(place, 0.4)
    assert sample.sample(config).share == 0.4
    signins.write(place, Kept(built=False, people=(KIM,)))
    assert sample.sample(config).people == ()
    signins.write(place, Kept(built=True, people=(KIM,)))
    found = sample.sample(config)
    assert (found.state, found.people) == (State.READY, (KIM,))
    assert found.address == f"http://127.0.0.1:{sample.port_of(place)}"

    (config.home / "mine").touch()
    sample.remove(config)
    at_work.tend()
    assert (process(at_work).stopping, sample.sample(config).state) == (True, State.LEAVING)
    process(at_work).running = False
    at_work.tend()
    assert (at_work.child, sample.sample(config).state) == (None, State.NONE)
    assert (config.home / "mine").exists()
    sample.remove(config)  # nothing is there any more


def test_it_is_taken_up_again_after_a_restart_and_given_up_where_it_can_not_be_built(config: Config) -> None:
    sample.load(config)
    at_work = Beside(config)
    for _ in range(TRIES + 1):
        at_work.tend()
        process(at_work).running = False
    at_work.tend()
    assert sample.sample(config).state is State.FAILED
    sample.remove(config)
    Beside(config).tend()  # the supervisor was started again meanwhile
    assert sample.sample(config).state is State.NONE


def test_it_knows_nothing_of_what_belongs_to_the_real_company(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "LEADLOOP_EMAIL_URL", "LEADLOOP_COLUMNS", "LEADLOOP_SECRET_KEY"):
        monkeypatch.setenv(name, "postgresql://real.example/company")
    sample.load(config)
    at_work = Beside(config)
    at_work.tend()
    for name, value in process(at_work).plan.environment.items():
        monkeypatch.setenv(name, value)
    own = Config()
    assert (own.home, own.demo) == (config.home / sample.FOLDER, True)
    assert (own.database_url, own.email_url, own.secret_key) == (None, None, None)
    assert own.columns == str(own.home / "columns")
    assert "real.example" not in {os.environ[name] for name in process(at_work).plan.environment}
