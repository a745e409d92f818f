"""What is laid down about scoring. The assessment of a lead itself is `lead.scored`."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("score_rules.signed", "New scoring rules are in force")
class ScoreRulesSigned(Fact):
    """By whom the agreement's leadership names."""

    version: int
