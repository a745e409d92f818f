"""What is laid down about users and the company."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("user.added", "A user was added")
class UserAdded(Fact):
    """With their roles."""

    user_id: int
    roles: list[str]


@fact("user.changed", "A user's rights or standing changed")
class UserChanged(Fact):
    """Old and new per changed field: roles, team, active."""

    user_id: int
    changes: dict[str, list[str]]


@fact("token.created", "An API token was made")
class TokenCreated(Fact):
    """Only its prefix is recorded."""

    user_id: int
    token_id: int
    scopes: list[str]


@fact("sending.held", "Sending was put on hold")
class SendingHeld(Fact):
    """After a restore, or by hand."""


@fact("sending.released", "Sending goes on")
class SendingReleased(Fact):
    """Confirmed by a person."""
