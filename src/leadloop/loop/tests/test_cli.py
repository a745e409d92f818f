"""The command line as somebody types it: what it says, where, and with which exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from typer.testing import CliRunner

from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_system
from leadloop.ledger.models import Event
from leadloop.ledger.parking import park
from leadloop.ledger.queries import events_with
from leadloop.loop.cli import doctor, place, signins
from leadloop.loop.cli.main import app, main
from leadloop.loop.cli.signins import Kept, SignIn
from leadloop.loop.cli.work import first, replaying
from leadloop.loop.install import bare
from leadloop.loop.tests.test_install import FIRM
from leadloop.platform import config
from leadloop.platform.config import Config
from leadloop.platform.database.testing import TestCluster
from leadloop.platform.queries import company_now, user_by_email
from leadloop.platform.services import add_user

ADMIN = "admin@leadloop.example"
COMMANDS = (
    *("up", "down", "demo", "import", "export", "dedupe", "check", "report", "replay", "doctor", "version"),
    *("user add", "user list", "user password", "token create", "token list", "token revoke"),
    *("db url", "db backup", "db restore", "db release-sending"),
    *("columns refresh", "columns status", "columns show"),
)


class Machine:
    """A shell on a machine whose database is already there."""

    def __init__(self, cluster: TestCluster, database: str, home: Path) -> None:
        self._environment = {
            **os.environ,
            "LEADLOOP_HOME": str(home),
            "LEADLOOP_DATABASE_URL": cluster.url("app", database),
            "LEADLOOP_DATABASE_OWNER_URL": cluster.url("owner", database),
            "COLUMNS": "200",
        }

    def run(self, *words: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Type a command; `more` are variables of the environment."""
        done = subprocess.run(
            [sys.executable, "-m", "leadloop", *words],
            env={**self._environment, **more},
            input=stdin,
            capture_output=True,
            text=True,
        )
        assert "Traceback" not in done.stderr
        return done


@dataclass(frozen=True)
class Said:
    """What a command said: its exit code, results, and everything else."""

    code: int
    out: str
    err: str


Type = Callable[..., Said]


