"""The room's personal data: raw deliveries and what was read from them. Erased and exported with their person."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection

from leadloop.capture.door.spool import forget
from leadloop.people import queries as people
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
# What a platform told before the lead was fetched: its numbers lead to the person, over there.
_TOLD = """
update capture_fetch set told = ''
 where id in (select id from capture_inquiry where person_id = any(%s)) and told <> ''
"""
# What is in quarantine belongs to nobody yet; an e-mail address in it tells whose it is. Bytes that are no plain
# letters come out of encode() as escapes, which no address holds. Of an e-mail, whose text may be in any code, the
# addresses were noted when it was set aside.
_HELD = """
update capture_submission set body = '', context = '{}', corrected = null
 where state = 'quarantined' and body <> ''
   and exists (select 1 from unnest(%s::text[]) as address
                where position(address in lower(encode(body, 'escape') || coalesce(corrected::text, '')
                                                || coalesce(context ->> 'about', ''))) > 0)
"""
# Cards that have not been released yet belong to nobody either.
_CARDS = """
update capture_paperrow set texts = '{}', again = null
 where submission_id is null and texts <> '{}'
   and exists (select 1 from unnest(%s::text[]) as address
                where position(address in lower(texts::text || coalesce(again::text, ''))) > 0)
"""
# An entry of a list that is their address: its place is kept by a hash, and it catches nobody any more.
_LISTED = """
with gone as (
    update capture_listentry
       set value = 'erased:' || encode(sha256(convert_to(value, 'UTF8')), 'hex'), reason = 'erased',
           removed_at = coalesce(removed_at, statement_timestamp())
     where kind = 'address' and value = any(%s)
    returning portal_id
)
update capture_portal p set listed = (random() * 4e18)::bigint | 1
 where exists (select from gone where gone.portal_id is null or gone.portal_id = p.id)
"""
_EXPORT = """
select id, kind, happened_at, received_at, message, answers::text, touch::text, external_id
  from capture_inquiry where person_id = any(%s) order by id
"""


def erase(cursor: Cursor, person_ids: list[int]) -> int:
    """Empty what these persons sent, leaving the rows that are counted. Returns how many rows that touched."""
    touched = 0
    for statement, values in (
        (_DELIVERIES, person_ids),
        (_TOLD, person_ids),
        (_INQUIRIES, person_ids),
        (_HELD, _addresses(person_ids)),
        (_CARDS, _addresses(person_ids)),
        (_LISTED, _addresses(person_ids)),
    ):
        cursor.execute(statement, [values])
        touched += cursor.rowcount
    return touched + (forget(settings.SPOOL, _addresses(person_ids)) if settings.SPOOL else 0)


def export(person_ids: list[int]) -> list[dict[str, Any]]:
    """Return what these persons sent, JSON-ready, oldest first. One query."""
    names = ("inquiry", "kind", "happened_at", "received_at", "message", "answers", "touch", "external_id")
    with connection.cursor() as cursor:
        cursor.execute(_EXPORT, [person_ids])
        return [dict(zip(names, _plain(row), strict=True)) for row in cursor.fetchall()]


def _addresses(person_ids: list[int]) -> list[str]:
    """Return the persons' e-mail addresses as they may stand in a delivery, in lower case."""
    points = [point for several in people.contact_points(person_ids).values() for point in several]
    known = {text.lower() for point in points if point.kind == "email" for text in (point.norm, point.value)}
    return sorted(known | {text.replace("@", "%40") for text in known})


def _plain(row: tuple[Any, ...]) -> list[Any]:
    return [value.isoformat() if hasattr(value, "isoformat") else value for value in row]


# Stores are emptied in the order of their names: this one before "people", which knows the addresses.
register_store("deliveries", erase, export, says="inquiries, with what was said and how they came")
