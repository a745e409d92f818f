"""What others may read of leads, and the indexes that lists sort by."""

from django.db import migrations

FORWARD = """
create view leads_facet_lead as
select l.id as lead_id, l.stage, l.stage_since, l.closed_at is null as is_open, l.owner_id, l.team_id, l.person_id,
       l.company_id, l.interest_id, l.programme_id, l.source_id, l.handover, l.grade, l.fit, l.engagement,
       l.readiness, l.propensity, l.expected_value, l.buying_stage, l.due_at, l.due_kind, l.last_touch_at, l.touches,
       l.recycled, l.exception_code, l.opened_at, l.closed_at, l.close_reason, l.follows_id, l.attributes
  from leads_lead l;

create view leads_facet_promise as
select p.lead_id, p.id as promise_id, p.kind, p.state, p.owner_id, p.made_at, p.due_at,
       p.broken_at is not null as is_broken, p.broken_at, p.settled_at,
       case when p.state = 'kept' then greatest(0, extract(epoch from p.settled_at - p.due_at))::bigint end
           as late_seconds
  from leads_promise p;

-- A move that was taken back is no step of the funnel, and neither is the way back.
create view leads_facet_stage_entry as
with steps as (
    select e.lead_id, e.id as event_id, e.kind, e.happened_at, e.agreement_version, e.reason, e.payload,
           coalesce(lead(e.payload ->> 'undone') over (partition by e.lead_id order by e.id), '') as then_undone
      from ledger_event e
     where e.kind in ('lead.opened', 'lead.moved')
)
select s.lead_id, s.event_id, s.payload ->> 'after' as stage, s.payload ->> 'before' as before,
       s.happened_at as entered_at, (s.payload ->> 'owner_id')::bigint as owner_id, s.reason,
       s.payload ->> 'exception' as exception, s.agreement_version
  from steps s
 where s.kind = 'lead.moved' and s.payload ->> 'undone' = '' and s.then_undone = ''
 union all
select s.lead_id, s.event_id, case when s.payload ->> 'closed_at' = '' then s.payload ->> 'stage' else 'inquiry' end,
       '', s.happened_at, (s.payload ->> 'owner_id')::bigint, '',
       case when s.payload ->> 'closed_at' = '' then s.reason else '' end, s.agreement_version
  from steps s
 where s.kind = 'lead.opened'
 union all
select s.lead_id, s.event_id, s.payload ->> 'stage', 'inquiry', (s.payload ->> 'closed_at')::timestamptz,
       (s.payload ->> 'owner_id')::bigint, s.reason, '', s.agreement_version
  from steps s
 where s.kind = 'lead.opened' and s.payload ->> 'closed_at' <> '';

create index lead_engagement on leads_lead (coalesce(engagement, '-1e9'::float8) desc, id desc);
create index lead_value on leads_lead (expected_value desc, id desc);
"""

BACK = """
drop index lead_value;
drop index lead_engagement;
drop view leads_facet_stage_entry;
drop view leads_facet_promise;
drop view leads_facet_lead;
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial"), ("ledger", "0002_append_only")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
