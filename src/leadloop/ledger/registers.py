"""Foreign keys to registers, looked at once per statement: decision 18.

A register is a table that many others point to and that never loses a row: users, portals, pools; also persons,
companies and leads, which are emptied or closed but stay. PostgreSQL looks a foreign key up once for every row that is
written and locks the row it points to; a batch of a thousand leads looks up, and locks, the same few users five
thousand times, and each of its own new persons six times. Since a register's rows stay, nothing needs to be locked, and
a whole statement is looked up at once.

Migrations say `stays(register)` once for each register, and `points(table, column=register)` where the models say
`in_register`.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.migrations import RunSQL

_STAYS = """
create function {table}_stays() returns trigger language plpgsql as $$
begin
  raise exception '{table} is a register: its rows stay, others point to them'
    using errcode = 'restrict_violation', table = '{table}';
end $$;
create trigger register_stays before delete or update of id on {table}
  for each row execute function {table}_stays();
create trigger register_stays_whole before truncate on {table}
  for each statement execute function {table}_stays();
"""
_STAYS_BACK = """
drop trigger register_stays on {table};
drop trigger register_stays_whole on {table};
drop function {table}_stays();
"""
_POINTS = """
create function {table}_points() returns trigger language plpgsql as $$
declare missing bigint;
begin{all_new}
  return null;
end $$;
create function {table}_points_anew() returns trigger language plpgsql as $$
declare missing bigint;
begin{one_changed}
  return null;
end $$;
create trigger points_to_register after insert on {table}
  referencing new table as added for each statement execute function {table}_points();
create trigger points_anew_to_register after update of {columns} on {table}
  for each row when ({changed}) execute function {table}_points_anew();
"""
_POINTS_BACK = """
drop trigger points_to_register on {table};
drop trigger points_anew_to_register on {table};
drop function {table}_points();
drop function {table}_points_anew();
"""
# The distinct ones first, which are few in most columns, and each by the index: a plan is kept, and one that was made
# while the register was small would read the whole of it when it no longer is.
_LOOKED_UP = """
  select a.id into missing from ({source}) a
   where a.id is not null and (select true from {register} r where r.id = a.id) is null limit 1;
  if found then
    raise exception '{table}.{column}: there is no % in {register}', missing
      using errcode = 'foreign_key_violation', table = '{table}', column = '{column}';
  end if;"""


def stays(register: str) -> RunSQL:
    """Operation: this table is a register; from now on none of its rows goes or gets another id."""
    return RunSQL(_STAYS.format(table=register), _STAYS_BACK.format(table=register))


def points(table: str, *, before: Mapping[str, str] | None = None, **columns: str) -> RunSQL:
    """Operation: each of these columns, by name, holds ids of its register or null. Raises IntegrityError at once.

    `before` are those of a table of which some were looked up already.
    """
    forward, back = _looks_up(table, columns), _POINTS_BACK.format(table=table)
    if before is None:
        return RunSQL(forward, back)
    return RunSQL(back + forward, back + _looks_up(table, before))


def _looks_up(table: str, columns: Mapping[str, str]) -> str:
    def looked_up(source: str) -> str:
        return "".join(
            _LOOKED_UP.format(source=source.format(column), table=table, column=column, register=register)
            for column, register in columns.items()
        )

    return _POINTS.format(
        table=table,
        all_new=looked_up("select distinct {} as id from added offset 0"),
        one_changed=looked_up("select new.{} as id"),
        columns=", ".join(columns),
        changed=" or ".join(f"old.{column} is distinct from new.{column}" for column in columns),
    )
