"""What many rows point to stays."""

from django.db import migrations

from leadloop.ledger.registers import stays


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_adday")]

    operations = [stays("programmes_programme"), stays("programmes_source")]
