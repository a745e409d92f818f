"""From what the script sends to one page that was seen. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import UUID

import orjson

from leadloop.capture.parse.touch import codes_of
from leadloop.kernel.text import one_line
from leadloop.kernel.values import dataclass

MOST_BYTES = 4_000
_LONGEST = 500
# Programs that say so (and one maker of telephones whose name ends alike). Others run no script.
_MACHINE = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|headless|lighthouse|monitor|scan|fetch|curl|wget|python|java/|go-http|"
    r"phantom|selenium|puppeteer|playwright|facebookexternalhit|embedly|validator|archiver",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page, by host and path: its query and fragment may hold what is nobody's business, so only codes are kept."""

    visitor: UUID
    page: str
    referrer: str
    touch: dict[str, str]


def is_machine(agent: str) -> bool:
    """Tell whether a browser's name is that of a program that reads pages by itself. Browsers always have one."""
    return not agent.strip() or bool(_MACHINE.search(agent))


def read_page(body: bytes) -> PageSeen | None:
    """What was seen by whom; None for what our script does not send."""
    try:
        said = orjson.loads(body[:MOST_BYTES])
        address = str(said["page"])
        return PageSeen(
            UUID(str(said["visitor"])), _place(address), _place(str(said.get("referrer", ""))), codes_of(address)
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _place(address: str) -> str:
    """Host and path of a web address, "" for anything else. Raises ValueError for what is no address."""
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("no web address")
    return one_line(f"{parts.hostname}{parts.path}", _LONGEST)
