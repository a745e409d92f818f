"""Registers are looked up once per statement: see `ledger.registers`."""

import django.db.models.deletion
from django.db import migrations, models

from leadloop.ledger.registers import points, stays


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_registers'),
        ('leads', '0002_facets'),
        ('platform', '0003_registers'),
        ('programmes', '0004_registers'),
        ('platform', '0003_registers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='lead',
            name='interest',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.family'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='owner',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.user'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='programme',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.programme'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='source',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.source'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='team',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.team'),
        ),
        migrations.AlterField(
            model_name='promise',
            name='owner',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.user'),
        ),
        points(
            "leads_lead",
            owner_id="platform_user",
            team_id="platform_team",
            interest_id="catalogue_family",
            programme_id="programmes_programme",
            source_id="programmes_source",
        ),
        points("leads_promise", owner_id="platform_user"),
    ]
