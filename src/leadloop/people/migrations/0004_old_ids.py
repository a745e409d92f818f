"""Under which old id of a person something was said or changed, and the value itself: an unmerge asks for both."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_names_in_order")]

    operations = [
        migrations.AddField("fieldhistory", "via_id", models.BigIntegerField(null=True)),
        migrations.AddField("fieldhistory", "typed", models.JSONField(null=True)),
        migrations.AddField("consent", "via_id", models.BigIntegerField(null=True)),
    ]
