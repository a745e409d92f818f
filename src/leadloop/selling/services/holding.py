"""Getting hold of a deal: its leads first, then the deal itself, so that nobody waits in a circle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from leadloop.kernel.errors import Conflict, NotFound, Refused
from leadloop.leads import services as leads
from leadloop.leads.contracts import CLOSED_STAGES, LeadRow, Stage
from leadloop.selling.contracts import LinkRow, OpportunityRow, State
from leadloop.selling.queries.deals import DEAL_COLUMNS, DEALS, deal_row, links
from leadloop.selling.sql import fetch

_WORDS = {State.WON: "won", State.LOST: "lost", State.OPEN: "open"}


class Held(NamedTuple):
    """A deal and its leads, locked until the transaction ends; leads in ascending order."""

    row: OpportunityRow
    links: list[LinkRow]
    leads: Mapping[int, LeadRow]

    @property
    def open_leads(self) -> list[LeadRow]:
        """Those of its leads that are not closed."""
        return [lead for lead in self.leads.values() if lead.stage not in CLOSED_STAGES]

    @property
    def owing(self) -> list[LeadRow]:
        """Those of its leads that owe the deal's next step."""
        return [lead for lead in self.leads.values() if lead.stage is Stage.OPPORTUNITY]

    @property
    def primary(self) -> LeadRow | None:
        """The lead that counts as what led to the deal."""
        return next((self.leads[link.lead_id] for link in self.links if link.is_primary), None)

    @property
    def whose(self) -> dict[str, Any]:
        """What every fact about the deal names."""
        lead = self.primary
        return {
            "opportunity_id": self.row.id,
            "company_id": self.row.company_id,
            "person_id": self.row.person_id or (lead.person_id if lead else None),
            "lead_id": lead.id if lead else None,
            "programme_id": lead.programme_id if lead else None,
        }


def hold(opportunity_id: int, *, state: State | None = State.OPEN) -> Held:
    """Lock a deal with its leads. Raises NotFound, Refused when it is not in this state, Conflict when a lead was
    linked at the same moment. Four queries."""
    before = {link.lead_id for link in links(opportunity_id)}
    locked = leads.lock(before)
    found = fetch(f"select {DEAL_COLUMNS} from {DEALS} where o.id = %s for no key update of o", [opportunity_id])
    if not found:
        raise NotFound("There is no such deal", field="opportunity_id", mend="Load the page again")
    row, linked = deal_row(found[0]), links(opportunity_id)
    if {link.lead_id for link in linked} != before:
        raise Conflict("A lead was linked to this deal meanwhile", field="opportunity_id", mend="Try again")
    if state is not None and row.state is not state:
        raise Refused(
            f"This deal is {_WORDS[row.state]}, not {_WORDS[state]}", field="opportunity_id", mend="Load the page again"
        )
    return Held(row, linked, locked)
