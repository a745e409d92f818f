"""A pile of cards is counted, entered, compared, and becomes inquiries as a whole."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadloop.capture.contracts import PortalRow
from leadloop.capture.models import PaperRow, Submission
from leadloop.capture.papers import NewBatch
from leadloop.capture.queries import batches, paper_rows
from leadloop.capture.services import (
    claim,
    drop_row,
    enter,
    enter_again,
    open_batch,
    read,
    release,
    rows_of,
    rows_of_file,
)
from leadloop.capture.tests.conftest import NOW
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import Lane, by_user
from leadloop.people.contracts import ContactValue, NewPerson
from leadloop.people.services import forget, remember
from tests.support.cast import Cast

DANA = {"full_name": "Dana Ruiz", "company": "Acme", "email": "dana@acme.example"}
LEE = {"full_name": "Lee Moss", "company": "Moss"}


def opened(fair: PortalRow, cast: Cast, **more: Any) -> int:
    said = {"portal_id": fair.id, "name": "Bingo cards", "expected": 2, "happened_on": date(2026, 3, 1), **more}
    return open_batch(batch=NewBatch(**said), actor=by_user(cast.user["tomas"]), now=NOW)


def let_go(batch_id: int, cast: Cast, reason: str = "") -> int:
    return release(batch_id=batch_id, reason=reason, actor=by_user(cast.user["tomas"]), now=NOW)


def test_a_batch_is_released_when_its_balance_is_nought(db: None, fair: PortalRow, cast: Cast) -> None:
    batch, tomas = opened(fair, cast, key_code="spring"), by_user(cast.user["tomas"])
    enter(batch_id=batch, rows=[DANA], actor=tomas)
    with pytest.raises(Conflict, match="2 are expected and 1 entered"):
        let_go(batch, cast)
    assert not Submission.objects.exists()
    enter(batch_id=batch, rows=[LEE], actor=tomas)
    assert let_go(batch, cast) == 2
    claimed = claim(lane=Lane.LIVE, limit=10, now=NOW)
    parsed, unreadable = read(claimed, now=NOW)
    assert unreadable == []
    assert {one.programme_id for one in parsed} == {cast.programme["spring"]}
    assert [one.candidate.company_name for one in parsed] == ["Acme", "Moss"]
    assert {one.happened_at.date() for one in parsed} == {date(2026, 3, 1)}
    assert not PaperRow.objects.exclude(texts={}).exists()  # what they say is a delivery now, and nothing else
    (row,) = batches([batch])
    assert (row.entered, row.missing, row.reason) == (2, 0, "")
    with pytest.raises(Conflict, match="was released"):
        let_go(batch, cast)


def test_a_reason_releases_what_does_not_come_out_and_stands_with_it(db: None, fair: PortalRow, cast: Cast) -> None:
    batch, tomas = opened(fair, cast, expected=3), by_user(cast.user["tomas"])
    enter(batch_id=batch, rows=[DANA, LEE, LEE], actor=tomas)
    drop_row(batch_id=batch, number=3)
    assert let_go(batch, cast, "One card was blank") == 2
    assert batches([batch])[0].reason == "One card was blank"


def test_two_entries_are_compared_and_a_third_decides(db: None, fair: PortalRow, cast: Cast) -> None:
    batch = opened(fair, cast, twice=True)
    tomas, mira = by_user(cast.user["tomas"]), by_user(cast.user["mira"])
    enter(batch_id=batch, rows=[DANA, LEE], actor=tomas)
    with pytest.raises(Conflict, match="2 wait for their second entry"):
        let_go(batch, cast)
    assert enter_again(batch_id=batch, number=1, texts={**DANA, "full_name": "dana  ruiz"}, actor=mira) == []
    wrong = {**LEE, "company": "Moos"}
    assert enter_again(batch_id=batch, number=2, texts=wrong, actor=mira) == ["company"]
    assert [(row.checked, row.again) for row in paper_rows(batch)] == [(True, None), (False, wrong)]
    assert batches([batch])[0].unchecked == 1
    assert enter_again(batch_id=batch, number=2, texts=LEE, actor=tomas) == []
    assert let_go(batch, cast) == 2


def test_rows_come_from_a_file_of_cards_or_a_table(db: None, tmp_path: Path) -> None:
    table = tmp_path / "cards.csv"
    table.write_text("Name;Firma;E-Mail;Score\nDana Ruiz;Acme;dana@acme.example;7\n;;;\n")
    assert rows_of_file(table) == [DANA]
    cards = tmp_path / "cards.vcf"
    cards.write_text("BEGIN:VCARD\nFN:Lee Moss\nORG:Moss\nEND:VCARD\nBEGIN:VCARD\nFN:Ann Berg\nEND:VCARD\n")
    assert rows_of_file(cards) == [LEE, {"full_name": "Ann Berg"}]
    with pytest.raises(Invalid, match="no heading names anything of a card"):
        rows_of_file(write(tmp_path, "a;b\n1;2\n"))
    with pytest.raises(Invalid, match="this is no card"):
        rows_of("hello")


def write(folder: Path, text: str) -> Path:
    path = folder / "other.csv"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"expected": 0}, "1 to 2,000 replies"),
        ({"name": " "}, "has no name"),
        ({"key_code": "nobody knows"}, "no programme has the key code"),
    ],
)
def test_a_batch_that_can_not_be_is_refused(
    db: None, fair: PortalRow, cast: Cast, wrong: dict[str, Any], says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        opened(fair, cast, **wrong)


def test_an_empty_card_is_refused(db: None, fair: PortalRow, cast: Cast) -> None:
    with pytest.raises(Invalid, match="nothing on this card"):
        enter(batch_id=opened(fair, cast), rows=[{"full_name": " ", "x": "y"}], actor=by_user(cast.user["tomas"]))


def test_a_card_that_waits_is_emptied_with_its_person(db: None, fair: PortalRow, cast: Cast) -> None:
    tomas = by_user(cast.user["tomas"])
    batch = opened(fair, cast)
    enter(batch_id=batch, rows=[DANA, LEE], actor=tomas)
    dana = NewPerson(ref=1, emails=(ContactValue("dana@acme.example", "dana@acme.example"),))
    ids = remember([dana], actor=tomas, now=NOW)
    forget(person_id=ids[1], actor=tomas, now=NOW + timedelta(hours=1))
    assert [row.texts for row in paper_rows(batch)] == [{}, LEE]
