"""From a template's body to plain text and HTML.

Blank lines part paragraphs. Lines that begin with "- " are a list. `**bold**`, `[label](https://…)`; a link that
stands alone becomes a button. Fields are filled in after the body has been taken apart, so no value can bring markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape

import mrml

from leadloop.content.contracts import Composed
from leadloop.content.render import render
from leadloop.kernel.text import one_line
from leadloop.kernel.values import dataclass

LONGEST_SUBJECT = 200
_BLANK = re.compile(r"\n[ \t]*\n")
_MARK = re.compile(r"\*\*(?P<bold>[^*\n]+)\*\*|\[(?P<label>[^\]\n]+)\]\((?P<url>\{\{[^{}\n]*\}\}|[^()\s]+)\)")
_SAFE_URL = re.compile(r"(?:https?://|mailto:)[^\s<>\"']+\Z", re.I)
_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML has no place for
_HOLE = re.compile(r"\[\[((?:text|url)-\d+)\]\]")
_HEAD = """
<mj-head><mj-attributes>
<mj-all font-family="Inter, 'Segoe UI', Helvetica, Arial, sans-serif"/>
<mj-text font-size="16px" line-height="24px" color="#1c2024" padding="8px 24px"/>
<mj-button font-size="16px" background-color="#1f5fbf" color="#ffffff" align="left" padding="8px 24px"/>
<mj-section padding="16px 0"/>
</mj-attributes></mj-head>
"""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of text of one kind: plain, bold or link."""

    text: str
    bold: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph as HTML; a button when it leads somewhere."""

    html: str
    url: str = ""


def compose(subject: str, body: str, values: Mapping[str, object], *, language: str = "en") -> Composed:
    """Fill in a template: subject as one line, body as plain text and as HTML. The same input gives the same output."""
    blocks = [block.strip("\n") for block in _BLANK.split(body.replace("\r\n", "\n")) if block.strip()]
    lines = ("\n".join(_text_line(line, values) for line in block.split("\n")) for block in blocks)
    text = _UNPRINTABLE.sub("", "\n\n".join(lines))
    html = _html_of([_block(block, values) for block in blocks], language)
    return Composed(one_line(render(subject, values), LONGEST_SUBJECT), f"{text}\n", html)


def page_html(body: str) -> str:
    """The same body as part of a web page of ours: paragraphs, lists, links and buttons; a field is its fallback."""
    blocks = [block.strip("\n") for block in _BLANK.split(body.replace("\r\n", "\n")) if block.strip()]
    return "".join(_on_page(_block(block, {})) for block in blocks)


def _on_page(block: _Block) -> str:
    if block.url:
        return f'<p><a class="button" data-kind="primary" href="{block.url}">{block.html}</a></p>'
    return block.html if block.html.startswith("<ul>") else f"<p>{block.html}</p>"


def _html_of(blocks: Sequence[_Block], language: str) -> str:
    """Parts of the frame, every other one of which names what belongs there; what is put in is not looked at again."""
    frame = _HOLE.split(_letter(language, tuple(bool(block.url) for block in blocks)))
    said = {"text": [block.html for block in blocks], "url": [block.url for block in blocks]}
    for hole in range(1, len(frame), 2):
        what, _, place = frame[hole].partition("-")
        frame[hole] = _UNPRINTABLE.sub("", said[what][int(place)])
    return "".join(frame)


@lru_cache(maxsize=256)
def _letter(language: str, buttons: tuple[bool, ...]) -> str:
    """Making it costs more than all the rest, and letters of one template differ only in what fills the holes."""
    column = "".join(
        f'<mj-button href="[[url-{place}]]">[[text-{place}]]</mj-button>'
        if is_button
        else f"<mj-text>[[text-{place}]]</mj-text>"
        for place, is_button in enumerate(buttons)
    )
    mjml = (
        f'<mjml lang="{escape(language)}">{_HEAD}<mj-body background-color="#ffffff">'
        f"<mj-section><mj-column>{column}</mj-column></mj-section></mj-body></mjml>"
    )
    return str(mrml.to_html(mjml).content)


def _pieces(line: str, values: Mapping[str, object]) -> Iterator[_Piece]:
    """Take a line apart, then fill in each piece. A link that leads nowhere safe is only its label."""
    at = 0
    for found in _MARK.finditer(line):
        yield _Piece(render(line[at : found.start()], values))
        if found["bold"]:
            yield _Piece(render(found["bold"], values), bold=True)
        else:
            url = render(found["url"], values).strip()
            yield _Piece(render(found["label"], values), url=url if _SAFE_URL.match(url) else "")
        at = found.end()
    yield _Piece(render(line[at:], values))


def _text_line(line: str, values: Mapping[str, object]) -> str:
    return "".join(f"{p.text}: {p.url}" if p.url else p.text for p in _pieces(line, values)).rstrip()


def _block(block: str, values: Mapping[str, object]) -> _Block:
    lines = block.split("\n")
    pieces = [piece for piece in _pieces(block, values) if piece.text.strip()] if len(lines) == 1 else []
    if len(pieces) == 1 and pieces[0].url:
        return _Block(escape(pieces[0].text), escape(pieces[0].url))
    if all(line.startswith("- ") for line in lines):
        return _Block(f"<ul>{''.join(f'<li>{_html_line(line[2:], values)}</li>' for line in lines)}</ul>")
    return _Block("<br />".join(_html_line(line, values) for line in lines))


def _html_line(line: str, values: Mapping[str, object]) -> str:
    return "".join(map(_html, _pieces(line, values)))


def _html(piece: _Piece) -> str:
    text = escape(piece.text).replace("\n", "<br />")
    if piece.url:
        return f'<a href="{escape(piece.url)}">{text}</a>'
    return f"<strong>{text}</strong>" if piece.bold else text
