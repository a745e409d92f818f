"""A message is updated four times on its way out: leave room beside it, and keep the texts out of the way."""

from django.db import migrations

FORWARD = "alter table outreach_message set (fillfactor = 60, toast_tuple_target = 256)"
BACK = "alter table outreach_message reset (fillfactor, toast_tuple_target)"


class Migration(migrations.Migration):
    dependencies = [("outreach", "0002_facets")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
