"""What happens in the room. Ids and counts only."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("enrichment.ended", "Providers were asked about companies")
class EnrichmentEnded(Fact):
    """A batch of a run: how many firms were asked about, and what became of what was found."""

    run_id: int
    asked: int
    found: int
    changed: int


@fact("enrichment.undone", "What providers wrote was taken back")
class EnrichmentUndone(Fact):
    """A whole run; `kept` values have changed again since, and stay."""

    run_id: int
    changes: int
    kept: int


@fact("enrichment.policy_saved", "It was said how found values may be written")
class EnrichmentPolicySaved(Fact):
    """Names of the fields whose policy changed; "portals" where it was what is enriched by itself."""

    fields: list[str]


@fact("enrichment.file_added", "A file of companies was added")
class EnrichmentFileAdded(Fact):
    """To be asked from now on."""

    file_id: int
    rows: int
