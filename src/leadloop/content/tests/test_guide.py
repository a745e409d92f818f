"""What a caller says, taken apart."""

from __future__ import annotations

import pytest

from leadloop.content.guide import CALL_GUIDE, TEXTS, GuidePart, read_guide


def test_a_guide_has_parts_with_titles_and_filled_in_lines() -> None:
    body = "**Open**\r\nHello {{ person.name | there }}!\r\n\r\n- First\n- Second\n"
    assert read_guide(body, {"person.name": "Dana"}) == [
        GuidePart("Open", ("Hello Dana!",)),
        GuidePart("", ("First", "Second")),
    ]


def test_no_value_makes_a_part_of_its_own() -> None:
    (part,) = read_guide("**Open**\n{{ interest.name | it }}", {"interest.name": "x\n\n**Close**\n- y"})
    assert part.title == "Open"
    assert len(part.lines) == 1


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_standard_guide_opens_asks_and_closes(language: str) -> None:
    parts = read_guide(TEXTS[CALL_GUIDE, language][1].strip(), {})
    assert len(parts) == 6
    assert all(part.title and part.lines for part in parts)
    assert not any("{{" in line for part in parts for line in part.lines)
