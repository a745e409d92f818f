"""Pieces of a home page, as `templates/home/home.html` takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Piece = dict[str, Any]


def stat(label: str, shown: str, value: int | None = None, url: str = "", **compare: Any) -> Piece:
    """A head figure; with `url` it opens so many rows. `delta`, `unit` and `better` compare with the period before."""
    return {"label": label, "shown": shown, "value": value, "url": url, **compare}


def sentence(words: str, figure: Piece | None = None, cause: Piece | None = None) -> Piece:
    """The one sentence on top."""
    return {"words": words, "figure": figure, "cause": cause}


def cause(before: str, label: str = "", url: str = "", after: str = "") -> Piece:
    """The grey sentence below, with a link."""
    return {"before": before, "label": label, "url": url, "after": after}


def panel(key: str, title: str, scope: str = "", *, how: str = "", **content: Any) -> Piece:
    """A panel: `rows` of leads, a `table`, a list of `lines`, `leaks`, or only `words`."""
    return {"id": key, "title": title, "scope": scope, "how": how, **content}


def line(label: str, detail: str = "", url: str = "", state: str = "", **figure: Any) -> Piece:
    """One line of a list. With `value` its label is a figure that opens so many rows at `url`."""
    return {"label": label, "detail": detail, "url": url, "state": state, **figure}


def columns(*labels: str, words: int = 1) -> list[Piece]:
    """Columns of a table, the first so many of them words and the others numbers."""
    return [{"label": label, "numeric": place >= words} for place, label in enumerate(labels)]


def cell(text: str, value: int | None = None, url: str = "", state: str = "") -> Piece:
    """A cell that stands to the right; with `url` it opens so many rows."""
    found = {"text": text, "numeric": True, "state": state}
    return {**found, "value": value, "url": url} if url else found


def table(caption: str, heads: Sequence[Piece], rows: Sequence[Piece], empty: str) -> Piece:
    """For `parts/table.html`."""
    return {"caption": caption, "columns": heads, "rows": rows, "total": len(rows), "empty": empty}


def counted(number: int, one: str, many: str) -> str:
    """ "1 lead", "3 leads"."""
    return f"{number:,} {one if number == 1 else many}"


def points(now: float | None, then: float | None) -> int | None:
    """The change of a share in points; None where one of them is not known."""
    return None if now is None or then is None else round((now - then) * 100)


def grown(now: float, then: float) -> int | None:
    """The change in percent; None without a base."""
    return round((now - then) * 100 / then) if then else None


def picked(stats: Sequence[Piece], *labels: str) -> list[Piece]:
    """Those of the head figures that are called so; what nobody gave yet is said in words."""
    found = [one for one in stats if one["label"] in labels]
    return [{**one, "shown": "none yet"} if one["shown"] == "–" else one for one in found]
