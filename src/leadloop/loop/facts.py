"""What a person takes back."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("command.undone", "A step was taken back")
class CommandUndone(Fact):
    """`verb` names what was undone."""

    undo_id: int
    verb: str
