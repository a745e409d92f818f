"""Imports: a file is looked at before anything is stored, a worker stores it, and every row is accounted for."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import orjson
import pytest
from django.core.files.uploadhandler import StopUpload
from django.db import connection

from leadloop.capture.contracts import PortalKind, Unreadable
from leadloop.capture.queries import import_runs, waiting
from leadloop.capture.services import claim, quarantine
from leadloop.front.capture import uploads
from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_portal_pages import set_up
from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import Lane, by_system
from leadloop.loop import files, intake, jobs
from tests.support.cast import MONDAY, Cast
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
FAIR = (
    "Name;E-Mail;Firma;Betreuer;Status;Datum\n"
    "Ann Bürg;ann@berg.example;Berg;Kim Maurer;contacted;03.04.2025\n"
    "Ben Cole;ben@cole.example;Cole;Nobody Known;brand new word;05.06.2025\n"
    "=1+1;;;;;\n"
)


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


@pytest.fixture
def fair(cast: Cast) -> Any:
    return set_up(cast, "trade-show", kind=PortalKind.STAFF)


def upload(client: Any, portal: Any, text: str | bytes = FAIR, name: str = "fair.csv") -> Any:
    file = BytesIO(text.encode() if isinstance(text, str) else text)
    file.name = name
    return client.post("/imports/upload", {"portal": portal.id, "file": file})


def chosen(page: str) -> dict[str, str]:
    """What the page would send: every select with its choice, every ticked box, every text."""
    found = dict(re.findall(r'<input class="input" id="(\w+)" name="\1" value="([^"]*)"', page))
    found |= dict.fromkeys(re.findall(r'<input type="checkbox" id="(\w+)" name="\1" checked', page), "on")
    for name, options in re.findall(r'<select class="input"[^>]* name="([\w-]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        picked = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = picked[1] if picked else ""
    return found


def figures(page: str) -> dict[str, str]:
    """The figures of the first panel that has any."""
    return dict(re.findall(r'<div class="stat"><dt>([^<]*)</dt><dd>([^<]*)</dd>', page))


def cells(page: str, caption: str) -> list[list[str]]:
    """The rows of the table with this caption."""
    table = page.split(f'<caption class="visually-hidden">{caption}</caption>')[1].split("</table>")[0]
    return [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in table.split("<tr>")[2:]]


def work_off() -> None:
    """What the worker does. A job that was done before finds its file gone, and does nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs where task_name = 'bring-in' order by id")
        for (args,) in cursor.fetchall():
            jobs.bring_in(**orjson.loads(args))


def test_without_a_portal_for_files_the_page_says_what_is_missing(cast: Cast) -> None:
    page = as_user(cast, "tomas").get("/imports").content.decode()
    assert "There is no portal for files yet" in page
    assert "No file was brought in yet." in page


