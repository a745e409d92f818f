"""How files are understood before anything is stored."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from leadloop.capture.imports.contracts import Options, Reading
from leadloop.capture.imports.reading import plan
from leadloop.capture.parse.fields import Field
from leadloop.capture.tests.conftest import a_portal
from leadloop.kernel.errors import Invalid
from leadloop.leads.contracts import Stage

USERS = {"Kim Maurer": 1, "kim@alder-finch.example": 1, "Ola Novak": 2, "Sam Reyes": 3}


def understand(folder: Path, text: str, saved: Any = None, **options: Any) -> Reading:
    path = folder / "leads.csv"
    path.write_text(text)
    return plan(path, a_portal(), Options(**({"users": USERS} | options)), saved)


def fields(reading: Reading) -> dict[str, str]:
    return {column.header: column.field for column in reading.columns}


@pytest.fixture(scope="module")
def zoho() -> Reading:
    folder = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "zoho_crm_demo"
    if not folder.is_dir():
        pytest.skip("the shared test data is not beside this checkout")
    with (folder / "Users.csv").open() as file:
        users = {row["Last Name"]: int(row["USER_ID"]) for row in csv.DictReader(file)}
    return plan(folder / "Leads.csv", a_portal(country="DE"), Options(users=users, zone="Europe/Berlin"))


def test_the_crm_demo_maps_itself(zoho: Reading) -> None:
    assert (zoho.rows, zoho.encoding, zoho.delimiter, zoho.questions) == (3900, "utf-8", ",", ())
    assert fields(zoho) == {
        "LEADID": Field.EXTERNAL_ID,
        "Last Name": Field.FAMILY_NAME,
        "Company": Field.COMPANY,
        "Lead Owner": Field.OWNER,
        "Email": Field.EMAIL,
        "Mobile": Field.MOBILE,
        "Website": Field.WEBSITE,
        "Industry": Field.INDUSTRY,
        "Lead Source": Field.SOURCE,
        "Lead Status": Field.STATUS,
        "Created Time": Field.CREATED_AT,
        "CONVERTED": Field.CONVERTED,
        "month_Created Time1": "",
    }
    assert all(column.fill == 1 for column in zoho.columns)
    assert next(c.style for c in zoho.columns if c.field == Field.CREATED_AT) == "named"


def test_the_crm_demos_owners_are_all_found(zoho: Reading) -> None:
    assert len(zoho.owners) == 11
    assert {row.how for row in zoho.owners} == {"name"}
    assert sum(row.rows for row in zoho.owners) == 3900


def test_the_crm_demos_statuses_have_their_places(zoho: Reading) -> None:
    assert {row.text: (row.rows, row.stage or row.closed_as, row.reason) for row in zoho.statuses} == {
        "Contact in Future": (781, Stage.NURTURING, ""),
        "Contacted": (780, Stage.WORKING, ""),
        "Pre Qualified": (776, Stage.QUALIFIED, ""),
        "Lost Lead": (392, Stage.LOST, "imported_lost"),
        "Not Contacted": (392, Stage.ASSIGNED, ""),
        "Attempted to Contact": (391, Stage.ACCEPTED, ""),
        "Junk Lead": (388, Stage.DISQUALIFIED, "junk"),
    }
    assert zoho.converted is not None
    assert (zoho.converted.rows, zoho.converted.stage) == (3632, Stage.OPPORTUNITY)


def test_the_crm_demos_numbers_are_american_though_the_company_is_german(zoho: Reading) -> None:
    assert zoho.country == "US"
    assert any("numbers of US" in note for note in zoho.notes)


def test_what_is_kept_of_a_reading_holds_no_samples(zoho: Reading) -> None:
    assert any(column.samples for column in zoho.columns)
    assert "GaryLDenson" not in str(zoho.as_json())


def test_a_file_of_fillers_and_flags(data: Path) -> None:
    reading = plan(data / "x_education" / "Leads.csv", a_portal(), Options())
    by_header = {column.header: column for column in reading.columns}
    assert reading.rows == 9240
    assert len(reading.columns) == 38
    assert by_header["Column 38"].fill == 0
    assert by_header["Specialization"].fill == pytest.approx(0.634, abs=0.001)  # without "Select"
    found = {header: field for header, field in fields(reading).items() if field}
    assert found == {
        "Prospect ID": Field.EXTERNAL_ID,
        "Lead Source": Field.SOURCE,
        "Do Not Email": Field.NO_EMAIL,
        "Do Not Call": Field.NO_PHONE,
        "Converted": Field.CONVERTED,
        "Country": Field.COUNTRY,
        "City": Field.CITY,
    }
    assert any("quarantine" in note for note in reading.notes)


def test_headings_that_mislead_give_way_to_what_the_column_holds(tmp_path: Path) -> None:
    rows = "\n".join(f"ann{n}@b.example,+49 30 1234567{n},www.firm{n}.example,Mr,note" for n in range(6))
    found = fields(understand(tmp_path, f"Contact,x1,Company,Title,Anything\n{rows}\n"))
    assert found == {"Contact": "email", "x1": "phone", "Company": "website", "Title": "", "Anything": ""}


def test_a_field_is_given_to_one_column_and_the_better_one(tmp_path: Path) -> None:
    rows = "\n".join(f"none{n},ann{n}@b.example,ben{n}@b.example" for n in range(5))
    found = fields(understand(tmp_path, f"E-Mail,Email address,Work email\n{rows}\n"))
    assert found == {"E-Mail": "", "Email address": "email", "Work email": ""}


def test_choices_count_before_guesses_and_must_exist(tmp_path: Path) -> None:
    text = "A,B\nann@b.example,Berg\n"
    assert fields(understand(tmp_path, text, fields={"B": "family_name"})) == {"A": "email", "B": "family_name"}
    assert fields(understand(tmp_path, text, fields={"A": "-"})) == {"A": "-", "B": ""}
    for wrong in ({"C": "email"}, {"A": "e-mail-address"}):
        with pytest.raises(Invalid):
            understand(tmp_path, text, fields=wrong)


def test_a_number_that_repeats_is_nobodys_number(tmp_path: Path) -> None:
    rows = "\n".join(f"7,C{n},ann{n}@b.example" for n in range(50))
    found = fields(understand(tmp_path, f"id,contact id,email\n{rows}\n"))
    assert found == {"id": "", "contact id": "person_id", "email": "email"}


def test_dates_that_can_be_read_two_ways_are_asked_once(tmp_path: Path) -> None:
    text = "email,created\na@b.example,03/04/2025\nc@b.example,05/06/2025\n"
    reading = understand(tmp_path, text)
    assert [question.option for question in reading.questions] == ["date_style"]
    assert dict(reading.questions[0].choices).keys() == {"day_first", "month_first"}
    answered = understand(tmp_path, text, date_style="day_first")
    assert answered.questions == ()
    assert next(c.style for c in answered.columns if c.field == "created_at") == "day_first"
    telling = understand(tmp_path, text + "d@b.example,25/12/2025\n")
    assert next(c.style for c in telling.columns if c.field == "created_at") == "day_first"


def test_one_typing_error_does_not_spoil_a_column_of_dates(tmp_path: Path) -> None:
    rows = "\n".join(f"a{n}@b.example,{n + 1}/12/2025" for n in range(28))
    reading = understand(tmp_path, f"email,created\n{rows}\nz@b.example,soon\n")
    assert next(c.style for c in reading.columns if c.field == "created_at") == "day_first"


def test_owners_are_found_by_name_in_any_order_or_address(tmp_path: Path) -> None:
    owners = ["Kim Maurer", "Novak, Ola", "KIM@alder-finch.example", "Nobody Known", "kim maurer"]
    rows = "\n".join(f'a{n}@b.example,"{owner}"' for n, owner in enumerate(owners))
    reading = understand(tmp_path, f"email,owner\n{rows}\n", fallback_owner=9, owners={"Nobody Known": 3})
    assert {row.text: (row.user_id, row.how) for row in reading.owners} == {
        "Kim Maurer": (1, "name"),
        "Novak, Ola": (2, "name"),
        "KIM@alder-finch.example": (1, "email"),
        "Nobody Known": (3, "chosen"),
        "kim maurer": (1, "name"),
    }
    unknown = understand(tmp_path, f"email,owner\n{rows}\n", fallback_owner=9)
    assert {row.text: row.user_id for row in unknown.owners if row.how == "fallback"} == {"Nobody Known": 9}
    assert any("Nobody Known" in note for note in unknown.notes)


def test_two_users_of_one_name_are_not_guessed_between(tmp_path: Path) -> None:
    users = {"Kim Maurer": 1, "Maurer Kim": 2}
    reading = understand(tmp_path, "email,owner\na@b.example,Kim Maurer\n", users=users, fallback_owner=9)
    assert reading.owners[0].how == "fallback"


def test_statuses_and_conversion_can_be_decided_by_hand(tmp_path: Path) -> None:
    text = "email,status,converted\na@b.example,Frozen,yes\nb@b.example,Won,no\nc@b.example,Half,no\n"
    reading = understand(tmp_path, text, statuses={"Frozen": "lost/price", "Half": "working"}, converted="won")
    assert {row.text: (row.stage, row.closed_as, row.reason, row.how) for row in reading.statuses} == {
        "Frozen": (None, Stage.LOST, "price", "chosen"),
        "Won": (None, Stage.WON, "imported_won", "known"),
        "Half": (Stage.WORKING, None, "", "chosen"),
    }
    assert reading.converted is not None
    assert (reading.converted.closed_as, reading.converted.reason) == (Stage.WON, "imported_won")
    assert understand(tmp_path, text, converted="").converted is None
    unknown = understand(tmp_path, text)
    assert Counter(row.how for row in unknown.statuses) == {"unknown": 2, "known": 1}
    assert any("'Frozen'" in note for note in unknown.notes)
    with pytest.raises(Invalid):
        understand(tmp_path, text, statuses={"Half": "limbo"})


def test_a_saved_reading_brings_back_what_was_decided(tmp_path: Path) -> None:
    text = "email,owner,status,x,created\na@b.example,Somebody,Odd,Berg,03/04/2025\n"
    decided = understand(
        tmp_path, text, owners={"Somebody": 2}, statuses={"Odd": "disqualified/junk"}, fields={"x": "family_name"},
        date_style="month_first", fresh=True,
    )  # fmt: skip
    again = understand(tmp_path, text, saved=decided.as_json())
    assert fields(again)["x"] == "family_name"
    assert (again.owners[0].user_id, again.statuses[0].closed_as) == (2, Stage.DISQUALIFIED)
    assert (again.questions, again.fresh) == ((), True)


def test_cells_that_do_not_fit_the_encoding_are_listed_by_row(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"email,city\n" + "a@b.example,K\u00f6ln\n".encode() * 20 + b"z@b.example,L\xfcbeck\n")
    reading = plan(path, a_portal(), Options())
    assert reading.bad_cell_count == 1
    assert [(cell.row, cell.column) for cell in reading.bad_cells] == [(22, "city")]


def test_ragged_rows_are_told(tmp_path: Path) -> None:
    reading = understand(tmp_path, "email,city\na@b.example\nb@b.example,Bonn,more\n")
    assert any("fewer cells" in note for note in reading.notes)
    assert any("more cells" in note for note in reading.notes)


def test_numbers_that_fit_no_country_are_told(tmp_path: Path) -> None:
    rows = "\n".join(f"(1234567) 890-123456{n},a{n}@b.example" for n in range(9))
    reading = understand(tmp_path, f"phone,email\n{rows}\n")
    assert reading.country == "DE"
    assert any("phone numbers" in note for note in reading.notes)
