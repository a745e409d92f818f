"""What people are asked and told about a reading, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from leadloop.capture.imports.contracts import Column, Question, Reading
from leadloop.capture.parse.dates import EXAMPLES, Style
from leadloop.capture.parse.fields import Field, label

_CONTACTS = {Field.EMAIL, Field.PHONE, Field.MOBILE, Field.SOCIAL}
_NUMBERS = {Field.EXTERNAL_ID, Field.PERSON_ID}  # by which a row can be looked up where it comes from
_DOUBTED_BELOW = 0.5
_MOST_NAMED = 5
_WELL_READ = 0.9


def questions(columns: Sequence[Column]) -> tuple[Question, ...]:
    """Return what must be answered: dates that can be read in more than one way."""
    return tuple(
        Question(
            option="date_style",
            text=f"How are the dates in {column.header!r} written?",
            choices=tuple((style, EXAMPLES[Style(style)]) for style in column.styles),
            column=column.header,
        )
        for column in columns
        if len(column.styles) > 1 and not column.style
    )


def with_notes(
    reading: Reading, *, short: int, long: int, phones_read: float, home: str, is_returned: bool = False
) -> Reading:
    """Return the reading with everything worth knowing about it said."""
    returned = ["These are rows that were refused before; the column with the errors is left out."]
    found = [
        *(returned if is_returned else ()),
        *_about_file(reading, short, long),
        *_about_columns(reading),
        *_about_texts(reading),
        *_about_phones(reading, phones_read, home),
    ]
    return replace(reading, notes=tuple(found))


def _about_file(reading: Reading, short: int, long: int) -> Iterator[str]:
    if reading.encoding_how == "guess":
        yield f"The encoding was guessed to be {reading.encoding}. Check that umlauts and accents look right."
    if reading.bad_cell_count:
        yield f"{reading.bad_cell_count:,} cells hold bytes that don't fit the encoding; they are listed by row."
    if not reading.has_header:
        yield "The first row looks like data, so the columns have numbers for names."
    if short:
        yield f"{short:,} rows have fewer cells than the heading; what is missing counts as empty."
    if long:
        yield f"{long:,} rows have more cells than the heading; what is too much is left out."


def _about_columns(reading: Reading) -> Iterator[str]:
    fields = {column.field for column in reading.columns}
    if not fields & _CONTACTS:
        held = "rows without a name" if fields & _NUMBERS else "most rows"
        yield f"No column holds an e-mail address or phone number, so {held} will go to quarantine."
    for column in reading.columns:
        if column.field and column.confidence < _DOUBTED_BELOW and column.fill:
            yield f"{column.header!r} is taken for {label(column.field)}, but its cells don't look like that."
        if column.field == Field.CREATED_AT and column.fill and not column.styles:
            yield f"The dates in {column.header!r} can't be read; its rows count as arriving now."
    kept = [column.header for column in reading.columns if not column.field and column.fill]
    if kept:
        yield f"Kept as attributes: {', '.join(kept[:20])}{' and more' if len(kept) > 20 else ''}."


def _about_texts(reading: Reading) -> Iterator[str]:
    unknown = [row.text for row in reading.owners if row.how == "fallback"]
    if unknown:
        yield f"Nobody here is called {_named(unknown)}; their leads go to the owner given for such cases."
    strange = [row.text for row in reading.statuses if row.how == "unknown"]
    if strange:
        yield f"The statuses {_named(strange)} are not known; such leads start as inquiries."
    new = [row.text for row in reading.sources if row.source_id is None]
    if new:
        yield f"These sources are new and will be added: {_named(new, most=20)}."
    if reading.converted and reading.converted.rows:
        to = reading.converted.stage or reading.converted.closed_as
        yield (
            f"{reading.converted.rows:,} leads are marked as converted. Unless their status closed them, they stand at "
            f"{to}: what became of the opportunity, only the list of opportunities can say."
        )


def _about_phones(reading: Reading, share: float, home: str) -> Iterator[str]:
    if reading.country != home:
        yield f"Phone numbers without a country code are read as numbers of {reading.country}, which they fit."
    if share < _WELL_READ:
        yield (
            f"Only {share:.0%} of the phone numbers without a country code are possible in "
            f"{reading.country or 'any country we know of'}. Say which country they are from."
        )


def _named(texts: Sequence[str], most: int = _MOST_NAMED) -> str:
    shown = ", ".join(repr(text) for text in texts[:most])
    return f"{shown} and {len(texts) - most} more" if len(texts) > most else shown
