"""Column types that Django lacks, and the one way a foreign key is declared in this house."""

from __future__ import annotations

from typing import Any

from django.db import models


class Xid8Field(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """PostgreSQL's 64-bit transaction id. psycopg reads it as text, so it is turned into an int here."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django's signature
        return "xid8"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> int | None:  # noqa: ARG002
        return None if value is None else int(value)


class SnapshotField(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """PostgreSQL's pg_snapshot, kept and compared as text."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django's signature
        return "pg_snapshot"


class CurrentXact(models.Func):
    """The id of the transaction that writes the row."""

    template = "pg_current_xact_id()"
    output_field = Xid8Field()


def down(to: str, **options: Any) -> Any:
    """A foreign key to a room on the same or a lower floor: protected, and without a way back up."""
    options.setdefault("on_delete", models.PROTECT)
    return models.ForeignKey(to, related_name="+", **options)


def in_register(to: str, **options: Any) -> Any:
    """The same to a register, in a table that grows by thousands of rows at once: see `registers`."""
    return down(to, db_constraint=False, **options)
