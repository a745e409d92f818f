"""Nothing is lost: every delivery ends in exactly one state."""

from __future__ import annotations

from leadloop.capture.doors import FETCHING
from leadloop.ledger.checks import Check

CHECKS = (
    Check(
        1,
        "a settled delivery without its inquiry",
        "Every delivery that was read has its inquiry",
        """
        select 'submission ' || s.id from capture_submission s
         where s.state in ('new', 'joined', 'other')
           and not exists (select from capture_inquiry i where i.id = s.id) limit %s
        """,
    ),
    Check(
        1,
        "an inquiry whose delivery tells another story",
        "An inquiry and its delivery agree on what became of it",
        """
        select 'inquiry ' || i.id from capture_inquiry i left join capture_submission s on s.id = i.id
         where s.state is distinct from i.outcome limit %s
        """,
    ),
    Check(
        1,
        "an inquiry about buying without a lead",
        "An inquiry about buying opens a lead or joins one",
        """
        select 'inquiry ' || i.id from capture_inquiry i
         where (i.kind = 'sales') <> (i.lead_id is not null)
            or (i.lead_id is not null and not exists (select from leads_lead l where l.id = i.lead_id)) limit %s
        """,
    ),
    Check(
        1,
        "an inquiry counted twice",
        "Every inquiry has exactly one inquiry.received on the ledger",
        """
        select 'inquiry ' || i.id from capture_inquiry i
          left join (select (payload ->> 'inquiry_id')::bigint as id, count(*) as n
                       from ledger_event where kind = 'inquiry.received' group by 1) e on e.id = i.id
         where coalesce(e.n, 0) <> 1 limit %s
        """,
    ),
    Check(
        1,
        "a quarantined delivery without a reason",
        "What is in quarantine says why",
        "select 'submission ' || id from capture_submission"
        " where state = 'quarantined' and (reason_code = '' or reason_text = '') limit %s",
    ),
    Check(
        1,
        "a card of a released batch that is not in the inbox",
        "Every card of a released batch is a delivery",
        """
        select 'batch ' || b.id from capture_paperbatch b join capture_paperrow r on r.batch_id = b.id
         where b.released_at is not null
           and not exists (select from capture_submission s where s.id = r.submission_id) limit %s
        """,
    ),
    Check(
        1,
        "a delivery that nobody took in",
        "A delivery is taken in within ten minutes",
        "select 'submission ' || id from capture_submission"
        f" where state = 'received' and lane <> {FETCHING} and received_at < now() - interval '10 minutes' limit %s",
    ),
    Check(
        1,
        "a lead that a platform told of and nobody asked for",
        "A lead that a platform tells of is fetched, or in quarantine, within four days",
        "select 'submission ' || id from capture_submission"
        f" where state = 'received' and lane = {FETCHING} and received_at < now() - interval '4 days' limit %s",
    ),
)
