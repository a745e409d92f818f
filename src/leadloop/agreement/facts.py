"""What happens to the agreement."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("agreement.drafted", "A draft of the agreement was written")
class AgreementDrafted(Fact):
    """`draft_id` names the draft."""

    draft_id: int


@fact("agreement.signed", "The agreement was signed and is in force")
class AgreementSigned(Fact):
    """By everyone whom the leadership clause asks for; `agreement_version` is the new version."""

    draft_id: int
    leadership: str
