"""Bodies of every kind become flat keys and texts, or say why not."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture.contracts import Code
from leadloop.capture.parse import body
from leadloop.capture.parse.body import BodyError, flat, flatten

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def code_of(body: bytes, content_type: str = JSON) -> Code:
    with pytest.raises(BodyError) as caught:
        flat(body, content_type)
    return caught.value.code


def test_json_is_flattened_with_its_path() -> None:
    body = b'\xef\xbb\xbf {"a": "x", "b": {"c": 1, "d": [true, null]}, "e": ["p", 2], "g": {"h": 1.5}, "f": null}'
    assert flat(body, JSON) == [("a", "x"), ("b.c", "1"), ("b.d", "yes"), ("e", "p, 2"), ("g.h", "1.5")]


def test_lists_of_answers_come_under_what_was_asked() -> None:
    body = {"fields": [{"name": "email", "values": ["a@b.example"]}, {"column_id": "FULL_NAME", "string_value": "Pat"}]}
    assert flatten(body) == [("email", "a@b.example"), ("FULL_NAME", "Pat")]
    records = {"contacts": [{"id": 5, "email": "a@b.example", "first_name": "Pat"}]}
    assert ("contacts.email", "a@b.example") in flatten(records)


def test_a_body_is_read_by_what_it_looks_like() -> None:
    assert flat(b'{"a": "1"}', "text/plain") == [("a", "1")]
    assert flat(b"a=1&b=caf%C3%A9+bar&c=", FORM) == [("a", "1"), ("b", "café bar")]
    assert flat(b"name=M%FCller", FORM) == [("name", "Müller")]


def test_a_multipart_form_gives_its_texts_and_not_its_files() -> None:
    body = (
        b'--XX\r\nContent-Disposition: form-data; name="email"\r\n\r\na@b.example\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="cv"; filename="cv.pdf"\r\n\r\n%PDF\r\n--XX--\r\n'
    )
    assert flat(body, "multipart/form-data; boundary=XX") == [("email", "a@b.example")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", Code.EMPTY),
        (b"  \n", Code.EMPTY),
        (b"hello", Code.UNREADABLE),
        (b'{"a": ', Code.UNREADABLE),
        (b'{"a": NaN}', Code.UNREADABLE),
        (b'{"a": "\\ud800"}', Code.UNREADABLE),
        (b'{"a": "\xff"}', Code.UNREADABLE),
        (b"[1, 2]", Code.NOT_AN_OBJECT),
        (b'"text"', Code.NOT_AN_OBJECT),
        (b'[{"a": "1"}, {"a": "2"}]', Code.NOT_AN_OBJECT),
        (b"[" * 10_000 + b"]" * 10_000, Code.TOO_DEEP),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, Code.TOO_DEEP),
        (b'{"a":' * 30 + b"1" + b"}" * 30, Code.TOO_DEEP),
        (b"&".join(b"k%d=v" % n for n in range(2_000)), Code.UNREADABLE),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, code: Code) -> None:
    assert code_of(body, FORM if code == Code.UNREADABLE and b"=" in body else JSON) == code


def test_duplicate_keys_and_huge_numbers_are_survived() -> None:
    assert flat(b'{"a": "1", "a": "2"}', JSON) == [("a", "2")]
    assert flat(b'{"a": 123456789012345678901234567890}', JSON)[0][1].startswith("1.2345")


MANY = 20_000


@pytest.mark.parametrize(
    "value",
    [
        {f"k{n}": "v" for n in range(MANY)},
        {f"k{n}": n for n in range(MANY)},
        {"l": [{"n": n} for n in range(MANY)]},
        {"l": [{"name": f"a{n}", "value": [1]} for n in range(MANY)]},
        {"l": [[{}] * 200] * 200},
        {"l": {"a": {f"k{n}": {} for n in range(MANY)}}},
    ],
)
def test_fault_46_a_body_with_too_many_values_is_cut_and_looked_at_no_further(
    value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, go_on = [], body._Found.goes_on

    def counted(found: body._Found) -> bool:
        looked.append(1)
        return go_on(found)

    monkeypatch.setattr(body._Found, "goes_on", counted)
    assert len(flat(orjson.dumps(value), JSON)) <= 500
    assert len(looked) < 10_000  # of 20,000 and more


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=10), json_values, max_size=6))
def test_any_json_object_is_flattened_to_texts(value: dict[str, Any]) -> None:
    for key, text in flatten(value):
        assert isinstance(key, str)
        assert isinstance(text, str)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    for content_type in (JSON, FORM, "multipart/form-data; boundary=x", ""):
        with suppress(BodyError):
            flat(body, content_type)


def test_deliveries_of_ad_platforms_and_form_makers(data: Path) -> None:
    said = {
        name: dict(flat((data / "payloads" / f"{name}.json").read_bytes(), JSON))
        for name in ("google_ads_lead_form_webhook", "meta_lead_retrieved", "typeform_form_response")
    }
    assert said["google_ads_lead_form_webhook"]["FULL_NAME"] == "Pat Lee"
    assert said["meta_lead_retrieved"]["email"] == "pat.lee@example.com"
    assert said["typeform_form_response"]["email"] == "pat.lee@example.com"
    assert said["typeform_form_response"]["form_response.hidden.utm_source"] == "linkedin"
