"""A pasted text, read into somebody per row: a table, addresses line by line, signatures, profiles. Pure.

Terms: a *block* is a run of lines without an empty one. Guarantee: never raises; every line that says something is a
source of some row; and whatever no field took stands in the row's rest, so nothing that was pasted is lost.
Steps: into blocks; a block is a table, a list of addresses, or one person; what fields took is set against its lines.
"""

from leadloop.capture.parse.paste.reading import read_paste
from leadloop.capture.parse.paste.shapes import Found

__all__ = ["Found", "read_paste"]
