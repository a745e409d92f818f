"""History can't be changed: not by accident, not by the application, not by a careless migration."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

FORWARD = """
create function ledger_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

create trigger event_no_change before update or delete on ledger_event
  for each row execute function ledger_refuse();
create trigger event_no_truncate before truncate on ledger_event
  for each statement execute function ledger_refuse();

do $$
begin
  if exists (select from pg_roles where rolname = 'leadloop_app') then
    revoke update, delete, truncate on ledger_event from leadloop_app;
  end if;
end $$;
"""

BACK = """
drop trigger event_no_truncate on ledger_event;
drop trigger event_no_change on ledger_event;
drop function ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    run_before = [("people", "0001_initial")]

    operations = [TrigramExtension(), migrations.RunSQL(FORWARD, BACK)]
