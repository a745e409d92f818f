"""The pass over the whole base, from a file to one person, and what comes out of the house afterwards."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leadloop.capture.imports.contracts import Options
from leadloop.identity.contracts import FoundBy
from leadloop.identity.queries import history, known_as, last_pass, open_suggestions
from leadloop.identity.services import never_merge
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_system
from leadloop.ledger.sql import fetch
from leadloop.loop import check, exports, imports
from leadloop.loop.deduping import Outcome, dedupe
from leadloop.loop.tests.test_install import FIRM, PEOPLE, SQUADS, install
from leadloop.people.queries import everybody

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVENING = NOW + timedelta(hours=8)
OPERATOR = by_system("command-line")
HEADINGS = "id,first name,last name,email,company,city,date of birth\n"
FILE = HEADINGS + (
    "a1,Anna,Berg,anna.berg@acme.example,Acme,Kiel,1971-06-24\n"
    "a2,Ana,Berg,ana.berg@acme.example,Acme,Kiel,24.06.1971\n"
    "b1,Bruno,Costa,bruno@acme.example,Acme,Kiel,1980-02-03\n"
    "c1,Chidi,Okafor,,,Bonn,1969-09-30\n"
    "c2,Okafor,Chidi,,,Bonn,1969-09-30\n"
    "d1,Dara,Novak,dara@novak.example,Novak,Ulm,\n"
    "e1,Elif,Yilmaz,elif@hale.example,Hale,Graz,\n"
)


def bring(path: Path, text: str, *, days: int = 0) -> None:
    path.write_text(text)
    with clock.at(NOW + timedelta(days=days)):
        portal = imports.portal_named("trade-show")
        reading = imports.understand(path, portal, Options())
        imports.bring_in(path, reading, portal, actor=OPERATOR, now=clock.now(), on=lambda what, done, of: None)


def passed(*, days: int = 0, **how: object) -> Outcome:
    """In the evening of that day: long after who came in the morning."""
    with clock.at(EVENING + timedelta(days=days)):
        return dedupe(**how)  # type: ignore[arg-type]


@pytest.fixture
def seven(empty_db: str, tmp_path: Path) -> dict[str, int]:
    """Seven rows of a file, of five people; persons by the number in the file."""
    install(FIRM, PEOPLE, squads=SQUADS, now=NOW)
    bring(tmp_path / "people.csv", FILE)
    return numbers()


def numbers() -> dict[str, int]:
    """Persons by the number that their inquiry had in the other system."""
    file = io.StringIO()
    list(exports.write("inquiries", ["external_id", "person_id"], file))
    rows = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert all(list(row) == ["external_id", "person_id"] for row in rows)
    return {row["external_id"]: int(row["person_id"]) for row in rows}


def waiting() -> set[tuple[int, int]]:
    return {(one.person_a, one.person_b) for one in open_suggestions(limit=100)}


def pair(of: dict[str, int], one: str, other: str) -> tuple[int, int]:
    low, high = sorted((of[one], of[other]))
    return low, high


def test_who_is_in_the_base_twice_waits_for_somebody_to_decide(seven: dict[str, int]) -> None:
    done = passed()
    assert (done.people, done.fresh, done.pairs, done.clusters, done.suggested, done.merged) == (7, 7, 2, 2, 2, 0)
    assert waiting() == {pair(seven, "a1", "a2"), pair(seven, "c1", "c2")}
    assert {one.found_by for one in open_suggestions(limit=9)} == {FoundBy.BATCH}
    assert numbers() == seven


def test_what_is_sure_enough_is_merged_explained_and_every_inquiry_keeps_its_number(seven: dict[str, int]) -> None:
    done = passed(accept_above=0.9)
    assert (done.merged, done.held_back) == (2, 0)
    now = numbers()
    assert now.keys() == seven.keys()
    assert (now["a1"] == now["a2"], now["c1"] == now["c2"], len(set(now.values()))) == (True, True, 5)
    (merge,) = history(now["a1"]).merges
    assert merge.actor == "system:dedupe"
    assert {"family", "birth", "batch"} <= {reason["code"] for reason in merge.reasons}
    assert waiting() == set()
    assert check.run() == []


def test_what_an_earlier_pass_found_is_merged_by_a_later_one(seven: dict[str, int]) -> None:
    passed()
    done = passed(days=1, accept_above=0.9)
    assert (done.fresh, done.pairs, done.merged) == (0, 0, 2)


def test_a_later_pass_looks_at_who_is_new_unless_told_to_look_at_all(seven: dict[str, int], tmp_path: Path) -> None:
    passed()
    assert last_pass() == EVENING
    bring(tmp_path / "more.csv", f"{HEADINGS}b2,Bruno,Costa,,Acme,Kiel,1980-02-03\n", days=1)
    done = passed(days=1)
    assert (done.people, done.fresh, done.pairs, done.suggested) == (8, 1, 1, 1)
    assert pair(numbers(), "b1", "b2") in waiting()
    again = passed(days=2, whole=True)
    assert (again.fresh, again.pairs) == (8, 3)
    assert len(waiting()) == 3
    assert fetch("select people, fresh, pairs from identity_batchpass order by id") == [(7, 7, 2), (8, 1, 1), (8, 8, 3)]


def test_who_was_said_never_to_be_the_same_is_neither_suggested_nor_merged(seven: dict[str, int]) -> None:
    never_merge(one_id=seven["a1"], other_id=seven["a2"], actor=OPERATOR, now=NOW)
    done = passed(accept_above=0.9)
    assert (done.suggested, done.merged) == (1, 1)
    assert len(known_as([seven["a1"]])[seven["a1"]]) == 1


def test_a_pair_that_a_rule_holds_back_waits_and_says_why(seven: dict[str, int], tmp_path: Path) -> None:
    """A namesake at the same firm with an address of their own and no date of birth: sure, and still not merged."""
    bring(tmp_path / "more.csv", f"{HEADINGS}b2,Bruno,Costa,purchasing7@else.example,Acme,Kiel,\n")
    passed(accept_above=0.5)
    of = numbers()
    assert of["b1"] != of["b2"]
    (row,) = [one for one in open_suggestions(limit=9) if of["b2"] in (one.person_a, one.person_b)]
    assert row.reasons[-1]["code"] == "held_back"
    assert "e-mail addresses" in row.reasons[-1]["text"]
    passed(accept_above=0.5, whole=True)
    assert len(list(everybody())) == 6


@pytest.mark.parametrize("share", [0.3, 1.0, 99])
def test_what_is_no_probability_is_refused_before_anything_is_read(db: None, share: float) -> None:
    with pytest.raises(Invalid, match=r"accept-above.*0\.5"):
        passed(accept_above=share)
