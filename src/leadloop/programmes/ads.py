"""Reading what an advertising platform exports: a line per campaign and day with its cost, clicks and impressions."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money
from leadloop.kernel.values import dataclass

MOST_ROWS = 20_000
HEADS: dict[str, tuple[str, ...]] = {
    "day": ("date", "day", "datum", "tag", "reporting starts", "start date"),
    "campaign": ("campaign", "campaign name", "programme", "program", "kampagne", "utm campaign"),
    "cost": ("cost", "spend", "amount", "amount spent", "kosten", "ausgaben", "betrag"),
    "currency": ("currency", "currency code", "wahrung", "währung"),
    "clicks": ("clicks", "link clicks", "klicks"),
    "impressions": ("impressions", "impr.", "impr", "impressionen"),
}
NEEDED = ("day", "campaign", "cost")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_IN_HEAD = re.compile(r"\(([A-Za-z]{3})\)")


@dataclass(frozen=True, slots=True)
class AdRow:
    """What a campaign cost on a day, in minor units; its lines are added up, and `line` is the first of them."""

    line: int
    day: date
    campaign: str
    minor: int
    currency: str
    clicks: int
    impressions: int


@dataclass(frozen=True, slots=True)
class AdFile:
    """A file as it was read: which head was taken for what, the rows, and what is wrong with the lines left out."""

    columns: Mapping[str, str]
    rows: tuple[AdRow, ...]
    wrong: tuple[tuple[int, str], ...]


def read_ads(text: str, *, currency: str, style: str) -> AdFile:
    """Read a CSV of an advertising platform; `currency` stands where the file names none, `style` as in Money.parse.

    A line that can't be read is named with the reason and left out. Raises Invalid when a column that is needed is
    missing, or there are too many lines.
    """
    lines = text.lstrip("\ufeff").replace("\0", "").splitlines()
    reader = csv.reader(lines, delimiter=_delimiter(lines))
    heads = next(reader, [])
    places, of_head = _places(heads), _currency_of(heads)
    missing = [name for name in NEEDED if name not in places]
    if missing:
        raise Invalid(
            f"No column for {' and '.join(missing)} was found", field="file", mend="Name them date, campaign and cost"
        )
    found: dict[tuple[date, str, str], AdRow] = {}
    wrong: list[tuple[int, str]] = []
    for cells in reader:
        if reader.line_num > MOST_ROWS:
            raise Invalid(f"More than {MOST_ROWS:,} lines are too many", field="file", mend="Split the file")
        if not any(cell.strip() for cell in cells):
            continue
        try:
            row = _row(reader.line_num, cells, places, of_head or currency, style)
        except Invalid as error:
            wrong.append((reader.line_num, error.problem))
            continue
        key = (row.day, row.campaign.casefold(), row.currency)
        found[key] = _added(found[key], row) if key in found else row
    columns = {name: heads[place] for name, place in places.items()}
    return AdFile(columns, tuple(found.values()), tuple(wrong))


def _delimiter(lines: Sequence[str]) -> str:
    head = lines[0] if lines else ""
    return max(",;\t", key=head.count)


def _places(heads: Sequence[str]) -> dict[str, int]:
    plain = [_IN_HEAD.sub("", head).strip().casefold().replace("_", " ") for head in heads]
    return dict(_found(plain))


def _found(plain: Sequence[str]) -> Iterator[tuple[str, int]]:
    for name, words in HEADS.items():
        place = next((plain.index(word) for word in words if word in plain), None)
        if place is not None:
            yield name, place


def _currency_of(heads: Sequence[str]) -> str:
    """A currency in a head, as in "Amount spent (EUR)"."""
    found = [code[1].upper() for head in heads if (code := _IN_HEAD.search(head))]
    return found[0] if found else ""


def _row(line: int, cells: Sequence[str], places: Mapping[str, int], currency: str, style: str) -> AdRow:
    def cell(name: str) -> str:
        place = places.get(name, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    campaign = cell("campaign")
    if not campaign:
        raise Invalid("The campaign is missing")
    code = cell("currency").upper() or currency
    minor = Money.parse(cell("cost"), code, style=style).minor
    if minor < 0:
        raise Invalid("The cost is below nought")
    return AdRow(
        line, _day(cell("day")), campaign[:300], minor, code, _count(cell("clicks")), _count(cell("impressions"))
    )


def _day(text: str) -> date:
    dotted = _DOTTED.fullmatch(text)
    try:
        return date(int(dotted[3]), int(dotted[2]), int(dotted[1])) if dotted else date.fromisoformat(text[:10])
    except ValueError:
        raise Invalid(f"“{text[:20]}” is no day such as 2026-03-31") from None


def _count(text: str) -> int:
    digits = re.sub(r"[\s.,']", "", text)
    if not digits:
        return 0
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise Invalid(f"“{text[:20]}” is no count")
    return int(digits)


def _added(one: AdRow, more: AdRow) -> AdRow:
    return replace(
        one,
        minor=one.minor + more.minor,
        clicks=one.clicks + more.clicks,
        impressions=one.impressions + more.impressions,
    )