def test_a_file_is_shown_as_it_was_understood_before_anything_is_stored(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    page = client.get(upload(client, fair)["Location"]).content.decode()
    assert "3 rows for Trade show" in page
    assert "Ann Bürg" in page
    picked = chosen(page)
    assert picked["delimiter"] == ";"
    assert picked["field-0"] == "full_name"
    assert picked["field-1"] == "email"
    assert picked["owner-0"] in (str(cast.user["kim"]), str(cast.user["tomas"]))
    assert "nobody found" in page
    assert "not known" in page
    assert waiting() == 0


def test_what_is_changed_is_read_again_and_kept(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    address = upload(client, fair)["Location"]
    given = chosen(client.get(address).content.decode())
    page = client.post(address, {**given, "field-2": "-", "do": "look"}).content.decode()
    assert chosen(page)["field-2"] == "-"
    assert "your choice" in page
    assert chosen(client.get(address).content.decode())["field-2"] == "-"


def test_a_dry_run_says_what_would_come_of_it(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    address = upload(client, fair)["Location"]
    page = client.post(address, {**chosen(client.get(address).content.decode()), "do": "try"}).content.decode()
    assert "What would come of it" in page
    assert cells(page, "What is wrong, by kind") == [
        ["No way to answer", "1", "4", "Map a column to E-mail, Phone, or to name and company; or complete the rows"]
    ]
    assert figures(page)["New people"] == "2"
    assert waiting() == 0


def test_dates_that_can_be_read_two_ways_must_be_decided(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    text = "Email,Created\nann@berg.example,03/04/2025\nben@cole.example,05/06/2025\n"
    address = upload(client, fair, text)["Location"]
    page = client.get(address).content.decode()
    assert "They can be read in more than one way." in page
    given = chosen(page)
    refused = client.post(address, {**given, "do": "start"})
    assert refused.status_code == 422
    assert "How are the dates" in refused.content.decode()
    begun = client.post(address, {**given, "date_style": "day_first", "do": "start"})
    assert re.fullmatch(r"/imports/\d+", begun["Location"])


def test_a_worker_brings_it_in_and_every_row_is_accounted_for(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    address = upload(client, fair)["Location"]
    name = address.rpartition("/")[2]
    begun = client.post(address, {**chosen(client.get(address).content.decode()), "do": "start"})["Location"]
    going = client.get(f"{begun}/progress")
    assert 'hx-trigger="every 2s"' in going.content.decode()
    assert "HX-Refresh" not in going

    work_off()
    assert waiting() == 3
    assert not files.place(name).exists()
    assert "0 of 3" in client.get(begun).content.decode()

    held = [one.submission_id for one in claim(lane=Lane.BULK, limit=10, now=MONDAY)]
    unreadable = [Unreadable(one, "no_contact", "Nobody could answer it.") for one in held]
    quarantine(unreadable=unreadable, actor=by_system("intake"), now=MONDAY)
    done = client.get(f"{begun}/progress")
    assert done["HX-Refresh"] == "true"
    page = client.get(begun).content.decode()
    assert "What came of it" in page
    assert "Nobody could answer it." in page
    jobs.finish_imports(timestamp=0)
    (run,) = import_runs()
    assert (run.state, run.rows, run.quarantined, run.waiting) == ("done", 3, 3, 0)


def test_rows_in_quarantine_come_back_as_a_file_that_no_spreadsheet_runs(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    address = upload(client, fair)["Location"]
    begun = client.post(address, {**chosen(client.get(address).content.decode()), "do": "start"})["Location"]
    work_off()
    held = [one.submission_id for one in claim(lane=Lane.BULK, limit=10, now=MONDAY)]
    quarantine(unreadable=[Unreadable(held[2], "no_contact", "Why.")], actor=by_system("intake"), now=MONDAY)
    answer = client.get(f"{begun}/errors.csv")
    assert answer["Content-Disposition"].startswith("attachment")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "Name,E-Mail,Firma,Betreuer,Status,Datum,error"
    assert lines[1] == "'=1+1,,,,,,Why."


def test_the_leads_of_an_import_are_listed_on_a_page_of_their_own(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    address = upload(client, fair)["Location"]
    begun = client.post(address, {**chosen(client.get(address).content.decode()), "do": "start"})["Location"]
    other = upload(client, fair, "Email\neve@else.example\n", "other.csv")["Location"]
    work_off()
    intake.take(Lane.BULK, limit=100)
    jobs.finish_imports(timestamp=0)
    with clock.at(MONDAY + timedelta(hours=1)):
        client.post(other, {**chosen(client.get(other).content.decode()), "do": "start"})
        work_off()
        intake.take(Lane.BULK, limit=100)
        page = client.get(f"{begun}/leads").content.decode()
    assert "Ann Bürg" in page
    assert "Ben Cole" in page
    assert "eve" not in page


def test_the_same_file_again_is_pointed_out(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    address = upload(client, fair)["Location"]
    client.post(address, {**chosen(client.get(address).content.decode()), "do": "start"})
    again = upload(client, fair)["Location"]
    assert "This very file was brought in on 2 Mar 2026" in client.get(again).content.decode()


@pytest.mark.parametrize("text", ["", b"PK\x03\x04 broken"])
def test_what_is_no_table_is_refused_with_a_reason(cast: Cast, fair: Any, text: str | bytes) -> None:
    client = as_user(cast, "tomas")
    answer = upload(client, fair, text)
    if answer.status_code == 302:
        address = answer["Location"]
        answer = client.get(address)
        assert client.get(address).status_code == 404  # and nothing is left of it
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_an_upload_is_only_its_owners(cast: Cast, fair: Any) -> None:
    address = upload(as_user(cast, "tomas"), fair)["Location"]
    assert as_user(cast, "mira").get(address).status_code == 404
    assert as_user(cast, "mira").post(address, {"do": "leave"}).status_code == 404
    assert as_user(cast, "tomas").post(address, {"do": "leave"})["Location"] == "/imports"
    assert as_user(cast, "tomas").get(address).status_code == 404


def test_who_sees_only_their_own_imports_sees_no_others(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    address = upload(client, fair)["Location"]
    begun = client.post(address, {**chosen(client.get(address).content.decode()), "do": "start"})["Location"]
    assert as_user(cast, "mira").get(begun).status_code == 404
    assert "fair.csv" not in as_user(cast, "mira").get("/imports").content.decode()
    assert "fair.csv" in as_user(cast, "paul").get("/imports").content.decode()


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_more(cast: Cast, fair: Any) -> None:
    client, counts = as_user(cast, "tomas"), []
    for text in (["a@x.example"], ["b@x.example", "c@x.example", "d@x.example"]):
        for email in text:
            address = upload(client, fair, f"Email\n{email}\n")["Location"]
            client.post(address, {**chosen(client.get(address).content.decode()), "do": "start"})
        client.get("/imports")
        counts.append(asked(client, "/imports"))
    assert counts[0] == counts[1] <= 10


def test_a_file_that_grows_too_long_is_given_up_and_leaves_nothing() -> None:
    handler = uploads.ToHome(most=10)
    handler.new_file("file", "big.csv", "text/csv", None)
    handler.receive_data_chunk(b"12345", 0)
    (kept,) = [path for path in files.place(files.new_name()).parent.iterdir() if path.stat().st_size in (0, 5)]
    with pytest.raises(StopUpload):
        handler.receive_data_chunk(b"678901", 5)
    assert handler.too_long
    assert not kept.exists()


def test_a_long_upload_is_refused_in_words(cast: Cast, fair: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadloop.front.capture.imports.ToHome", lambda request: uploads.ToHome(request, most=10))
    answer = upload(as_user(cast, "tomas"), fair)
    assert answer.status_code == 422
    assert "The file is longer than" in answer.content.decode()


def test_an_upload_without_the_token_of_the_page_is_refused(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    client.handler.enforce_csrf_checks = True
    assert upload(client, fair).status_code == 403


@pytest.mark.parametrize("name", ["../../secret-key", "a", "x" * 100, "abc/def"])
def test_no_path_can_be_smuggled_in(name: str) -> None:
    with pytest.raises(NotFound):
        files.place(name)
