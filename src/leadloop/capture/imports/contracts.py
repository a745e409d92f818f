"""How a file was understood: shown before anything is stored, and kept with the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# What a row does to somebody who is known already.
FILL, SKIP, OVERWRITE, ASK = "fill", "skip", "overwrite", "ask"
KNOWN = {
    FILL: "Fill what is empty",
    OVERWRITE: "Overwrite what differs",
    SKIP: "Leave the row out",
    ASK: "Ask: the row waits in quarantine",
}
# What allows marketing to write to the people of a file.
NO_BASIS, AGREED = "none", "agreed"
BASES = {
    NO_BASIS: "Nothing, unless a column says so",
    AGREED: "They agreed, in the words given here",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is known or chosen before a file is read; what is None or missing is found out.

    `users` are ids by name and e-mail address, `sources` ids by key and label. `fields` says by heading which field a
    column goes to ("" keeps an attribute, "-" leaves it out). `owners` and `statuses` decide single texts; a status is
    written like "working", "lost/imported_lost" or "" for a new inquiry. `converted` is what converted means, in the
    same writing. `zone` is where its clocks stood. `fresh` marks inquiries that have not been answered yet, such as
    last week's trade show. `on_known` is what a row does to somebody who is known: see `KNOWN`. `basis` is what allows
    marketing to write to these people, see `BASES`, and `basis_words` the words they agreed to.
    `template` names the saved mapping to go by; "" is the last one of files with these headings.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    has_header: bool | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    date_style: str | None = None
    zone: str | None = None
    country: str | None = None
    users: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)
    owners: Mapping[str, int] = field(default_factory=dict)
    fallback_owner: int | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)
    converted: str | None = None
    fresh: bool | None = None
    on_known: str | None = None
    basis: str | None = None
    basis_words: str | None = None
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: the field it goes to ("" is kept as an attribute) and why we think so.

    `how` is heading, content, saved, chosen, or "" when nothing was recognised; `confidence` from 0 to 1; `fill` the
    share of rows that say something; `samples` up to three texts; `content` what the cells look like; `style` how
    dates are written and `styles` how they could be.
    """

    index: int
    header: str
    field: str
    how: str
    confidence: float
    fill: float
    samples: tuple[str, ...]
    content: str
    style: str = ""
    styles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """An owner as the file names one, and who that is here; `how` is name, email, chosen or fallback."""

    text: str
    rows: int
    user_id: int
    how: str


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A status as the file names it, and where such a lead stands here.

    An open `stage`, or `closed_as` with `reason`, or all empty for a new inquiry; `how` is known, chosen or unknown.
    """

    text: str
    rows: int
    stage: str | None
    closed_as: str | None
    reason: str
    how: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as the file names it; `source_id` None when it has to be added."""

    text: str
    rows: int
    source_id: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """What must be answered before the file is brought in; `option` names the option that answers it."""

    option: str
    text: str
    choices: tuple[tuple[str, str], ...]
    column: str = ""


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell with bytes that don't fit the encoding, by row number of the file."""

    row: int
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file was understood. `converted` is where a converted lead stands, None when the file doesn't say."""

    file_name: str
    file_digest: str
    headers_digest: str
    encoding: str
    encoding_how: str
    delimiter: str
    sheet: str
    has_header: bool
    columns: tuple[Column, ...]
    rows: int
    zone: str
    country: str
    owners: tuple[OwnerRow, ...]
    fallback_owner: int | None
    statuses: tuple[StatusRow, ...]
    converted: StatusRow | None
    sources: tuple[SourceRow, ...]
    fresh: bool
    on_known: str
    basis: str
    basis_words: str
    bad_cells: tuple[BadCell, ...]
    bad_cell_count: int
    questions: tuple[Question, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what is kept with the run: everything but samples, which are personal."""
        kept = asdict(self)
        for column in kept["columns"]:
            del column["samples"]
        return kept
