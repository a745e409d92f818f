"""Nobody is pestered."""

from __future__ import annotations

from leadloop.ledger.checks import Check

CHECKS = (
    Check(
        7,
        "a message that went out without being let go",
        "Nothing goes out before the contact policy has been asked",
        """
        select 'message ' || id from outreach_message
         where state in ('sent', 'unknown') and fence > 0 and admitted_at is null limit %s
        """,
    ),
    Check(
        7,
        "a message recorded as sent twice",
        "The ledger knows at most one sending of a message, and one for each that went out",
        """
        select 'message ' || m.id from outreach_message m
          left join (select (payload ->> 'message_id')::bigint as id, count(*) as n
                       from ledger_event where kind = 'message.sent' group by 1) e on e.id = m.id
         where m.fence > 0 and coalesce(e.n, 0) <> (m.state = 'sent')::int limit %s  -- noted contacts have no fence
        """,
    ),
    Check(
        7,
        "marketing after consent was withdrawn",
        "No marketing goes out once somebody has said no; a word that comes while it is handed over is too late",
        """
        select 'message ' || m.id from outreach_message m
          join lateral (select c.state, c.at from people_consent c
                         where c.person_id = m.person_id and c.channel = m.channel and c.purpose = m.purpose
                           and c.at < m.begun_at - interval '15 minutes'
                         order by c.at desc, c.id desc limit 1) c on true
         where m.purpose = 'marketing' and m.state = 'sent' and c.state = 'withdrawn'
           -- what went out before two became one, or while they were, was judged by the words of then
           and not exists (select from identity_mergejournal j
                            where m.person_id in (j.survivor_id, j.loser_id)
                              and m.begun_at < coalesce(j.undone_at, j.at)) limit %s
        """,
    ),
    Check(
        10,
        "a refused message without a reason",
        "What was not sent says which clause said no",
        "select 'message ' || id from outreach_message where state = 'refused' and detail = '' limit %s",
    ),
)
