"""A table copied from a spreadsheet: cells parted by tabs, with headings or without."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from leadloop.capture.parse.clean import is_blank
from leadloop.capture.parse.fields import Field, label
from leadloop.capture.parse.keys import field_of
from leadloop.capture.parse.mail.signature import signed
from leadloop.capture.parse.paste.persons import read_person
from leadloop.capture.parse.paste.shapes import TAKEN, Found, found, mail_in, profile_in
from leadloop.capture.parse.places import country_code
from leadloop.capture.parse.words import BUYING_ROLES
from leadloop.kernel.values import dataclass

_MOST_JOINED = 20  # lines of one cell
_QUOTED = re.compile(r'(?:^|\t)"(?:[^"]|"")*$')


@dataclass(frozen=True, slots=True)
class Heading:
    """What the columns of a table hold; None for what is kept under the heading's own words."""

    fields: tuple[Field | None, ...]
    texts: tuple[str, ...]


def read_table(block: Sequence[str], before: Heading | None = None) -> tuple[list[Found], Heading | None]:
    """The rows of a table, and its headings; those `before` it hold on for a part as wide that has none of its own."""
    whole = _joined(block)
    rows = [[_bare(cell) for cell in one.split("\t")] for one in whole]
    if _is_pairs(rows):
        return [read_person(whole)], before
    heading, source = _heading(rows[0]) if len(rows) > 1 else None, list(whole)
    if heading:
        rows, source = rows[1:], [f"{source[0]}\n{source[1]}", *source[2:]]
    elif before and len(before.texts) == max(map(len, rows)):
        heading = before
    columns = heading or Heading(_guessed(rows), ())
    found_rows = [_row(cells, columns, text) for cells, text in zip(rows, source, strict=True)]
    return found_rows, heading


def _joined(block: Sequence[str]) -> list[str]:
    """Lines put together where a cell in quotes goes over several of them."""
    whole: list[str] = []
    place = 0
    while place < len(block):
        taken = _lines_of_row(block[place : place + _MOST_JOINED])
        whole.append("\n".join(block[place : place + taken]))
        place += taken
    return whole


def _lines_of_row(ahead: Sequence[str]) -> int:
    if not _QUOTED.search(ahead[0]):
        return 1
    for count in range(2, len(ahead) + 1):
        if not _QUOTED.search("\n".join(ahead[:count])):
            return count
    return 1  # a quotation mark that nothing closes


def _bare(cell: str) -> str:
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        cell = cell[1:-1].replace('""', '"').strip()
    return cell


def _is_pairs(rows: Sequence[Sequence[str]]) -> bool:
    """Whether each line is a label and what it says, of one person."""
    labels = [field_of(cells[0]) for cells in rows]
    return len(rows) > 1 and all(len(cells) == 2 for cells in rows) and None not in labels and len({*labels}) > 1


def _heading(cells: Sequence[str]) -> Heading | None:
    """What the first row names, None where it is a row like the others."""
    fields = [field_of(cell) if cell else None for cell in cells]
    known = sum(one is not None for one in fields)
    if not known or known * 2 < sum(bool(cell) for cell in cells) or any(map(mail_in, cells)):
        return None
    once: list[Field | None] = []
    for one in fields:
        once.append(one if one in TAKEN and one not in once else None)
    return Heading(tuple(once), tuple(cells))


def _guessed(rows: Sequence[Sequence[str]]) -> tuple[Field | None, ...]:
    """Columns by what most of their cells are; the first that is nothing else is taken for the name."""
    width = max(map(len, rows))
    votes = [Counter(kind for cells in rows if (kind := _kind(_at(cells, place)))) for place in range(width)]
    fields: list[Field | None] = [None] * width
    for place in sorted(range(width), key=lambda one: -max(votes[one].values(), default=0)):
        best = next((field for field, _ in votes[place].most_common() if field not in fields), None)
        fields[place] = best
    if Field.FULL_NAME not in fields and None in fields:
        fields[fields.index(None)] = Field.FULL_NAME
    return tuple(fields)


def _kind(cell: str) -> Field | None:
    if not cell or is_blank(cell):
        return None
    if mail_in(cell):
        return Field.EMAIL
    if profile_in(cell):
        return Field.SOCIAL
    if cell.casefold() in BUYING_ROLES:
        return Field.BUYING_ROLE
    told = signed([cell], sender="", domain="")
    if told:
        return next(iter(told))
    return Field.COUNTRY if country_code(cell) else None


def _row(cells: Sequence[str], columns: Heading, source: str) -> Found:
    said: dict[Field, str] = {}
    needs: list[str] = []
    for place, cell in enumerate(cells):
        if not cell or is_blank(cell):
            continue
        field = columns.fields[place] if place < len(columns.fields) else None
        heading = _at(columns.texts, place)
        if field is None:
            needs.append(f"{heading}: {cell}" if heading else cell)
        else:
            said[field] = _of_cell(field, cell)
            if said[field] != cell:
                needs.append(f"{heading or label(field)}: {cell}")
    return found(said, source.split("\n"), [*needs, *said.values()])


def _of_cell(field: Field, cell: str) -> str:
    if field is Field.EMAIL:
        return mail_in(cell) or cell
    return profile_in(cell) or cell if field is Field.SOCIAL else cell


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""
