"""Every score is explained."""

from __future__ import annotations

from leadloop.ledger.checks import Check

CHECKS = (
    Check(
        10,
        "a grade without its reasons",
        "A lead that shows a grade has an assessment that says why",
        """
        select 'lead ' || l.id from leads_lead l left join qualification_assessment a on a.lead_id = l.id
         where l.grade <> '' and (a.lead_id is null or a.fit_reasons = '[]' or a.fit <> l.fit) limit %s
        """,
    ),
)
