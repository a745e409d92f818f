"""Tables as files: the rows of the page with values in place of words, for those who may, and noted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from leadloop.front.cells import cell, heads
from leadloop.front.company.periods import rows_url
from leadloop.front.sheets import download
from leadloop.front.sheets.writing import write_csv, write_xlsx
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.kernel.money import Money
from leadloop.ledger.contracts import by_user
from leadloop.ledger.models import Event
from leadloop.people import services as people
from leadloop.people.contracts import NewPerson
from leadloop.segments.contracts import NewSegment, Subject
from leadloop.segments.services import save
from leadloop.selling.queries import pipeline_stages
from leadloop.selling.services import install_pipeline
from leadloop.selling.tests.desk import Desk
from leadloop.selling.tests.test_accounts import firms, leads_of
from leadloop.tracking.contracts import Period
from tests.support.cast import Cast

LATE = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
MOMENT = LATE.astimezone(ZoneInfo("Europe/Berlin"))
FULL = {
    "columns": heads("Name", ("Amount", "money"), ("Chance", "share"), ("Deals", "number"), ("Day", "day"),
                     ("Moment", "moment")),
    "rows": [
        {"cells": ["=1+1", cell(Money(123_456, "EUR"), text="€1.2k"), cell(0.25), cell(3, url="/x", value=3),
                   cell(date(2026, 3, 1)), cell(LATE, "Europe/Berlin")]},
        {"cells": ["+49 30 1234", cell(Money(500, "JPY")), cell(None, text="–"), cell(0),
                   cell(LATE, "Europe/Berlin"), "never"]},
        {"cells": ["-Ärger\r\n@home", "none", cell(None), cell(None), "", cell(None)]},
    ],
}  # fmt: skip


pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")


@pytest.fixture
def desk(db: None, cast: Cast) -> Iterator[Desk]:
    install_pipeline()
    desk = Desk(cast)
    with clock.at(desk.now):
        yield desk


def read(answer: Any) -> list[list[Any]]:
    """The rows of a file, heads among them."""
    assert answer.status_code == 200, answer.request["PATH_INFO"]
    body = b"".join(answer)
    assert len(body) == int(answer["Content-Length"])
    if answer["Content-Type"].startswith("text/csv"):
        return list(csv.reader(io.StringIO(body.decode("utf-8"), newline="")))
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_a_csv_holds_values_and_no_formula() -> None:
    file = io.BytesIO()
    assert write_csv(file, "Deals", [FULL, {**FULL, "rows": FULL["rows"][:1]}]) == 4
    rows = list(csv.reader(io.StringIO(file.getvalue().decode(), newline="")))
    assert rows[0] == ["Name", "Amount", "Amount, currency", "Chance", "Deals", "Day", "Moment"]
    assert rows[1] == ["'=1+1", "1234.56", "EUR", "0.25", "3", "2026-03-01", "2026-03-02T00:30:00"]
    assert rows[2] == ["+49 30 1234", "500", "JPY", "", "0", "2026-03-02", ""]
    assert rows[3] == ["'-Ärger\r\n'@home", "", "", "", "", "", ""]
    assert rows[4] == rows[1]


def test_a_workbook_holds_numbers_and_dates() -> None:
    file = io.BytesIO()
    assert write_xlsx(file, "What / it [is]: a name far longer than a sheet may have", [FULL]) == 3
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue()))
    assert book.sheet_names == ["What  it is a name far longer t"]
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1] == ["'=1+1", 1234.56, "EUR", 0.25, 3.0, date(2026, 3, 1), MOMENT.replace(tzinfo=None)]
    assert rows[2][:3] == ["+49 30 1234", 500.0, "JPY"]
    assert rows[3][1:5] == ["", "", "", ""]


def some(desk: Desk) -> int:
    """Two leads of Kim's and one of Sam's at a firm, with a deal of Kim's and a segment of each kind."""
    (firm,) = firms(desk, "=Acme", industry="Machinery")
    mine = leads_of(desk, firm, "kim", "kim")
    leads_of(desk, firm, "sam")
    desk.deal(mine[0].id, company_id=firm, name="@Pumps", amount=1_234_50)
    ids = [
        save(
            segment=NewSegment(
                name=str(subject), subject=subject, criteria={"all": [{"facet": facet, "op": "is_set"}]},
                owner_id=desk.user("ines"),
            ),
            actor=by_user(desk.user("ines")), now=desk.now,
        )
        for subject, facet in ((Subject.LEAD, "lead.fit"), (Subject.PERSON, "person.known_since"))
    ]  # fmt: skip
    return ids[1]


