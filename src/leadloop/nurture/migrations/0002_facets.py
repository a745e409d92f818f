"""What others may read of nurture."""

from django.db import migrations

FORWARD = """
create view nurture_facet_enrolment as
select e.lead_id, e.id as enrolment_id, j.key, j.version, e.node, e.state = 'waiting' as is_on, e.due_at,
       e.entered_at, e.left_at, e.reason, e.steps
  from nurture_enrolment e
  join nurture_journey j on j.id = e.journey_id;
"""

BACK = "drop view nurture_facet_enrolment;"


class Migration(migrations.Migration):
    dependencies = [("nurture", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