@pytest.fixture
def typed(empty_db: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command in this process, on the database of the test, in which a bare company stands."""
    bare(FIRM, password="hq7m-x2kd-aaaa-bbbb", now=clock.now())
    monkeypatch.setattr(place, "installation", nullcontext)
    capsys.readouterr()

    def run(*words: str, stdin: str = "") -> Said:
        monkeypatch.setattr(sys, "argv", ["leadloop", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(int(str(ended.value.code or 0)), said.out, said.err)

    return run


@pytest.fixture
def machine(cluster: TestCluster, empty_db: str, tmp_path: Path) -> Machine:
    return Machine(cluster, empty_db, tmp_path / "home")


def test_help_is_quick_because_django_stays_out() -> None:
    looked = "import sys; import leadloop.loop.cli.main; print(sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True)
    assert not {"django", "psycopg", "pydantic"} & set(json.loads(done.stdout.replace("'", '"')))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    said = CliRunner().invoke(app, [*command.split(), "--help"])
    assert said.exit_code == 0
    assert len(said.output.splitlines()) > 4


def test_a_file_comes_in_on_a_new_machine(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("name,Where to write,company\nDana Ruiz,dana@acme.example,Acme\nLee Moss,lee@moss.example,Moss\n")
    first = machine.run("import", str(file), "--portal", "trade-show", "--map", "Where to write=email", "--json")
    assert first.returncode == 0
    found = json.loads(first.stdout.splitlines()[-1])
    assert {key: found[key] for key in ("received", "new", "joined", "quarantined", "other", "known", "rows")} == {
        "received": 2,
        "new": 2,
        "joined": 0,
        "quarantined": 0,
        "other": 0,
        "known": 0,
        "rows": 2,
    }
    assert found["seconds"] > 0
    assert ADMIN in first.stderr  # a new installation says its password, once
    assert "Where to write" in first.stderr  # the mapping is shown

    second = machine.run("import", str(file), "--portal", "trade-show", "--json")
    assert json.loads(second.stdout)["known"] == 2
    assert ADMIN not in second.stderr


def test_what_is_wrong_is_said_in_one_line_with_the_mend(typed: Type, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("name,email\nDana Ruiz,dana@acme.example\n")
    for words, expected in (
        (
            ("import", str(file), "--portal", "fair"),
            "There are: api, phone, prospecting, referral, trade-show, web-form",
        ),
        (("import", str(file), "--portal", "phone", "--map", "email"), "Write it like"),
        (("report", "weather"), "There are: loop, funnel"),
        (("user", "password", "nobody@acme.example"), "leadloop user list"),
        (("export", "leads", "--columns", "lead.colour"), "lead.stage"),
        (("replay", "--subscription", "sing"), "hand-over"),
    ):
        said = typed(*words)
        assert (said.code, said.out) == (2, "")
        (line,) = said.err.splitlines()
        assert line.startswith("Error: ")
        assert expected in line


def test_a_database_that_is_down_is_said_so(machine: Machine) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    done = machine.run("report", "loop", LEADLOOP_DATABASE_URL=nowhere, LEADLOOP_DATABASE_OWNER_URL=nowhere)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("Error: database: ")


def test_a_broken_promise_is_named_and_exits_1(typed: Type, cluster: TestCluster, empty_db: str) -> None:
    assert typed("check").out == "All promises hold.\n"
    with psycopg.connect(cluster.url("superuser", empty_db)) as vandal:
        vandal.execute("set session_replication_role = replica")
        vandal.execute(
            "insert into leads_lead (person_id, interest_id, stage, stage_since, owner_id, opened_at, due_at, due_kind)"
            " values (1, 1, 'working', now(), 1, now(), now(), 'next_step')"
        )
    said = typed("check", "--json")
    found = json.loads(said.out)
    assert (said.code, found["ok"]) == (1, False)
    assert any("lead 1" in row for breach in found["breaches"] for row in breach["rows"])
    assert "lead 1" in typed("check").out


def test_users_are_looked_after(typed: Type) -> None:
    added = typed("user", "add", "kim@acme.example", "--name", "Kim Maurer", "--role", "salesperson")
    address, secret = added.out.split()
    assert (address, len(secret)) == ("kim@acme.example", 24)
    kim = user_by_email("kim@acme.example")
    assert kim is not None
    assert kim.roles == ("salesperson",)
    people = {one["email"]: one for one in json.loads(typed("user", "list", "--json").out)}
    assert people["kim@acme.example"]["active"]
    assert typed("user", "password", "kim@acme.example", "--stdin", stdin="too short\n").code == 2
    changed = typed("user", "password", "kim@acme.example", "--stdin", stdin="hq7m-x2kd-cccc-dddd\n")
    assert (changed.code, changed.out) == (0, "")  # who gives the password need not be told it


def test_tokens_are_shown_once(typed: Type) -> None:
    made = typed("token", "create", ADMIN, "--name", "Sheet", "--scope", "leads:see")
    (listed,) = json.loads(typed("token", "list", "--json").out)
    assert made.out.startswith(listed["begins"])
    assert made.out.strip() not in json.dumps(listed)
    assert typed("token", "revoke", str(listed["id"])).code == 0
    assert json.loads(typed("token", "list", "--json").out)[0]["revoked_at"] is not None


def test_reports_and_exports_come_out_whole(typed: Type, tmp_path: Path) -> None:
    found = json.loads(typed("report", "loop", "--json", "--days", "7").out)
    assert [row["part"] for row in found["rows"]] == ["Qualification", "Nurturing", "Distribution", "Selling"]
    assert "Qualification" in typed("report", "loop").out
    out = tmp_path / "events.csv"
    assert typed("export", "events", "--columns", "id, kind", "--out", str(out)).code == 0
    assert out.read_text().splitlines()[0] == "id,kind"
    assert list(tmp_path.iterdir()) == [out]  # nothing half-written lies about
    assert typed("export", "people").out.startswith("person.person_id,")
    assert "person.email" in typed("export", "people", "--list-columns").out


def test_somebody_gets_all_that_is_kept_and_is_erased(typed: Type, tmp_path: Path) -> None:
    file, to = tmp_path / "list.csv", tmp_path / "dana.json"
    file.write_text("name,email\nDana Ruiz,dana@acme.example\nLee Moss,lee@moss.example\n")
    assert typed("import", str(file), "--portal", "phone").code == 0
    to.write_text("somebody's own")
    for target, expected in ((to, "is there already"), (tmp_path / "no" / "where.json", "No such file")):
        said = typed("export-person", "dana@acme.example", "--to", str(target))
        assert (said.code, expected in said.err) == (2, True), said.err
    assert to.read_text() == "somebody's own"
    assert handed_out() == 0  # nothing is noted of what could not be written
    to.unlink()
    assert typed("export-person", "Dana@ACME.example", "--to", str(to)).out.strip() == str(to)
    assert (to.stat().st_mode & 0o777, handed_out()) == (0o600, 1)
    assert "dana@acme.example" in to.read_text()
    assert "Moss" not in to.read_text()

    ask = ("erase-person", "dana@acme.example", "--reason", "requested")
    assert "Nothing was changed" in typed(*ask).err
    assert typed("export", "people").out.count("Dana") == 1
    assert typed("erase-person", "dana@acme.example", "--reason", "bored").code == 2
    assert "\nErased: " in typed(*ask, "--yes").out
    assert "Dana" not in typed("export", "people").out
    assert typed(*ask, "--yes").err.startswith("Error: address: Nobody has this address")
    assert typed("check").code == 0


def handed_out() -> int:
    """How often the ledger says that what is kept of somebody was handed out."""
    return Event.objects.filter(kind="person.exported").count()


def test_after_a_restore_nothing_is_sent_until_somebody_says_so(
    machine: Machine, cluster: TestCluster, empty_db: str, tmp_path: Path
) -> None:
    bare(FIRM, password="hq7m-x2kd-aaaa-bbbb", now=clock.now())
    kept = tmp_path / "kept.dump"
    owner = {"LEADLOOP_DATABASE_OWNER_URL": cluster.url("superuser", empty_db)}  # who may make databases
    assert machine.run("db", "backup", str(kept), **owner).returncode == 0
    add_user(email="late@acme.example", name="Late", roles=["marketer"], actor=by_system("test"), now=clock.now())
    done = machine.run("db", "restore", str(kept), "--yes", **owner)
    assert done.returncode == 0, done.stderr
    connection.close()
    assert user_by_email("late@acme.example") is None
    assert company_now().sending_held_why == "Restored from a backup"
    assert machine.run("db", "release-sending", **owner).returncode == 0
    assert company_now().sending_held_since is None


def test_parked_facts_are_handed_over_again(empty_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bare(FIRM, password="hq7m-x2kd-aaaa-bbbb", now=clock.now())
    facts = events_with(kind="portal.saved", name="portal_id", values=[1])
    assert len(facts) == 1
    park(replaying.SCORE, facts, RuntimeError("no rules"))
    handled: list[int] = []

    def handle(events: object) -> None:
        if not handled:
            handled.append(1)
            raise RuntimeError("still none")
        handled.append(2)

    monkeypatch.setattr(replaying, "rescore", handle)
    assert replaying.replay(None) == 1
    assert replaying.replay("score") == 0
    assert handled == [1, 2]


def test_the_doctor_says_what_to_do(machine: Machine) -> None:
    done = machine.run("doctor", "--json", LEADLOOP_EMAIL_URL="")
    found = {one["part"]: one for one in json.loads(done.stdout)}
    assert found["database"]["state"] == "well"
    assert found["mail"] == {
        "part": "mail",
        "state": "note",
        "found": "no mail server is set; messages wait",
        "mend": "Set LEADLOOP_EMAIL_URL",
    }


def test_the_doctor_finds_settings_that_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> Config:
        raise Invalid("It is no number", field="LEADLOOP_PORT", mend="Give one")

    monkeypatch.setattr(doctor, "load", load)
    said = CliRunner().invoke(app, ["doctor", "--json"])
    assert said.exit_code == 1
    assert json.loads(said.output)[0]["mend"] == "LEADLOOP_PORT: Give one"


def test_sign_ins_of_the_demo_are_for_their_owner_alone(tmp_path: Path) -> None:
    kept = Kept(built=True, people=(SignIn("Salesperson", "Kim Maurer", "kim@acme.example", "hq7m"),))
    assert signins.read(tmp_path) is None
    signins.write(tmp_path, kept)
    assert signins.read(tmp_path) == kept
    assert (tmp_path / signins.NAME).stat().st_mode & 0o777 == 0o600
    assert signins.lines(kept) == ("  Salesperson  kim@acme.example  hq7m",)
    signins.forget(tmp_path)
    assert signins.read(tmp_path) is None


def test_the_first_start_may_say_which_company_it_is(empty_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    first.ensure(name="Marlow Tools", currency="USD", zone="America/Chicago", country="US")
    firm = company_now()
    assert (firm.name, firm.currency, firm.zone, firm.country) == ("Marlow Tools", "USD", "America/Chicago", "US")
    assert ADMIN in capsys.readouterr().err
    first.ensure(name="Another")
    assert company_now().name == "Marlow Tools"
    assert capsys.readouterr().err == ""


def test_the_columnar_copy_is_refreshed_and_shown(typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLOOP_COLUMNS", str(tmp_path / "columns"))
    config.load.cache_clear()
    try:
        assert typed("columns", "status").code == 1
        assert typed("columns", "show", "figures").code == 3
        done = typed("columns", "refresh", "--json")
        assert json.loads(done.out)["rebuilt"]
        assert json.loads(typed("columns", "status", "--json").out)["tables"]["event"]["rows"] > 0
        assert "follow-up rate" in typed("columns", "show", "figures").out.lower()
        assert "not measured here" in " ".join(typed("columns", "show", "benchmarks").out.split())
        for what in ("returns", "leaks"):
            assert typed("columns", "show", what).code == 0
        assert json.loads(typed("columns", "show", "leaks", "--json").out)["leaks"] == []
        assert typed("columns", "show", "guesses").code == 2
        assert typed("columns", "refresh", "--thorough").code == 0
    finally:
        monkeypatch.undo()
        config.load.cache_clear()
