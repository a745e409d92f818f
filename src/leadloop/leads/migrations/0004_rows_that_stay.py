"""Leads stay once they are there, and what they point to is looked up once per statement: see `ledger.registers`."""

import django.db.models.deletion
from django.db import migrations, models

from leadloop.ledger.registers import points, stays

REGISTERS = {
    "owner_id": "platform_user",
    "team_id": "platform_team",
    "interest_id": "catalogue_family",
    "programme_id": "programmes_programme",
    "source_id": "programmes_source",
}
ROWS_THAT_STAY = {"person_id": "people_person", "company_id": "people_company", "follows_id": "leads_lead"}


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0003_registers'),
        ('people', '0005_rows_that_stay'),
    ]

    operations = [
        migrations.AlterField(
            model_name='lead',
            name='company',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.company'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='follows',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.lead'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='person',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
        migrations.AlterField(
            model_name='promise',
            name='lead',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.lead'),
        ),
        stays("leads_lead"),
        points("leads_lead", before=REGISTERS, **REGISTERS, **ROWS_THAT_STAY),
        points("leads_promise", before={"owner_id": "platform_user"}, owner_id="platform_user", lead_id="leads_lead"),
    ]
