"""Files to be asked, policies, and what is enriched by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import orjson
from django.db import transaction

from leadloop.enrichment.contracts import FIELDS, AccountIn, Policy
from leadloop.enrichment.facts import EnrichmentFileAdded, EnrichmentPolicySaved
from leadloop.enrichment.models import AccountFile, FieldPolicy, Switch
from leadloop.enrichment.queries import policies, switched_on
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import company_key, one_line
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, run

_ROWS = """
insert into enrichment_accountrow (file_id, place, domain, name_key, country, values)
select %s, place, domain, name_key, country, said::jsonb
  from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
       as r (place, domain, name_key, country, said)
"""
_LONGEST_DAYS = 3650


@transaction.atomic
def keep_file(*, name: str, digest: str, rows: Sequence[AccountIn], actor: Actor, now: datetime) -> int:
    """Keep a file of firms and return its id; one that was kept before stays as it is.

    Rows that name no firm, or say nothing of it, are not kept. Invalid for a file without any that does.
    """
    telling = [one for one in rows if one.values and (one.domain or company_key(one.name))]
    if not telling:
        raise Invalid("no row names a company and says something of it", field="file",
                      mend="Give it headings such as Company, Website, Industry, Employees")  # fmt: skip
    about = {"name": one_line(name), "rows": len(telling), "added_by": actor, "added_at": now}
    file, is_new = AccountFile.objects.get_or_create(digest=digest, defaults=about)
    if is_new:
        said = ((one.place, one.domain, company_key(one.name), one.country, orjson.dumps(dict(one.values)).decode())
                for one in telling)  # fmt: skip
        run(_ROWS, [file.id, *columns(said)])
        record([EnrichmentFileAdded(happened_at=now, file_id=file.id, rows=len(telling))], actor=actor)
    return file.id


@transaction.atomic
def save_policies(*, wanted: Collection[Policy], actor: Actor, now: datetime) -> list[str]:
    """Say how fields may be written; returns those that changed. Invalid for a field or a time that can't be."""
    for one in wanted:
        if one.field not in FIELDS:
            raise Invalid("there is no such field", field=one.field, mend=f"Use one of: {', '.join(FIELDS)}")
        if not 1 <= one.days <= _LONGEST_DAYS:
            raise Invalid("this is no number of days", field=one.field, mend=f"Give 1 to {_LONGEST_DAYS}")
    before = policies()
    changed = [one for one in wanted if before[one.field] != one]
    for one in changed:
        said = {"overwrite": str(one.overwrite), "days": one.days, "over_people": one.over_people}
        FieldPolicy.objects.update_or_create(field=one.field, defaults=said)
    names = sorted(one.field for one in changed)
    if names:
        record([EnrichmentPolicySaved(happened_at=now, fields=names)], actor=actor)
    return names


@transaction.atomic
def switch_on(*, portals: Collection[int], actor: Actor, now: datetime) -> None:
    """Say for which portals' inquiries firms are enriched by themselves; for the others they are not."""
    if set(portals) != switched_on():
        Switch.objects.all().delete()
        Switch.objects.create(portals=sorted(set(portals)), changed_at=now)
        record([EnrichmentPolicySaved(happened_at=now, fields=["portals"])], actor=actor)