def test_every_table_comes_as_both_files_with_the_rows_of_its_page(desk: Desk) -> None:
    people_of = some(desk)
    helen = as_user(desk.cast, "helen")
    pages = {
        "/leads": 3, "/leads?stage=opportunity": 1, "/companies": 1, "/programmes?p=30": None, "/pipeline": 1,
        f"/pipeline/{pipeline_stages()[0].key}": None, "/portals": 0, "/imports": 0,
        "/segments": 2, f"/segments/{people_of}/people": 3, "/forecast?table=people": None,
        "/forecast?table=record": None, rows_url("capture.taken_in", Period(desk.now - timedelta(days=7), desk.now)): 0,
    }  # fmt: skip
    for page, expected in pages.items():
        joint = "&" if "?" in page else "?"
        as_csv, as_xlsx = (read(helen.get(f"{page}{joint}format={form}")) for form in ("csv", "xlsx"))
        assert as_csv[0] == as_xlsx[0], page
        assert len(as_csv) == len(as_xlsx), page
        if expected is not None:
            assert len(as_csv) == 1 + expected, page
        shown = helen.get(page.partition("?table")[0]).content.decode()
        assert "format=csv" in shown or expected == 0, page
    staff = read(as_user(desk.cast, "ada").get("/system/users?format=csv"))
    assert len(staff) == 1 + len(desk.cast.user)
    assert read(helen.get("/companies?format=csv"))[1][:1] == ["'=Acme"]
    deal = dict(zip(*read(helen.get("/pipeline?format=xlsx"))[:2], strict=True))
    assert (deal["Deal"], deal["Amount"], deal["Amount, currency"]) == ("'@Pumps", 1234.5, "EUR")
    assert deal["Company"] == "'=Acme"


def test_who_may_export_takes_their_part_and_others_take_nothing(desk: Desk) -> None:
    some(desk)
    ruth = read(as_user(desk.cast, "ruth").get("/leads?format=csv"))
    assert len(ruth) == 1 + 2  # the team's, not Sam's
    for name in ("kim", "mira", "tomas", "ada"):
        client = as_user(desk.cast, name)
        assert "format=csv" not in client.get("/leads").content.decode(), name
        assert client.get("/leads?format=csv").status_code == 403, name
    assert (
        as_user(desk.cast, "ines").get("/portals?format=csv").status_code == 403
    )  # she changes, but takes nothing out
    assert as_user(desk.cast, "helen").get("/leads?format=pdf").status_code == 422
    assert as_user(desk.cast, "helen").get("/forecast?format=csv&table=weather").status_code == 404


def test_what_was_taken_is_noted_without_naming_anybody(desk: Desk) -> None:
    some(desk)
    as_user(desk.cast, "helen").get(f"/leads?format=xlsx&q=buyer&stage=working&owner={desk.user('kim')}")
    fact = Event.objects.get(kind="table.exported")
    assert fact.actor == str(by_user(desk.user("helen")))
    assert fact.payload == {
        "table": "leads", "form": "xlsx", "rows": 1, "filters": [f"owner={desk.user('kim')}", "q", "stage=working"],
    }  # fmt: skip


def test_a_long_list_goes_on_page_by_page_and_a_far_too_long_one_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(desk)
    people.remember([NewPerson(ref=1, family="Further")], **desk.kim)
    helen = as_user(desk.cast, "helen")
    monkeypatch.setattr("leadloop.front.work.table.FILE_PAGE", 1)
    rows = read(helen.get("/leads?format=csv"))
    assert len({tuple(row) for row in rows}) == 1 + 3
    monkeypatch.setattr(download, "MOST", 2)
    refused = helen.get("/leads?format=csv")
    assert refused.status_code == 422
    assert "leadloop export" in refused.content.decode()
    assert Event.objects.filter(kind="table.exported").count() == 1
