"""What others may read of messages to persons. Texts and addresses are not in it."""

from django.db import migrations

FORWARD = """
create view outreach_facet_message as
select lead_id, id as message_id, person_id, channel, purpose, template_key, state, detail, queued_at, sent_at
  from outreach_message
 where person_id is not null and lead_id is not null;
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, "drop view outreach_facet_message")]
