"""When each stage was entered, worked out from the copied ledger as `leadloop.leads` works it out from its own.

A move that was taken back is no step of the funnel, and neither is the way back. A lead that begins closed, as
imported history does, entered inquiry when it opened and its last stage when it closed.
"""

from __future__ import annotations

from leadloop.tracking.measures import RANKS, STEPS

FLAGS = {f"in_{key}": rank for key, _, _, rank in STEPS}
LEFT_AT = "lead(entered_at) over (partition by lead_id order by entered_at, event_id, before)"

_ENTRIES = """
with told as (
    select lead_id, id, kind, happened_at, agreement_version, reason,
           json_extract_string(payload, '$.before') as before, json_extract_string(payload, '$.after') as after,
           json_extract_string(payload, '$.stage') as stage,
           try_cast(json_extract_string(payload, '$.owner_id') as bigint) as owner_id,
           json_extract_string(payload, '$.exception') as exception,
           coalesce(json_extract_string(payload, '$.undone'), '') as undone,
           coalesce(json_extract_string(payload, '$.closed_at'), '') as closed_at
      from {events}
     where kind in ('lead.opened', 'lead.moved')
),
steps as (
    select *, coalesce(lead(undone) over (partition by lead_id order by id), '') as then_undone from told
),
entries as (
select lead_id, id as event_id, after as stage, before, happened_at as entered_at, owner_id, reason, exception,
       agreement_version
  from steps where kind = 'lead.moved' and undone = '' and then_undone = ''
 union all
select lead_id, id, case when closed_at = '' then stage else 'inquiry' end, '', happened_at, owner_id, '',
       case when closed_at = '' then reason else '' end, agreement_version
  from steps where kind = 'lead.opened'
 union all
select lead_id, id, stage, 'inquiry', (closed_at::timestamptz at time zone 'UTC')::timestamp, owner_id, reason, '',
       agreement_version
  from steps where kind = 'lead.opened' and closed_at <> ''
)
select *, {left_at} as left_at from entries
"""


def entries(told: str) -> str:
    """SQL for the stage entries that these facts tell of, with when each stage was left: null where it was not."""
    return _ENTRIES.format(events=told, left_at=LEFT_AT)


def arrivals(entered: str) -> str:
    """SQL for when each lead of these stage entries first came as far as each step, or further."""
    far = {
        flag: ", ".join(f"'{stage}'" for stage, rank in RANKS.items() if rank >= least) for flag, least in FLAGS.items()
    }
    first = ", ".join(f"min(entered_at) filter (stage in ({stages})) as {flag}" for flag, stages in far.items())
    return f"select lead_id, {first} from {entered} group by lead_id"
