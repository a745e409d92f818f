"""Registers are looked up once per statement: see `ledger.registers`."""

import django.db.models.deletion
from django.db import migrations, models

from leadloop.ledger.registers import points, stays


class Migration(migrations.Migration):

    dependencies = [
        ('distribution', '0004_appeals'),
        ('platform', '0003_registers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='assignment',
            name='pool',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='distribution.pool'),
        ),
        migrations.AlterField(
            model_name='assignment',
            name='user',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.user'),
        ),
        stays("distribution_pool"),
        points("distribution_assignment", user_id="platform_user", pool_id="distribution_pool"),
    ]
