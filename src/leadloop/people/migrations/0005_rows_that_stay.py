"""Persons and companies stay once they are there: see `ledger.registers`."""

import django.db.models.deletion
from django.db import migrations, models

from leadloop.ledger.registers import points, stays


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_old_ids'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contactpoint',
            name='person',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
        migrations.AlterField(
            model_name='position',
            name='company',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.company'),
        ),
        migrations.AlterField(
            model_name='position',
            name='person',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
        stays("people_person"),
        stays("people_company"),
        points("people_contactpoint", person_id="people_person"),
        points("people_position", person_id="people_person", company_id="people_company"),
    ]
