"""What many rows point to stays."""

from django.db import migrations

from leadloop.ledger.registers import stays


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]

    operations = [stays("content_asset")]
