"""The number that another system gave an inquiry can be read by others, so that it goes out as it came in."""

from django.db import migrations

VIEW = """
create or replace view capture_facet_inquiry as
select i.lead_id, i.id as inquiry_id, i.person_id, i.portal_id, p.key as portal_key, i.kind, i.interest_id,
       i.programme_id, i.source_id, i.asset_id, i.outcome, i.happened_at, i.received_at,
       i.answers ->> 'budget' as budget, i.answers ->> 'authority' as authority, i.answers ->> 'need' as need,
       i.answers ->> 'timing' as timing, i.touch ->> 'utm_source' as utm_source, i.touch ->> 'utm_medium' as utm_medium,
       i.touch ->> 'utm_campaign' as utm_campaign, i.external_id
  from capture_inquiry i
  join capture_portal p on p.id = i.portal_id
 where i.lead_id is not null
"""


class Migration(migrations.Migration):
    dependencies = [("capture", "0011_paper_batches")]
    operations = [migrations.RunSQL(VIEW, migrations.RunSQL.noop)]
