"""What others may read of the cost book: every line; a shared one has no programme."""

from django.db import migrations

FORWARD = """
create view programmes_facet_cost as
select programme_id, id as cost_id, kind, minor, currency, base_minor, booked_on, paid_on, allocation,
       corrects_id
  from programmes_cost;
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, "drop view programmes_facet_cost")]
