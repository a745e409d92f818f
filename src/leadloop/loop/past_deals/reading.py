"""Files of deals, read row by row; the texts stay those of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from leadloop.capture.imports import table as tables
from leadloop.capture.parse.dates import Style, read, read_any
from leadloop.kernel.errors import Invalid
from leadloop.kernel.values import dataclass
from leadloop.loop.past_deals.asking import date_style
from leadloop.loop.past_deals.meaning import squeezed

FIELDS: Mapping[str, tuple[str, ...]] = {
    "key": ("opportunity_id", "deal_id", "record_id", "id"),
    "owner": ("sales_agent", "owner", "opportunity_owner", "deal_owner", "salesperson"),
    "product": ("product", "product_name", "item"),
    "company": ("account", "account_name", "company", "company_name", "organization"),
    "stage": ("deal_stage", "stage", "stage_name", "status"),
    "opened": ("engage_date", "created_date", "create_date", "opened", "open_date"),
    "closed": ("close_date", "closed_date", "closed"),
    "amount": ("close_value", "amount", "deal_value", "value"),
    "name": ("opportunity_name", "deal_name", "name"),
}
NEEDED = ("key", "owner", "stage")


@dataclass(frozen=True, slots=True)
class DealRow:
    """A row as it was read, its texts still those of the file."""

    key: str
    name: str
    owner: str
    product: str
    company: str
    stage: str
    opened: date | None
    closed: date | None
    amount: str


@dataclass(frozen=True, slots=True)
class DealFile:
    """A file of deals as it was understood. `as_of` is the last day that it knows."""

    rows: tuple[DealRow, ...]
    columns: Mapping[str, str]
    as_of: date

    def texts(self, name: str) -> Counter[str]:
        """How often each text stands in a field."""
        return Counter(getattr(row, name) for row in self.rows)


def read_deals(path: Path, as_of: date | None = None, *, days: str | None = None) -> DealFile:
    """Read a file of deals; `days` is how its days are written, where that is in doubt.

    Raises Invalid for missing columns, a key twice, and a day that can't be read or in more than one way.
    """
    table = tables.open_table(path)
    columns = _columns(table.headers)
    zone = ZoneInfo("UTC")
    lines = list(tables.rows(table))
    styles = _styles(lines, table.headers, columns, days)
    rows = tuple(_row(number, cells, table.headers, columns, styles, zone) for number, cells in lines)
    if not rows:
        raise Invalid("The file has no deals", field="file", mend="Choose another file")
    ((key, times),) = Counter(row.key for row in rows).most_common(1)
    if times > 1 or not all(row.key for row in rows):
        raise Invalid(f"“{key}” stands for {times} deals", field="key", mend="Give each deal its own number")
    known = [day for row in rows for day in (row.opened, row.closed) if day is not None]
    return DealFile(rows, columns, as_of or max(known, default=date.min))


def _styles(
    lines: Sequence[tuple[int, list[str]]], headers: Sequence[str], columns: Mapping[str, str], said: str | None
) -> dict[str, Style | None]:
    """How each column of days is written."""
    found = {}
    for name in ("opened", "closed"):
        place = headers.index(columns[name]) if name in columns else len(headers)
        texts = {cells[place].strip() for _, cells in lines if place < len(cells)} - {""}
        found[name] = date_style(texts, columns.get(name, ""), said)
    return found


def _columns(headers: Sequence[str]) -> dict[str, str]:
    """Which heading each field stands under."""
    named = {squeezed(header): header for header in headers}
    found = {
        name: next((named[squeezed(one)] for one in known if squeezed(one) in named), "")
        for name, known in FIELDS.items()
    }
    missing = [name for name in NEEDED if not found[name]]
    if missing:
        asked = ", ".join(FIELDS[missing[0]])
        raise Invalid(f"No column says the {missing[0]}", field=missing[0], mend=f"Call it one of: {asked}")
    return {name: header for name, header in found.items() if header}


def _row(
    number: int,
    cells: Sequence[str],
    headers: Sequence[str],
    columns: Mapping[str, str],
    styles: Mapping[str, Style | None],
    zone: tzinfo,
) -> DealRow:
    values = dict(zip(headers, (cell.strip() for cell in cells), strict=False))

    def text(name: str) -> str:
        return values.get(columns.get(name, ""), "")

    def day(name: str) -> date | None:
        if not text(name):
            return None
        style = styles[name]
        found = read(text(name), style, zone) if style else read_any(text(name), zone)
        if found is None:
            raise Invalid(f"line {number}: “{text(name)}” is no date", field=name, mend="Write it like 2026-03-31")
        return found.date()

    return DealRow(
        key=text("key"),
        name=text("name"),
        owner=text("owner"),
        product=text("product"),
        company=text("company"),
        stage=text("stage"),
        opened=day("opened"),
        closed=day("closed"),
        amount=text("amount"),
    )


def records(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a further file (products, accounts, teams), by heading in small letters."""
    table = tables.open_table(path)
    heads = [header.casefold().strip() for header in table.headers]
    for _, cells in tables.rows(table):
        yield dict(zip(heads, (cell.strip() for cell in cells), strict=False))
