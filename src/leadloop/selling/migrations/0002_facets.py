"""What others may read of selling."""

from django.db import migrations

FORWARD = """
create view selling_facet_activity as
select a.lead_id, a.id as activity_id, a.opportunity_id, a.user_id, a.kind, a.outcome, a.contacted, a.happened_at
  from selling_activity a
 where a.undone_at is null;

create view selling_facet_opportunity as
select o.id as opportunity_id, o.state, s.key as stage, s.win_percent, o.stage_since, o.owner_id, o.team_id,
       o.company_id, o.person_id, k.lead_id, o.minor, o.currency, o.base_minor, o.close_on, o.pushed, o.next_step_at,
       o.opened_at, o.closed_at, o.close_reason
  from selling_opportunity o
  join selling_pipelinestage s on s.id = o.stage_id
  left join selling_opportunitylead k on k.opportunity_id = o.id and k.is_primary;

create view selling_facet_win as
select k.lead_id, o.id as opportunity_id, o.base_minor, o.closed_at as won_at,
       coalesce(k.is_primary, true) as is_primary
  from selling_opportunity o
  left join selling_opportunitylead k on k.opportunity_id = o.id
 where o.state = 'won';
"""

BACK = """
drop view selling_facet_win;
drop view selling_facet_opportunity;
drop view selling_facet_activity;
"""


class Migration(migrations.Migration):
    dependencies = [("selling", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
