from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="checklist",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
