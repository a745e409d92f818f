"""A firm that a merge found to be another's stays as a shell, which nobody reads as a firm of its own."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

FORWARD = """
create or replace view people_facet_company as
select id as company_id, name, coalesce(domain, '') as domain, industry, employees, country, city, parent_id,
       account_owner_id, created_at as known_since, attributes
  from people_company where merged_into_id is null
"""
BACK = FORWARD.replace(" where merged_into_id is null", "")


class Migration(migrations.Migration):
    dependencies = [("people", "0005_rows_that_stay")]

    operations = [
        migrations.AddField(
            "company",
            "merged_into",
            models.ForeignKey(
                null=True,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.RemoveConstraint("company", "company_domain"),
        migrations.AddConstraint(
            "company",
            models.UniqueConstraint(
                fields=["domain"],
                condition=Q(domain__isnull=False, merged_into__isnull=True),
                name="company_domain",
            ),
        ),
        migrations.AddIndex(
            "company",
            models.Index(
                fields=["merged_into"], name="company_merged_into", condition=Q(merged_into__isnull=False)
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
