"""Who took a merge back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_suggestions")]

    operations = [
        migrations.AddField("mergejournal", "undone_by", models.TextField(db_default="")),
    ]
