"""Where a touch came from: campaign codes, click ids, pages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from leadloop.capture.parse.clean import line
from leadloop.capture.parse.draft import Draft
from leadloop.capture.parse.fields import CLICK_IDS, TOUCH, UTM, Field

_CODES = frozenset(map(str, (*UTM, *CLICK_IDS)))
_TOUCH = frozenset(TOUCH)
_TELLING = frozenset(map(str, (Field.UTM_SOURCE, Field.UTM_MEDIUM, Field.UTM_CAMPAIGN, Field.REFERRER)))
_LONGEST_CODE, _LONGEST_URL = 200, 1000


def touch(draft: Draft) -> dict[str, str]:
    """Return what is known about the touch; `page` is the page that held the form.

    What the delivery itself says counts first, then the query of its landing page, then that of the request.
    """
    values, context = draft.values, draft.claimed.context
    found = {str(name): line(text, _LONGEST_URL) for name, text in values.items() if name in _TOUCH}
    for address in (found.get(Field.LANDING_PAGE, ""), context.get("referrer", "")):
        if "?" in address:
            _add_codes(found, _query(address))
    if query := context.get("query"):
        _add_codes(found, query)
    if page := context.get("referrer"):
        found.setdefault("page", line(page, _LONGEST_URL))
    return found


def codes_of(address: str) -> dict[str, str]:
    """Campaign codes and click ids in the query of an address."""
    found: dict[str, str] = {}
    _add_codes(found, _query(address))
    return found


def is_telling(found: Mapping[str, str]) -> bool:
    """Tell whether a touch holds anything by which its source could be found."""
    return not _TELLING.isdisjoint(found)


def _query(address: str) -> str:
    try:
        return urlsplit(address).query
    except ValueError:
        return ""


def _add_codes(found: dict[str, str], query: str) -> None:
    for key, text in parse_qsl(query[:4000], errors="replace"):
        if key in _CODES and text.strip():
            found.setdefault(key, line(text, _LONGEST_CODE))
