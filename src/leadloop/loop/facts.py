"""What a person takes back."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("command.undone", "A step was taken back")
class CommandUndone(Fact):
    """`verb` names what was undone."""

    undo_id: int
    verb: str


@fact("table.exported", "A table was taken out as a file")
class TableExported(Fact):
    """Which table as csv or xlsx, how many rows, and the codes and ids it was narrowed by; free text by name only."""

    table: str
    form: str
    rows: int
    filters: list[str]


@fact("person.exported", "What is kept about a person was handed out")
class PersonExported(Fact):
    """To answer a request of theirs; who did it is the actor."""
