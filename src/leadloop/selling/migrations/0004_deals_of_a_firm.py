"""The deals of one firm are found by an index."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("selling", "0003_forecast")]

    operations = [
        migrations.AddIndex(
            "opportunity",
            models.Index(fields=["company_id"], name="opportunity_company", condition=Q(company_id__isnull=False)),
        ),
    ]
