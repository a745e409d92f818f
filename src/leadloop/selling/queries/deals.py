"""Deals one by one and by lead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from typing import Any

from leadloop.kernel.errors import NotFound
from leadloop.ledger.reads import Read, Rows, ask
from leadloop.platform.contracts import Viewer
from leadloop.selling.contracts import Deal, LineRow, LinkRow, OpportunityRow, State
from leadloop.selling.models import Line, OpportunityLead
from leadloop.selling.queries.visibility import visible_to
from leadloop.selling.rules import worth
from leadloop.selling.sql import fetch

_FIELDS = tuple(field.name for field in fields(OpportunityRow))
_STATE = _FIELDS.index("state")
DEAL_COLUMNS = ", ".join("s.key" if name == "stage" else f"o.{name}" for name in _FIELDS)
DEALS = "selling_opportunity o join selling_pipelinestage s on s.id = o.stage_id"
WIDTH = len(_FIELDS)
LINE_FIELDS = tuple(field.name for field in fields(LineRow))


def deal_row(values: Sequence[Any]) -> OpportunityRow:
    """A deal from the values of DEAL_COLUMNS; what follows them is left out."""
    return OpportunityRow(*(*values[:_STATE], State(values[_STATE]), *values[_STATE + 1 : WIDTH]))


def rows(opportunity_ids: Collection[int]) -> dict[int, OpportunityRow]:
    """Deals by id, for rooms that act by rule. One query."""
    found = fetch(f"select {DEAL_COLUMNS} from {DEALS} where o.id = any(%s)", [list(opportunity_ids)])
    return {values[0]: deal_row(values) for values in found}


def opportunity(viewer: Viewer, opportunity_id: int) -> Deal:
    """One deal that the viewer may see, with lines and leads; raises NotFound for any other. Three queries."""
    reach = visible_to(viewer)
    found = fetch(
        f"select {DEAL_COLUMNS} from {DEALS} where o.id = %s::numeric and {reach.sql}", [opportunity_id, *reach.params]
    )
    if not found:
        raise NotFound("There is no such deal", field="opportunity_id", mend="Look it up by its company")
    held = lines(opportunity_id)
    value = worth(held)
    row = deal_row(found[0])
    return Deal(row, tuple(held), tuple(links(opportunity_id)), value.acv, value.tcv if held else row.minor)


def lines(opportunity_id: int) -> list[LineRow]:
    """The lines of a deal in the order they were added. One query."""
    held = Line.objects.filter(opportunity_id=opportunity_id).order_by("id").values_list(*LINE_FIELDS)
    return [LineRow(*values) for values in held]


def links(opportunity_id: int) -> list[LinkRow]:
    """The pursuits that led to a deal, the primary one first. One query."""
    found = OpportunityLead.objects.filter(opportunity_id=opportunity_id).order_by("-is_primary", "lead_id")
    return [LinkRow(*values) for values in found.values_list("lead_id", "role", "is_primary")]


def by_source(keys: Iterable[str]) -> dict[str, int]:
    """The ids of imported deals by what their files call them. One query."""
    return dict(fetch("select source_key, id from selling_opportunity where source_key = any(%s)", [list(keys)]))


def opportunities_of(lead_ids: Iterable[int]) -> dict[int, list[OpportunityRow]]:
    """The deals of each of these leads, open ones first, then the newest; leads without any are left out. One query."""
    return ask(opportunities_read(lead_ids))


def opportunities_read(lead_ids: Iterable[int]) -> Read[dict[int, list[OpportunityRow]]]:
    """What `opportunities_of` asks, to be asked together with others."""
    return Read(
        f"""
        select {DEAL_COLUMNS}, k.lead_id from {DEALS} join selling_opportunitylead k on k.opportunity_id = o.id
         where k.lead_id = any(%s::bigint[]) order by o.state <> 'open', o.opened_at desc, o.id desc
        """,
        [list(lead_ids)],
        _by_lead,
    )


def _by_lead(found: Rows) -> dict[int, list[OpportunityRow]]:
    deals: dict[int, list[OpportunityRow]] = {}
    for values in found:
        deals.setdefault(values[WIDTH], []).append(deal_row(values))
    return deals


def open_count_by_owner(user_ids: Collection[int]) -> dict[int, int]:
    """How many open deals each of these users answers for, 0 included. One query."""
    found = fetch(
        "select owner_id, count(*) from selling_opportunity where owner_id = any(%s) and state = 'open' group by 1",
        [list(user_ids)],
    )
    return {**dict.fromkeys(user_ids, 0), **dict(found)}
