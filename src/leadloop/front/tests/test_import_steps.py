"""Imports beyond the first look: tried by a worker, kept choices, stopped, taken back, whole exports, hostile names."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import orjson
import pytest
from django.db import connection

from leadloop.capture.queries import import_runs, waiting
from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_import_pages import FAIR, cells, chosen, fair, figures, now, upload, work_off
from leadloop.ledger.contracts import Lane
from leadloop.loop import files, intake, jobs
from leadloop.selling.services import install_pipeline
from tests.support.cast import Cast

__all__ = ["fair", "now"]
pytestmark = pytest.mark.django_db


def test_a_long_file_is_tried_by_the_worker_while_the_page_looks_on(
    cast: Cast, fair: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadloop.front.capture.trials.MOST_AT_ONCE", 2)
    client = as_user(cast, "tomas")
    address = upload(client, fair)["Location"]
    page = client.post(address, {**chosen(client.get(address).content.decode()), "do": "try"}).content.decode()
    assert "0 of 3" in page
    assert "Trying it out" in client.get(f"{address}/tried").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs where task_name = 'try-file'")
        ((args,),) = cursor.fetchall()
    jobs.try_file(**orjson.loads(args))
    done = client.get(f"{address}/tried").content.decode()
    assert figures(done) == {
        "Rows": "3", "New people": "2", "Known people": "0", "Twice in the file": "0", "Errors": "1",
        "Suppressed, kept so": "0",
    }  # fmt: skip
    assert as_user(cast, "ines").get(f"{address}/tried").status_code == 404  # it is not her file
    assert waiting() == 0


def test_choices_are_kept_under_a_name_and_offered_for_files_with_these_headings(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    address = upload(client, fair)["Location"]
    given = chosen(client.get(address).content.decode())
    page = client.post(address, {**given, "field-2": "-", "keep_as": "", "do": "keep"}).content.decode()
    assert "Say a name" in page
    page = client.post(address, {**given, "field-2": "-", "keep_as": "Fair lists", "do": "keep"}).content.decode()
    assert "Kept as “Fair lists”" in page

    other = upload(client, fair, FAIR.replace("ann@", "anne@"))["Location"]
    page = client.get(other).content.decode()
    assert chosen(page)["template"] == ""
    page = client.post(other, {**chosen(page), "template": "Fair lists", "do": "look"}).content.decode()
    assert (chosen(page)["template"], chosen(page)["field-2"]) == ("Fair lists", "-")
    strange = upload(client, fair, "Name;E-Mail\nAnn Berg;ann@berg.example\n")["Location"]
    assert "template" not in chosen(client.get(strange).content.decode())


def test_the_way_a_date_is_read_is_shown(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    page = client.get(upload(client, fair)["Location"]).content.decode()
    assert "03.04.2025 is 3 April 2025" in page


def test_an_import_is_stopped_and_taken_back_on_its_page(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    address = upload(client, fair)["Location"]
    client.post(address, {**chosen(client.get(address).content.decode()), "do": "start"})
    (run,) = import_runs()
    assert "Stop this import" in client.get(f"/imports/{run.id}").content.decode()
    assert client.post(f"/imports/{run.id}/undo").status_code == 422  # it is still at work
    work_off()
    intake.take(Lane.BULK, limit=1)
    client.post(f"/imports/{run.id}/cancel")
    (run,) = import_runs()
    assert (run.state, run.stored, run.new, run.waiting) == ("cancelled", 1, 1, 0)
    page = client.get(f"/imports/{run.id}").content.decode()
    assert "It was stopped" in page
    assert "Take it back" in page
    assert client.post(f"/imports/{run.id}/cancel").status_code == 422

    client.post(f"/imports/{run.id}/undo")
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs where task_name = 'undo-import'")
        ((args,),) = cursor.fetchall()
    jobs.undo_import(**orjson.loads(args))
    jobs.undo_import(**orjson.loads(args))  # a worker killed right after does it again
    page = client.get(f"/imports/{run.id}").content.decode()
    assert "It was taken back" in page
    assert figures(page)["Leads closed"] == "1"
    assert "Take it back" not in page


def test_another_systems_export_is_taken_over_by_the_worker(cast: Cast, fair: Any) -> None:
    install_pipeline()
    client = as_user(cast, "tomas")
    assert "Take over from another system" in client.get("/imports").content.decode()
    assert "Salesforce" in client.get("/imports/take-over").content.decode()
    archive = BytesIO()
    with ZipFile(archive, "w") as packed:
        packed.writestr("Lead.csv", "Id,LastName,Email,Status\n00Q1,Moss,lee@moss.example,Open\n00Q2,,,Open\n")
        packed.writestr("Order.csv", "Id\n801\n")
    file = BytesIO(archive.getvalue())
    file.name = "export.zip"
    assert client.post("/imports/take-over", {"system": "sugar", "file": file}).status_code == 422
    file.seek(0)
    address = client.post("/imports/take-over", {"system": "salesforce", "file": file})["Location"]
    assert "It is being brought in" in client.get(address).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs where task_name = 'take-over'")
        ((args,),) = cursor.fetchall()
    jobs.take_over(**orjson.loads(args))
    jobs.take_over(**orjson.loads(args))  # a worker that was killed right after finds nothing left to do
    page = client.get(address).content.decode()
    assert ["Leads", "1", "0"] in cells(page, "What came in")
    assert cells(page, "What could not be taken, and why") == [["Order.csv", "1", "no place for it here"]]
    assert "1 people wait in quarantine" in page
    assert as_user(cast, "ines").get(address).status_code == 404


def test_fault_32_how_the_text_is_coded_is_shown_and_can_be_chosen(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    text = "Name;E-mail\n山田 太郎;taro@yamada.example\n" * 1 + "".join(
        f"鈴木 花子;hanako{n}@suzuki.example\n" for n in range(40)
    )
    address = upload(client, fair, text.encode("cp932"))["Location"]
    page = client.get(address).content.decode()
    assert chosen(page)["encoding"] in ("", "cp932")
    assert "山田 太郎" in page
    western = client.post(address, {**chosen(page), "encoding": "cp1252", "do": "look"}).content.decode()
    assert chosen(western)["encoding"] == "cp1252"
    assert "山田 太郎" not in western
    back = client.post(address, {**chosen(western), "encoding": "cp932", "do": "look"}).content.decode()
    assert "山田 太郎" in back


def test_fault_38_the_day_that_was_asked_about_is_shown_as_it_will_be_read(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    text = "Name;E-mail;Created\nAnn Berg;ann@berg.example;03/04/2025\nBo Lund;bo@lund.example;05/06/2025\n"
    address = upload(client, fair, text)["Location"]
    page = client.get(address).content.decode()
    assert "day first: 03/04/2025 is 3 April" in page
    assert "month first: 03/04/2025 is 4 March" in page
    for style, said in (("day_first", "03/04/2025 is 3 April 2025"), ("month_first", "03/04/2025 is 4 March 2025")):
        answered = client.post(address, {**chosen(page), "date_style": style, "do": "look"}).content.decode()
        assert said in answered


@pytest.mark.parametrize(
    "name", ['"><img src=x onerror=alert(1)>.csv', "../../etc/passwd.csv", "leads\u202evsc.csv", f"{'x' * 300}.csv"]
)
def test_fault_40_a_hostile_name_is_shown_as_text_and_names_no_file(cast: Cast, fair: Any, name: str) -> None:
    client = as_user(cast, "tomas")
    address = upload(client, fair, name=name)["Location"]
    page = client.get(address).content.decode()
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert "../" not in page
    kept = address.strip("/").split("/")[-1]
    assert re.fullmatch(r"[A-Za-z0-9_-]{20,64}", kept)  # by chance, and nothing of what it was called
    assert files.place(kept).is_file()
    assert files.place(kept).resolve().parent == files.place(files.new_name()).resolve().parent
    client.post(address, {**chosen(page), "do": "start"})
    work_off()
    intake.take(Lane.BULK, limit=10)
    (run,) = import_runs()
    assert "/" not in run.file_name
    assert len(run.file_name) <= 120
    errors = client.get(f"/imports/{run.id}/errors.csv")
    assert errors["Content-Disposition"] == f'attachment; filename="import-{run.id}-errors.csv"'
    assert errors["X-Content-Type-Options"] == "nosniff"
