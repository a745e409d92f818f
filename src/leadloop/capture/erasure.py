"""The room's personal data: raw deliveries and what was read from them. Erased and exported with their person."""

from __future__ import annotations

from typing import Any

from django.db import connection

from leadloop.people.stores import Cursor, register_store

# The key of a delivery stays: a hash, by which the same row of a file doesn't bring the person back.
_DELIVERIES = """
update capture_submission set body = '', context = '{}', corrected = null
 where id in (select id from capture_inquiry where person_id = any(%s))
   and (body <> '' or context <> '{}' or corrected is not null)
"""
_INQUIRIES = """
update capture_inquiry set message = '', answers = '{}', touch = '{}', external_id = ''
 where person_id = any(%s)
   and (message <> '' or answers <> '{}' or touch <> '{}' or external_id <> '')
"""
_EXPORT = """
select id, kind, happened_at, received_at, message, answers::text, touch::text, external_id
  from capture_inquiry where person_id = any(%s) order by id
"""


def erase(cursor: Cursor, person_ids: list[int]) -> int:
    """Empty what these persons sent, leaving the rows that are counted. Returns how many rows that touched."""
    cursor.execute(_DELIVERIES, [person_ids])
    touched = cursor.rowcount
    cursor.execute(_INQUIRIES, [person_ids])
    return touched + cursor.rowcount


def export(person_ids: list[int]) -> list[dict[str, Any]]:
    """Return what these persons sent, JSON-ready, oldest first. One query."""
    names = ("inquiry", "kind", "happened_at", "received_at", "message", "answers", "touch", "external_id")
    with connection.cursor() as cursor:
        cursor.execute(_EXPORT, [person_ids])
        return [dict(zip(names, _plain(row), strict=True)) for row in cursor.fetchall()]


def _plain(row: tuple[Any, ...]) -> list[Any]:
    return [value.isoformat() if hasattr(value, "isoformat") else value for value in row]


register_store("submissions", erase, export)
