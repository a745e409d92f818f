"""Merge fields: values in, nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.content.fields import FIELDS
from leadloop.content.render import check, render

HELLO = "Hello {{ person.given_name | there }}"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"person.given_name": "Ana"}, "Hello Ana"),
        ({"person.given_name": "  Ana \n Maria "}, "Hello Ana Maria"),
        ({"person.given_name": ""}, "Hello there"),
        ({"person.given_name": "   "}, "Hello there"),
        ({"person.given_name": None}, "Hello there"),
        ({}, "Hello there"),
    ],
)
def test_a_missing_value_has_its_fallback(values: dict[str, object], text: str) -> None:
    assert render(HELLO, values) == text


@pytest.mark.parametrize(
    "name",
    ["http://evil.example/x", "win at evil.example", "www.evil", "evil.com/a", "Ana https://x", "EVIL.COM"],
)
def test_a_link_is_not_a_name(name: str) -> None:
    assert render(HELLO, {"person.given_name": name}) == "Hello there"


@pytest.mark.parametrize("name", ["Dr. Ana", "J.R.", "Prof.Dr.med. Ana", "Dipl.Ing. Max", "O'Neil-Smith", "安娜"])
def test_titles_and_initials_are_names(name: str) -> None:
    assert render(HELLO, {"person.given_name": name}) == f"Hello {name}"


def test_a_firm_may_be_called_like_its_domain_but_not_like_a_link() -> None:
    assert render("{{ company.name | your firm }}", {"company.name": "Valves.com"}) == "Valves.com"
    assert render("{{ company.name | your firm }}", {"company.name": "x http://evil"}) == "your firm"


def test_a_value_is_never_read_as_a_template() -> None:
    values = {"person.given_name": "{{ us.name | x }}", "us.name": "SECRET"}
    assert render(HELLO, values) == "Hello {{ us.name | x }}"


def test_only_the_values_given_can_be_reached() -> None:
    text = (
        "{{ settings.SECRET_KEY | no }} {{ person.__class__ | no }} {% include '/etc/passwd' %} {{ person.name | no }}"
    )
    assert render(text, {"person": object()}) == "no no {% include '/etc/passwd' %} no"


def test_html_escapes_values_and_fallbacks() -> None:
    text = "<b>{{ person.name | R & D }}</b>"
    assert render(text, {"person.name": "<script>x"}, html=True) == "<b>&lt;script&gt;x</b>"
    assert render(text, {}, html=True) == "<b>R &amp; D</b>"


def test_an_inquirers_message_keeps_its_lines() -> None:
    values = {"inquiry.message": "one\r\ntwo\x00\n\n\tthree  "}
    assert render("{{ inquiry.message | - }}", values) == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (HELLO, []),
        ("no fields at all", []),
        ("{{person.name|x}}", []),
        ("{{ lead.secret | x }}", ["unknown_field"]),
        ("{{ person.name }}", ["no_fallback"]),
        ("{{ person.name |  }}", ["no_fallback"]),
        ("{{ lead.x }}", ["unknown_field", "no_fallback"]),
        ("{{ person.name | **x** }}", ["markup_in_fallback"]),
        ("{{ person.name | x }", ["stray_braces"]),
        ("{% include 'x' %}", ["stray_braces", "stray_braces"]),
        ("{{ person.name | {{ us.name | x }} }}", ["stray_braces", "stray_braces"]),
        ("{{ 7*7 }}", ["stray_braces", "stray_braces"]),
    ],
)
def test_flaws_are_named_before_saving(text: str, codes: list[str]) -> None:
    assert [flaw.code for flaw in check(text)] == codes
    assert all(flaw.text for flaw in check(text))


@given(st.text("{}|%. abz_", max_size=60), st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text()))
def test_a_text_without_flaws_renders_without_braces(text: str, values: dict[str, str]) -> None:
    filled = render(text + HELLO, {key: value.replace("{", "").replace("}", "") for key, value in values.items()})
    if not check(text):
        assert "{{" not in filled


@given(st.text(max_size=300), st.text(max_size=100))
def test_in_html_no_value_can_bring_a_tag(text: str, name: str) -> None:
    filled = render("<p>{{ person.name | x }}</p>", {"person.name": name}, html=True)
    assert filled.count("<") == filled.count(">") == 2
    assert render(text, {"person.name": name}).count("\x00") <= text.count("\x00")
