"""Deals as a table: what the board has no room for, and its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from leadloop.front.cells import Piece, cell, heads
from leadloop.front.sheets.download import pages_of
from leadloop.kernel.money import Money
from leadloop.people.queries import companies
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.selling.contracts import Card
from leadloop.selling.queries import deals, pipeline_stages

FILE_PAGE = 500
HEADS = heads(
    "Deal", "Company", "Stage", ("Amount", "money"), ("Closes", "day"), "Owner", "Next step", ("Next step on", "day")
)


def deals_table(caption: str, cards: Sequence[Card], zone: str) -> Piece:
    """These deals with their firms, owners and next steps. Three queries."""
    owners = names({card.row.owner_id for card in cards})
    firms = companies({card.row.company_id for card in cards if card.row.company_id})
    stages = {stage.key: stage.label for stage in pipeline_stages()}
    rows = [card.row for card in cards]
    return {
        "caption": caption,
        "columns": HEADS,
        "rows": [
            {
                "url": f"/deals/{row.id}",
                "cells": [
                    row.name,
                    firms[row.company_id].name if row.company_id in firms else "",
                    stages.get(row.stage, row.stage),
                    cell(Money(row.minor, row.currency)),
                    cell(row.close_on),
                    owners.get(row.owner_id, ""),
                    row.next_step,
                    cell(row.next_step_at, zone),
                ],
            }
            for row in rows
        ],
    }


def deals_files(viewer: Viewer, filters: Mapping[str, Any], *, now: datetime) -> Iterator[Piece]:
    """All deals that fit and that the viewer may export, a table at a time."""

    def read(after: str | None) -> tuple[Piece, str | None]:
        page = deals(viewer, filters=filters, now=now, after=after, limit=FILE_PAGE, verb="export", counted=False)
        return deals_table("Deals", page.rows, viewer.zone), page.next_cursor

    return pages_of(read)
