"""The company's own files of firms: no outside service. By registrable domain, then by name without legal form.

A name is believed only where every row of that name and country is of one firm as far as domains tell, and the firm
asked about has no other domain: two firms of one name must not lend each other their facts. The newest file counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leadloop.enrichment.contracts import FIELDS, Asked, Finding
from leadloop.ledger.sql import columns, fetch

_LOOK_UP = """
with asked as materialized (
    select * from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) as a (id, name_key, domain, country)
), rows as (
    select a.id, r.id as row_id, 1 as rank, r.values, r.place, r.file_id, r.domain
      from asked a join enrichment_accountrow r on r.domain = a.domain
     union all
    select a.id, r.id, 2, r.values, r.place, r.file_id, r.domain
      from asked a join enrichment_accountrow r on r.name_key = a.name_key and r.name_key <> ''
     where (r.domain is null or a.domain is null or r.domain = a.domain)
       and (r.country = '' or a.country = '' or r.country = a.country)
), told as (
    select r.*, count(*) filter (where rank = 1) over (partition by id) as by_domain,
           min(domain) over (partition by id) is distinct from max(domain) over (partition by id) as torn
      from rows r
)
select distinct on (t.id, v.key) t.id, v.key, v.value, f.name, t.place
  from told t join enrichment_accountfile f on f.id = t.file_id
 cross join lateral jsonb_each(t.values) as v (key, value)
 where t.rank = 1 or not t.torn
 order by t.id, v.key, t.rank, f.added_at desc, f.id desc, t.row_id
"""


class OwnFiles:
    """Facts of firms from files that were brought in here."""

    key = "own_files"
    label = "Your own files of companies"
    fields: Sequence[str] = FIELDS

    def look_up(self, asked: Sequence[Asked]) -> list[Finding]:
        """What the files say of these firms. One statement."""
        if not asked:
            return []
        wanted = columns((one.company_id, one.name_key, one.domain, one.country) for one in asked)
        found: list[tuple[int, str, Any, str, str]] = fetch(_LOOK_UP, wanted)
        return [Finding(*row) for row in found]
