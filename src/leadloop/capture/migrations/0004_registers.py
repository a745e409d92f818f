"""Registers are looked up once per statement: see `ledger.registers`."""

import django.db.models.deletion
from django.db import migrations, models

from leadloop.ledger.registers import points, stays


class Migration(migrations.Migration):

    dependencies = [
        ('capture', '0003_fewer_indexes'),
        ('catalogue', '0002_registers'),
        ('content', '0002_registers'),
        ('programmes', '0004_registers'),
        ('platform', '0003_registers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='inquiry',
            name='asset',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.asset'),
        ),
        migrations.AlterField(
            model_name='inquiry',
            name='interest',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.family'),
        ),
        migrations.AlterField(
            model_name='inquiry',
            name='place',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.user'),
        ),
        migrations.AlterField(
            model_name='inquiry',
            name='portal',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='capture.portal'),
        ),
        migrations.AlterField(
            model_name='inquiry',
            name='programme',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.programme'),
        ),
        migrations.AlterField(
            model_name='inquiry',
            name='source',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.source'),
        ),
        migrations.AlterField(
            model_name='submission',
            name='import_run',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='capture.importrun'),
        ),
        migrations.AlterField(
            model_name='submission',
            name='portal',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='capture.portal'),
        ),
        stays("capture_portal"),
        stays("capture_importrun"),
        points("capture_submission", portal_id="capture_portal", import_run_id="capture_importrun"),
        points(
            "capture_inquiry",
            portal_id="capture_portal",
            interest_id="catalogue_family",
            programme_id="programmes_programme",
            source_id="programmes_source",
            asset_id="content_asset",
            place_id="platform_user",
        ),
    ]
