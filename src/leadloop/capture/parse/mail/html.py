"""The text of an HTML message: what a person would read, quotes marked as in plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {
        "p", "div", "br", "tr", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section", "article",
        "header", "footer", "hr", "pre", "blockquote",
    }
)  # fmt: skip
_SILENT = frozenset({"script", "style", "title", "template"})
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def to_text(html: str) -> str:
    """Return the readable text; quoted parts begin with ">". Unclosed and unknown tags do no harm."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    return _EMPTY_LINES.sub("\n\n", "\n".join(reader.lines)).strip("\n")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's form
        if tag in _SILENT:
            self._silent += 1
        if tag in _BLOCKS:
            self.end_line()
        if tag == "p":
            self._blank()
        if tag == "blockquote":
            self._quotes += 1
        if tag == "li":
            self._line.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag in _BLOCKS and tag != "br":
            self.end_line()
        if tag == "blockquote":
            self._quotes = max(0, self._quotes - 1)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._line.append(data)

    def end_line(self) -> None:
        """Keep the line so far. An empty one is kept only where a line break asks for it."""
        text = _SPACES.sub(" ", "".join(self._line)).strip()
        self._line.clear()
        if text:
            self.lines.append(">" * min(self._quotes, 9) + (" " if self._quotes else "") + text)

    def _blank(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")
