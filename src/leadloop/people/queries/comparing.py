"""Everybody, one after the other, as a search for duplicates in the whole base reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import orjson
from django.db import connection, transaction

from leadloop.people.contracts import Comparable

_CHUNK = 5_000
_EVERYBODY = """
select p.id,
       coalesce(p.created_at >= %s or h.subject_id is not null, true),
       p.lookalike, p.given_name, p.family_name, coalesce(e.norm, ''), coalesce(t.norm, ''), coalesce(f.name_key, ''),
       coalesce(f.domain, ''), p.city, nullif(p.attributes, '{}')::text
  from people_person p
  left join people_contactpoint e on e.person_id = p.id and e.kind = 'email' and e.is_primary
  left join people_contactpoint t on t.person_id = p.id and t.kind = 'phone' and t.is_primary
  left join people_position o on o.person_id = p.id and o.is_primary
  left join people_company f on f.id = o.company_id
  left join (select distinct subject_id from people_fieldhistory where subject = 'person' and at >= %s) h
         on h.subject_id = p.id
 where p.merged_into_id is null and p.erased_at is null
 order by p.id
"""


def everybody(since: datetime | None = None) -> Iterator[Comparable]:
    """Yield everybody who is there by id; `fresh` are those new or changed since, all without a moment.

    One query, read as a stream on a snapshot: memory does not grow with the base. The transaction ends with the
    stream; take what you need out of it before slow work.
    """
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_EVERYBODY, [since, since])
        while rows := cursor.fetchmany(_CHUNK):
            yield from (Comparable._make((*plain, orjson.loads(said) if said else None)) for *plain, said in rows)
