"""How a text file separates its cells."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

DELIMITERS = (",", ";", "\t", "|")
_ROWS = 60
# Excel's own hint, "sep=;", on a line before the heading.
HINT = "sep="


def sniff(text: str) -> str:
    """Return the delimiter under which the rows of a sample agree best, a comma when there is but one column."""
    first = text.split("\n", 1)[0].strip()
    if first.lower().startswith(HINT) and len(first) == len(HINT) + 1:
        return first[-1]
    return max(DELIMITERS, key=lambda delimiter: _agreement(text, delimiter))


def _agreement(text: str, delimiter: str) -> tuple[bool, float, int]:
    """Return (quotes are sound, share of rows with the usual number of cells, that number); share 0 for one cell."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    widths: Counter[int] = Counter()
    sound = True
    try:
        widths.update(len(row) for row in islice(reader, _ROWS) if row)
    except csv.Error as error:
        sound = "end of data" in str(error)  # the sample may end within quotes
    if not widths:
        return sound, 0.0, 1
    width, count = widths.most_common(1)[0]
    # The last row of a sample may be cut off, and free text may run over: agreement is rounded.
    return (sound, round(count / widths.total(), 1), width) if width > 1 else (sound, 0.0, 1)
