"""What others may read of hand-overs."""

from django.db import migrations

FORWARD = """
create view distribution_facet_assignment as
select a.lead_id, a.id as assignment_id, a.user_id, a.pool_id, a.how, a.rule, a.state, a.offered_at, a.settled_at,
       a.reason
  from distribution_assignment a;
"""


class Migration(migrations.Migration):
    dependencies = [("distribution", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, "drop view distribution_facet_assignment")]
