"""The list of firms by name reads an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_facets")]

    operations = [
        migrations.AddIndex("company", models.Index(fields=["name", "id"], name="company_by_name")),
    ]
