"""What many rows point to stays."""

from django.db import migrations

from leadloop.ledger.registers import stays


class Migration(migrations.Migration):
    dependencies = [("platform", "0002_user_checklist")]

    operations = [stays("platform_user"), stays("platform_team")]
