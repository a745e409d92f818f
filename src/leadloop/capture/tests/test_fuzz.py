"""Whatever is sent, reading it ends in a raised hand or a reason, and nothing in it can hurt the database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture.contracts import Parsed, PortalKind, Unreadable
from leadloop.capture.parse import UNMATCHED, Draft, Known, build, compile_plan, draft, touch
from leadloop.capture.parse.fields import Field
from leadloop.capture.tests.conftest import a_portal, claimed

NOTHING_KNOWN = Known({}, {}, {}, {})
telling = st.sampled_from(
    ["ann@b.example", "+49 30 12345678", "Select", "yes", "2024-02-30", "a\r\nBcc: b", "\x00", "١٢٣"]
)
texts = telling | st.text(st.characters(codec="utf-8"), max_size=60)
keys = st.sampled_from([str(field) for field in Field] + ["E-Mail", "Nachname", "utm_source"]) | st.text(
    st.characters(codec="utf-8"), max_size=30
)
values = texts | st.integers() | st.booleans() | st.none() | st.lists(texts, max_size=3)


def result(made: Draft | Unreadable) -> Parsed | Unreadable:
    return made if isinstance(made, Unreadable) else build(made, touch(made), NOTHING_KNOWN, UNMATCHED)


def check(found: Parsed | Unreadable) -> None:
    if isinstance(found, Unreadable):
        assert found.code
        assert found.text
        return
    for text in every_text(asdict(found)):
        assert "\x00" not in text
        text.encode()
    one_line = asdict(found.candidate)
    for name in ("given", "family", "email_given", "phone_given", "company_name", "website", "city", "title"):
        assert not set(one_line[name]) & set("\r\n\x0b\x85\u2028")


def every_text(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in every_text(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in every_text(part)]
    return []


@given(st.dictionaries(keys, values, max_size=12), st.sampled_from(PortalKind))
def test_any_object(said: dict[str, Any], kind: PortalKind) -> None:
    body = orjson.dumps(said, option=orjson.OPT_PASSTHROUGH_SUBCLASS) if fits(said) else b"{}"
    context = {"referrer": "https://a.example/?utm_source=\x00", "query": "utm_term=%00%0d"}
    check(result(draft(claimed(body, a_portal(kind=kind), context=context), None)))


def fits(said: dict[str, Any]) -> bool:
    return all(not isinstance(value, int) or -(2**63) <= value < 2**64 for value in said.values())


@given(st.lists(texts, max_size=14), st.lists(keys.filter(lambda key: key in set(Field)), max_size=14, unique=True))
def test_any_row(cells: list[str], fields: list[str]) -> None:
    reading = {
        "columns": [
            {"index": n, "header": f"h{n}", "field": field, "fill": 1.0, "style": "day_first"}
            for n, field in enumerate(fields)
        ],
        "zone": "Europe/Berlin",
        "country": "DE",
        "owners": [{"text": "yes", "user_id": 3}],
        "fallback_owner": 7,
        "statuses": [{"text": "Select", "stage": "working", "closed_as": None, "reason": ""}],
        "converted": {"stage": "opportunity", "closed_as": None, "reason": ""},
        "sources": [],
        "fresh": False,
    }
    one = claimed(orjson.dumps(cells), reading=reading, import_run_id=1)
    check(result(draft(one, compile_plan(reading))))
