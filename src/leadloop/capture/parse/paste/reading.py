"""Into blocks, and each block by what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadloop.capture.parse.paste.addresses import read_list
from leadloop.capture.parse.paste.persons import read_person
from leadloop.capture.parse.paste.shapes import Found, mail_in, profile_in
from leadloop.capture.parse.paste.tables import Heading, read_table


def read_paste(text: str) -> list[Found]:
    """Everybody whom a pasted text names, in its order. Empty for a text that says nothing; never raises."""
    people: list[Found] = []
    heading: Heading | None = None
    for block in _blocks(text):
        if _is_table(block):
            rows, heading = read_table(block, heading)
            people += rows
        elif _is_list(block):
            people += read_list(block)
        else:
            people.append(read_person(block))
    return people


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for one in text.lstrip("\ufeff").splitlines():
        if any(map(str.isalnum, one)):
            block.append(one.strip(" \r\n"))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _is_table(block: Sequence[str]) -> bool:
    """Most lines have cells; and they are not the pairs of one person, label and text."""
    with_cells = sum("\t" in one.strip() for one in block)
    return with_cells * 2 > len(block)


def _is_list(block: Sequence[str]) -> bool:
    """Somebody on every line or so: an address on each, or one line alone."""
    telling = sum(bool(mail_in(one) or profile_in(one)) for one in block)
    return len(block) == 1 or (telling > 1 and telling * 2 >= len(block))
