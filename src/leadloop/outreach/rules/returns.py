"""What a report about a message of ours means for its address: it is gone, it may come back, or they refuse us."""

from __future__ import annotations

import re

from leadloop.outreach.contracts import Return
from leadloop.outreach.rules.answers import Outcome, Phase, Reply, understand

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_FULL = re.compile(
    r"quota|mail ?box (?:is )?full|full mail ?box|over its (?:disk|storage) |disk (?:space|full)|too (?:large|big)"
    r"|exceed|insufficient (?:system )?storage|no space|postfach (?:ist )?voll",
    re.IGNORECASE,
)
GRAVE = {Return.SOFT: 1, Return.BLOCKED: 2, Return.HARD: 3, Return.COMPLAINT: 4}


def class_of(status: str, words: str, *, delayed: bool = False, permanent: bool = True) -> Return:
    """Return the class of a bounce.

    `status` is the enhanced code of RFC 3463 ("" for none), `words` what the server said. A code counts before words;
    5.7.x and words that refuse us are a block, which never costs an address. Without a code that says something, an
    address is taken for gone only where the report is of a failure for good (`permanent`), and not of a full mailbox.
    """
    found = _STATUS.search(status) or _STATUS.search(words)
    code = found[0] if found else ""
    if delayed or code.startswith("4") or not permanent:
        return Return.SOFT
    outcome = understand(Reply(Phase.RECIPIENT, 550, f"{code} {words}"))
    if outcome is Outcome.POLICY:
        return Return.BLOCKED
    if outcome is Outcome.NO_MAILBOX:
        return Return.HARD
    if _FULL.search(words) or (found and found[2] not in ("0", "1")):
        return Return.SOFT
    return Return.HARD


def graver(standing: str, told: Return) -> bool:
    """Whether a report tells something worse than what stands; "" is below everything."""
    return not standing or GRAVE[told] > GRAVE[Return(standing)]
