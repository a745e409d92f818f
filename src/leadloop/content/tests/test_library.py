"""Tomas keeps the library; every change of a text is a new version."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.content import queries, services
from leadloop.content.contracts import NewAsset
from leadloop.content.render import check
from leadloop.content.standard import ACKNOWLEDGEMENT, STANDARD
from leadloop.content.wording import say_when
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.ledger.contracts import by_user
from leadloop.ledger.models import Event
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db


def by(cast: Any) -> dict[str, Any]:
    return {"actor": by_user(cast.user["tomas"]), "now": MONDAY}


def save(cast: Any, body: str, language: str = "en", subject: str = "Hello", key: str = ACKNOWLEDGEMENT) -> int:
    return services.save_template(
        key=key, language=language, subject=subject, body=body, owner_id=cast.user["tomas"], **by(cast)
    )


def guide(cast: Any, **more: Any) -> NewAsset:
    known: dict[str, Any] = {"key": "guide", "title": "Pump guide", "url": "https://example.com/g.pdf"}
    return NewAsset(**{**known, "owner_id": cast.user["tomas"], **more})


def test_a_company_without_texts_of_its_own_uses_the_standard_ones() -> None:
    assert queries.template(ACKNOWLEDGEMENT, "de-AT") == STANDARD[ACKNOWLEDGEMENT, "de"]
    assert queries.template(ACKNOWLEDGEMENT, "pt") == STANDARD[ACKNOWLEDGEMENT, "en"]
    assert queries.template(ACKNOWLEDGEMENT, "") == STANDARD[ACKNOWLEDGEMENT, "en"]
    with pytest.raises(NotFound):
        queries.template("unheard-of", "en")


def test_an_own_text_replaces_the_standard_one_in_its_language_only(cast: Any) -> None:
    assert save(cast, "First") == 1
    assert save(cast, "Second") == 2
    newest = queries.template(ACKNOWLEDGEMENT, "en")
    assert (newest.version, newest.body) == (2, "Second")
    assert queries.template(ACKNOWLEDGEMENT, "de").version == 0
    assert save(cast, "Servus", "de-AT") == 1
    assert queries.template(ACKNOWLEDGEMENT, "de-AT").body == "Servus"
    assert [f.payload["version"] for f in Event.objects.filter(kind="template.saved").order_by("id")] == [1, 2, 1]


def test_many_texts_are_found_in_one_query(cast: Any) -> None:
    save(cast, "Tip", key="tip")
    wanted = [("tip", "de"), ("tip", "en"), (ACKNOWLEDGEMENT, "de"), ("unheard-of", "en")]
    with CaptureQueriesContext(connection) as seen:
        found = queries.templates(wanted)
    assert len(seen) == 1
    assert {asked: one.body for asked, one in found.items()} == {
        ("tip", "de"): "Tip",
        ("tip", "en"): "Tip",
        (ACKNOWLEDGEMENT, "de"): STANDARD[ACKNOWLEDGEMENT, "de"].body,
    }
    assert queries.template_keys() == sorted({key for key, _ in STANDARD} | {"tip"})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"body": "{{ lead.x | y }}"}, "body"),
        ({"body": " "}, "body"),
        ({"body": "x" * 100_001}, "body"),
        ({"body": "ok", "subject": "{{ person.name }}"}, "subject"),
        ({"body": "ok", "subject": "Hi\r\nBcc: all@example.com"}, "subject"),
        ({"body": "ok", "language": "English"}, "language"),
        ({"body": "ok", "key": "Ack!"}, "key"),
    ],
)
def test_a_flawed_text_is_not_kept(cast: Any, change: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(cast, **change)
    assert refused.value.field == field
    assert refused.value.mend
    assert not Event.objects.filter(kind="template.saved").exists()


def test_all_flaws_are_named_at_once(cast: Any) -> None:
    with pytest.raises(Invalid) as refused:
        save(cast, "{{ lead.x | y }} {{ person.name }}")
    assert "lead.x" in refused.value.problem
    assert "person.name" in refused.value.problem


def test_the_standard_texts_could_have_been_saved() -> None:
    for row in STANDARD.values():
        assert check(row.subject) == []
        assert check(row.body) == []


def test_an_asset_is_added_once_and_known_by_id(cast: Any) -> None:
    first = services.add_asset(assets=[guide(cast, interest_id=cast.interest["pumps"])], **by(cast))
    again = services.add_asset(assets=[guide(cast, title="Other")], **by(cast))
    assert first == again == queries.asset_ids(["guide", "unheard-of"])
    row = queries.asset(first["guide"])
    assert row
    assert (row.title, row.interest_id) == ("Pump guide", cast.interest["pumps"])
    assert queries.asset(-1) is None
    assert Event.objects.filter(kind="asset.added").count() == 1


def test_an_asset_out_of_date_is_not_offered(cast: Any) -> None:
    old = guide(cast, key="old", expires_on=date(2026, 3, 1))
    ids = services.add_asset(assets=[guide(cast), old], **by(cast))
    assert set(queries.assets(date(2026, 3, 1))) == set(ids.values())
    assert set(queries.assets(date(2026, 3, 2))) == {ids["guide"]}
    assert set(queries.assets()) == set(ids.values())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://x/ y"}, "url"),
        ({"url": "https://"}, "url"),
        ({"title": " "}, "title"),
        ({"key": "Ä"}, "key"),
        ({"owner_id": 987654}, "owner"),
    ],
)
def test_what_is_no_asset_is_refused(cast: Any, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.add_asset(assets=[guide(cast, **change)], **by(cast))
    assert refused.value.field == field
    assert queries.assets() == {}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Monday, 2 March, 10:00"),
        ("en-GB", "Monday, 2 March, 10:00"),
        ("de", "Montag, 2. März, 10:00 Uhr"),
        ("pt", "Monday, 2 March, 10:00"),
    ],
)
def test_when_is_said_in_the_recipients_words_and_time(language: str, said: str) -> None:
    assert say_when(MONDAY, "Europe/Berlin", language) == said


def test_the_zone_is_named_where_it_may_not_be_the_readers() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert say_when(late, "America/New_York", name_zone=True) == "Thursday, 31 December, 18:30 (New York)"
    assert say_when(late, "Asia/Tokyo") == "Friday, 1 January, 08:30"
