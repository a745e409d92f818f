"""New rules may change the scale of engagement, so no lead is assessed while they come into force."""

from __future__ import annotations

from leadloop.ledger.sql import fetch

_KEY = 0x5C0_4E  # any number that nobody else locks


def enter() -> None:
    """Hold the rules in force until the transaction ends; many may. One query."""
    fetch("select pg_advisory_xact_lock_shared(%s)::text", [_KEY])


def close() -> None:
    """Wait until nobody is assessing, and keep everybody out until the transaction ends. One query."""
    fetch("select pg_advisory_xact_lock(%s)::text", [_KEY])
