"""The links below a table, and the file behind them: the same rows as on the page, as far as they may be exported."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from leadloop.front.access import viewer_of
from leadloop.front.cells import Piece
from leadloop.front.sheets.writing import WRITERS
from leadloop.kernel import clock
from leadloop.kernel.errors import Forbidden, Invalid
from leadloop.loop import commands
from leadloop.loop.erasing import naming_nobody_erased
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability, Scope

MOST = 100_000  # rows; more is a matter for `leadloop export`
PIECE = 256 * 1024
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
BY_ROW = {Capability.LEADS, Capability.PEOPLE, Capability.OPPORTUNITIES}
_PLAIN = re.compile(r"[\w.:-]{1,40}", re.ASCII)
_FREE_TEXT = {"q", "industry"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for: a format, and which table of the page."""

    format: str
    table: str


def wanted(request: HttpRequest) -> Wanted | None:
    """The file that is asked for; None where the page is. Raises Invalid for a format there is not."""
    asked = request.GET.get("format", "")
    if not asked:
        return None
    if asked not in WRITERS:
        raise Invalid(f"There is no {asked} of this table", field="format", mend="Ask for csv or xlsx")
    return Wanted(asked, request.GET.get("table", ""))


def may_take(viewer: Viewer, right: Capability) -> bool:
    """Whether the viewer may take tables of this right out at all.

    Where rows are chosen by the right to export them, any reach will do; of other tables it must reach as far as what
    the page shows.
    """
    export = viewer.scope(right, "export")
    return export is not Scope.NONE and (right in BY_ROW or export.width >= viewer.scope(right, "see").width)


def linked(request: HttpRequest, table: Piece, right: Capability, name: str = "") -> Piece:
    """The table with links to its files, for those who may export it; `name` tells it from others of its page."""
    if not may_take(viewer_of(request), right):
        return table
    kept = {key: value for key, value in request.GET.items() if key not in ("after", "format", "table", "view")}
    more = {"table": name} if name else {}
    addresses = {key: urlencode({**kept, **more, "format": key}) for key in WRITERS}
    exports = [{"label": key.upper(), "url": f"{request.path}?{query}"} for key, query in addresses.items()]
    return {**table, "exports": exports}


def sent(
    request: HttpRequest, asked: Wanted, title: str, right: Capability, pages: Iterable[Piece]
) -> HttpResponseBase:
    """The file, written whole before its first byte goes out, and noted in the ledger: who took how many rows of what.

    `pages` are tables of the same columns, of rows that the viewer may export. Raises Forbidden for who may not,
    Invalid for more than MOST rows, and Conflict when somebody was erased meanwhile.
    """
    viewer, now = viewer_of(request), clock.now()
    if not may_take(viewer, right):
        raise Forbidden("Your role does not export this", mend="Ask an admin for the right to it")
    file: IO[bytes] = SpooledTemporaryFile(max_size=1024 * 1024)  # noqa: SIM115 - the answer closes it
    with naming_nobody_erased():
        count = WRITERS[asked.format](file, title, _counted(pages))
    commands.note_export(
        viewer, table=title.lower(), form=asked.format, rows=count, filters=_filters(request.GET), now=now
    )
    name = f"{title.lower().replace(' ', '-')}-{_day(viewer)}.{asked.format}"
    size = file.tell()
    file.seek(0)
    answer = StreamingHttpResponse(_pieces(file), content_type=TYPES[asked.format])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Length"] = str(size)
    answer["Cache-Control"] = "no-store"
    return answer


def pages_of(read: Callable[[str | None], tuple[Piece, str | None]]) -> Iterator[Piece]:
    """All pages of a list: `read` gives the table behind a cursor, and the next cursor."""
    after: str | None = None
    while True:
        table, after = read(after)
        yield table
        if not after:
            return


def _counted(pages: Iterable[Piece]) -> Iterator[Piece]:
    count = 0
    for table in pages:
        count += len(table["rows"])
        if count > MOST:
            raise Invalid(
                f"These are more than {MOST:,} rows", field="format", mend="Narrow the list, or use leadloop export"
            )
        yield table


def _filters(asked: Mapping[str, Any]) -> list[str]:
    """What narrowed the rows, without anything that may name a person."""
    kept = {key: str(value) for key, value in sorted(asked.items()) if value and key not in ("format", "after", "view")}
    return [
        f"{key}={value}" if key not in _FREE_TEXT and _PLAIN.fullmatch(value) else key for key, value in kept.items()
    ]


def _day(viewer: Viewer) -> str:
    return f"{clock.now().astimezone(ZoneInfo(viewer.zone)):%Y-%m-%d}"


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The file in pieces, read in a thread, so that the process serves others meanwhile."""
    try:
        while piece := await sync_to_async(file.read, thread_sensitive=False)(PIECE):
            yield piece
    finally:
        file.close()
