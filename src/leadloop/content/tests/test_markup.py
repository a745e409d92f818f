"""One body, twice: for eyes that read plain text and for those that read HTML."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadloop.content.markup import compose, page_html
from leadloop.content.standard import STANDARD

BODY = """
Hello {{ person.given_name | there }},
second line

[Open {{ asset.title | it }}]({{ asset.url | - }})

- one **bold** point
- [a page](https://example.com/a?b=1&c=2)
"""
VALUES = {"person.given_name": "Ana", "asset.title": "Pump guide", "asset.url": "https://example.com/guide.pdf"}


class Seen(HTMLParser):
    """The tags, the links and the words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs).get("href"))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_text_and_html_say_the_same() -> None:
    made = compose("Your {{ asset.title | document }}", BODY, VALUES)
    assert made.subject == "Your Pump guide"
    assert made.text == (
        "Hello Ana,\nsecond line\n\nOpen Pump guide: https://example.com/guide.pdf\n\n"
        "- one bold point\n- a page: https://example.com/a?b=1&c=2\n"
    )
    seen = Seen(made.html)
    assert seen.links == ["https://example.com/guide.pdf", "https://example.com/a?b=1&c=2"]
    assert {"ul", "li", "strong", "br"} <= set(seen.tags)
    for words in ("Hello Ana,", "second line", "Open Pump guide", "bold", "a page"):
        assert words in seen.words


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "-", "//evil", "https://x y", 'https://x"y']
)
def test_a_link_that_is_not_safe_is_only_its_label(url: str) -> None:
    made = compose("x", "[Open]({{ asset.url | - }})", {"asset.url": url})
    assert made.text == "Open\n"
    assert Seen(made.html).links == []


def test_a_value_can_bring_neither_markup_nor_tags() -> None:
    hostile = "**x** [win](https:evil) <img src=x onerror=y>"
    made = compose("{{ us.name | x }}", "Hello {{ us.name | x }}", {"us.name": hostile})
    seen = Seen(made.html)
    assert seen.links == []
    assert "img" not in seen.tags
    assert "strong" not in seen.tags
    assert hostile in made.text
    assert hostile in seen.words


def test_a_subject_is_one_line_whatever_the_name() -> None:
    made = compose("Hello {{ us.name | x }}", "Hello", {"us.name": "A\r\nBcc: all@example.com"})
    assert made.subject == "Hello A Bcc: all@example.com"


def test_the_language_is_told_to_readers() -> None:
    assert 'lang="de"' in compose("x", "y", {}, language="de").html


@settings(max_examples=60)
@given(st.text(max_size=200), st.text(max_size=60))
def test_any_body_and_any_value_make_a_page(body: str, value: str) -> None:
    made = compose(body, body + "\n\n{{ inquiry.message | x }}", {"inquiry.message": value, "us.name": value})
    assert "\n" not in made.subject
    assert "script" not in Seen(made.html).tags


@pytest.mark.parametrize("key", sorted(STANDARD))
def test_the_standard_texts_read_well_with_nothing_known(key: tuple[str, str]) -> None:
    made = compose(STANDARD[key].subject, STANDARD[key].body, {}, language=key[1])
    for text in (made.subject, made.text, Seen(made.html).words):
        assert "{{" not in text
        assert " ," not in text
    assert len(made.text.splitlines()) > 5


def test_a_value_that_looks_like_a_place_in_the_letter_is_only_a_value() -> None:
    letter = compose("Hello", "Hello {{ person.name | you }}\n\nYours", {"person.name": "[[text-1]]"})
    assert "Hello [[text-1]]<" in letter.html
    assert letter.html.count("Yours") == 1


def test_a_letter_loads_nothing_from_elsewhere() -> None:
    letter = compose("Hello", "Hello\n\n[Open](https://pump.example/a)", {})
    assert letter.html.count("https://") == 1
    assert "@import" not in letter.html


def test_part_of_a_web_page_has_the_same_marks_and_nothing_else() -> None:
    made = page_html(
        "One <b>two</b>,\n**three**\n\n[Go](https://example.com/a)\n\n- [x](javascript:x)\n- {{ y | why }}"
    )
    assert made == (
        "<p>One &lt;b&gt;two&lt;/b&gt;,<br /><strong>three</strong></p>"
        '<p><a class="button" data-kind="primary" href="https://example.com/a">Go</a></p>'
        "<ul><li>x</li><li>why</li></ul>"
    )
