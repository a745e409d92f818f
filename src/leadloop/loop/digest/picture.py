"""The picture of the letter: each figure as two bars, this week above the week before."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from leadloop.loop.digest.figures import Figure

WIDTH, HEAD, ROW, BAR, LEFT, RIGHT = 1120, 72, 132, 34, 330, 150  # twice as many pixels as it is shown at
INK, GREY, ACCENT, PALE, PAPER = "#1a1d24", "#666a74", "#2858cd", "#b9cbf4", "#ffffff"
_NUMBER = re.compile(r"[-\N{MINUS SIGN}]?\d[\d.,]*[A-Za-z]*")


def picture(figures: Sequence[Figure]) -> bytes:
    """A PNG of these figures, each scaled to the larger of its two; the numbers stand beside the bars.

    The font has no sign for most currencies, so a figure of money names its currency after its label.
    """
    image = Image.new("RGB", (WIDTH, HEAD + ROW * len(figures)), PAPER)
    draw = ImageDraw.Draw(image)
    large, small = ImageFont.load_default(30), ImageFont.load_default(26)
    for x, colour, words in ((LEFT, ACCENT, "that week"), (LEFT + 200, PALE, "the week before")):
        draw.rectangle((x, 22, x + 24, 46), fill=colour)
        draw.text((x + 36, 18), words, fill=GREY, font=small)
    for place, figure in enumerate(figures):
        top = HEAD + place * ROW
        draw.text((24, top + 20), f"{figure.label}, {figure.unit}" if figure.unit else figure.label, INK, large)
        most = max(figure.now, figure.before, 1)
        bars = ((figure.now, figure.now_words, ACCENT, INK), (figure.before, figure.before_words, PALE, GREY))
        for line, (value, words, colour, ink) in enumerate(bars):
            y = top + line * (BAR + 12)
            length = max(round((WIDTH - LEFT - RIGHT) * max(value, 0) / most), 3)
            draw.rectangle((LEFT, y, LEFT + length, y + BAR), fill=colour)
            draw.text((LEFT + length + 14, y + 1), _number(words), fill=ink, font=small)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _number(words: str) -> str:
    """The number without the sign of its currency."""
    found = _NUMBER.search(words)
    return found[0].replace("\N{MINUS SIGN}", "-") if found else words
