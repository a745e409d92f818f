"""What happens to the agreement."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("agreement.drafted", "A draft of the agreement was written")
class AgreementDrafted(Fact):
    """`draft_id` names the draft."""

    draft_id: int


@fact("agreement.signature", "Somebody put their signature under a draft of the agreement")
class SignatureGiven(Fact):
    """In which capacity; the actor is the one who signed."""

    draft_id: int
    capacity: str


@fact("agreement.signed", "The agreement was signed and is in force")
class AgreementSigned(Fact):
    """By everyone whom the leadership clause asks for; `agreement_version` is the new version."""

    draft_id: int
    leadership: str
