"""What is laid down about scoring. The assessment of a lead itself is `lead.scored`."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("score_rules.drafted", "New scoring rules were drafted")
class ScoreRulesDrafted(Fact):
    """`version` is the number they will have."""

    version: int


@fact("score_rules.signed", "New scoring rules are in force")
class ScoreRulesSigned(Fact):
    """Signed by everyone whom the agreement's leadership names; `signatures` are user ids by capacity."""

    version: int
    signatures: dict[str, int]
