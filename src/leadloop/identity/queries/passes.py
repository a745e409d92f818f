"""Passes over the whole base."""

from __future__ import annotations

from datetime import datetime

from leadloop.ledger.sql import fetch


def last_pass() -> datetime | None:
    """When the latest pass that went through began, None before the first. One query."""
    ((began_at,),) = fetch("select max(began_at) from identity_batchpass")
    return began_at if isinstance(began_at, datetime) else None
