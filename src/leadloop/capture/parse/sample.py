"""Reading a pasted body as a portal would, to show what becomes of it. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from leadloop.capture.contracts import Claimed, PortalKind, PortalRow, Unreadable
from leadloop.capture.parse.body import BodyError, Flat, flat
from leadloop.capture.parse.draft import draft
from leadloop.capture.parse.keys import field_of, resolver
from leadloop.capture.parse.platforms import reading
from leadloop.kernel.values import dataclass

MOST_KEYS, _DEEPEST = 100, 16
_PLAIN = "application/json"


@dataclass(frozen=True, slots=True)
class Sample:
    """What a body says: `keys` are those that can be mapped with their text and the field they mean by themselves.

    `values` are the texts by field, `rest` what is kept as attributes; `trouble` says why nothing could be read.
    """

    keys: tuple[tuple[str, str, str], ...]
    values: Mapping[str, str]
    rest: Mapping[str, str]
    trouble: str = ""


def read_sample(portal: PortalRow, mapping: Mapping[str, str], body: bytes, *, now: datetime) -> Sample:
    """Read a body with this mapping in place of the portal's own."""
    tried = replace(portal, mapping=tuple(sorted(mapping.items())))
    claimed = Claimed(
        submission_id=0, portal=tried, body=body, content_type=_PLAIN, context={}, received_at=now,
        happened_at=None, row_number=None,
    )  # fmt: skip
    made = draft(claimed, None)
    if isinstance(made, Unreadable):
        return Sample((), {}, {}, made.text)
    keys = tuple((key, text, str(field_of(key) or "")) for key, text in _keys(portal, body))
    return Sample(keys, made.values, {key.lstrip("="): text for key, text in made.extra.items()})


def _keys(portal: PortalRow, body: bytes) -> Flat:
    """Return what can be mapped: paths of a general webhook, else the keys as this kind of portal reads them."""
    try:
        if portal.kind == PortalKind.WEBHOOK:
            return list(_leaves(orjson.loads(body), "$", 0))[:MOST_KEYS]
        own = reading(portal.kind)
        pairs = own(body, _PLAIN, resolver((), ours=False)) if own else flat(body, _PLAIN)
    except (BodyError, orjson.JSONDecodeError):
        return []
    found = dict(reversed([(key, text) for key, text in pairs if not key.startswith("=")]))
    return list(reversed(found.items()))[:MOST_KEYS]


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            step = f".{key}" if key.isidentifier() else f"['{key}']"
            yield from _leaves(inner, path + step, depth + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{place}]", depth + 1)
    elif value is not None:
        yield path, value if isinstance(value, str) else orjson.dumps(value).decode()
