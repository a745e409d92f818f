"""Everybody a mailing was for has a letter or a reason, and nobody has both."""

from __future__ import annotations

from leadloop.ledger.checks import Check

CHECKS = (
    Check(
        7,
        "a letter of a mailing to somebody it left out",
        "Whom a mailing leaves out gets no letter of it",
        """
        select 'mailing ' || r.mailing_id || ', person ' || r.person_id
          from mailing_recipient r
          join outreach_message m on m.occasion = 'mailing:' || r.mailing_id and m.person_id = r.person_id
         where r.reason not in ('', 'merged') limit %s
        """,
    ),
    Check(
        10,
        "a mailing whose figures are not its letters",
        "A mailing that is written has exactly as many letters as it says",
        """
        select 'mailing ' || g.id from mailing_mailing g
         where g.state in ('written', 'stopped') and g.wanted <>
               (select count(*) from outreach_message m where m.occasion = 'mailing:' || g.id) limit %s
        """,
    ),
)
