"""A pipeline to begin with; a company installs its own by the same call."""

from __future__ import annotations

from leadloop.selling.contracts import StageIn

PIPELINE = (
    StageIn("contacted", "Contacted", 10),
    StageIn("need_confirmed", "Need confirmed", 25),
    StageIn("proposal", "Proposal", 50, needs=("amount",)),
    StageIn("negotiation", "Negotiation", 75, needs=("amount",)),
)
