"""Every hand-over is explained and open only where the lead waits for an answer."""

from __future__ import annotations

from leadloop.ledger.checks import Check

CHECKS = (
    Check(
        10,
        "a hand-over without its decision",
        "Every hand-over keeps why it was this person",
        "select 'assignment ' || id from distribution_assignment where log = '[]' limit %s",
    ),
    Check(
        3,
        "an offer to somebody who does not own the lead",
        "A lead that waits for an answer is owned by whom it was offered to",
        """
        select 'assignment ' || a.id from distribution_assignment a join leads_lead l on l.id = a.lead_id
         where a.state = 'offered' and (l.stage <> 'assigned' or l.owner_id <> a.user_id) limit %s
        """,
    ),
)
