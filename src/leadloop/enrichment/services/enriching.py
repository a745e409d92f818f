"""Asking providers about firms, and writing what the policies allow.

Guarantee: no value is written that a policy refuses, also when somebody enters one at the same moment; every value that
is written says where it came from; found = changed + refused. Steps: ask, outside of any transaction; lock the firms;
decide on what stands now; write; log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import IntegrityError, transaction

from leadloop.enrichment.contracts import Asked, Finding, Policy, Provenance, Provider
from leadloop.enrichment.facts import EnrichmentEnded
from leadloop.enrichment.models import Run
from leadloop.enrichment.providers import PROVIDERS
from leadloop.enrichment.queries import policies, provenance
from leadloop.enrichment.rules import Stands, may_write, text_of
from leadloop.kernel.text import company_key
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, run
from leadloop.people.queries import companies, company_told_last
from leadloop.people.services import hold_companies, set_company_fields

_CHANGES = """
insert into enrichment_change (run_id, company_id, field, old, new, provider, origin, place, at)
select %s, company_id, field, old, new, provider, origin, place, %s
  from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
       as c (company_id, field, old, new, provider, origin, place)
"""
_COUNT = """
update enrichment_run r
   set asked = asked + %s, found = found + %s, changed = changed + %s,
       refused = (select coalesce(jsonb_object_agg(key, n), '{}')
                    from (select key, sum(value::int) as n
                            from (select * from jsonb_each_text(r.refused)
                                   union all select * from jsonb_each_text(%s::jsonb)) as b (key, value)
                           group by key) as both_of)
 where id = %s
"""


class _Said(NamedTuple):
    finding: Finding
    provider: str


def begin_run(*, why: str, actor: Actor, now: datetime) -> int:
    """Begin a run that somebody asked for: `why` is "file" or "hand"."""
    return Run.objects.create(why=why, day=now.date(), began_by=actor, began_at=now).id


def run_of_day(*, actor: Actor, now: datetime) -> int:
    """The run of what comes in by itself today; of two processes that begin it at once, one does."""
    wanted = {"why": "inquiry", "day": now.date(), "undone_at": None}
    standing = Run.objects.filter(**wanted).values_list("id", flat=True).first()
    if standing is not None:
        return standing
    try:
        with transaction.atomic():
            return Run.objects.create(**wanted, began_by=actor, began_at=now).id
    except IntegrityError:
        return Run.objects.values_list("id", flat=True).get(**wanted)


def enrich(
    company_ids: Collection[int],
    *,
    run_id: int,
    actor: Actor,
    now: datetime,
    providers: Sequence[Provider] = PROVIDERS,
) -> int:
    """Ask about these firms and return how many values were written. A constant number of queries per provider.

    Of two providers that say something, the first counts. Done again it changes nothing more.
    """
    wanted = _asked(company_ids)
    said = [_Said(one, of.key) for of in providers for one in of.look_up(wanted)] if wanted else []
    with transaction.atomic():
        return _write(wanted, said, run_id=run_id, actor=actor, now=now)


def _asked(company_ids: Collection[int]) -> list[Asked]:
    """By the firms' own ids: an id that stands for another firm by now is asked about, and written, as that one."""
    firms = {one.id: one for one in companies(company_ids).values()}
    return [Asked(i, company_key(one.name), one.domain, one.country) for i, one in sorted(firms.items())]


def _write(wanted: Sequence[Asked], said: Sequence[_Said], *, run_id: int, actor: Actor, now: datetime) -> int:
    first: dict[tuple[int, str], _Said] = {}
    for one in said:
        first.setdefault((one.finding.company_id, one.finding.field), one)
    ids = sorted({company_id for company_id, _ in first})
    held = hold_companies(ids)
    decided = list(_decisions(first, held, ids, now))
    taken = [(one, old) for one, old, code in decided if code is None]
    changes: dict[int, dict[str, Any]] = {}
    for one, _ in taken:
        changes.setdefault(one.finding.company_id, {})[one.finding.field] = one.finding.value
    set_company_fields(changes, actor=actor, now=now, source="enrichment")
    if taken:
        run(_CHANGES, [run_id, now, *columns(_row(one, old) for one, old in taken)])
    refused = Counter(code for _, _, code in decided if code is not None)
    run(_COUNT, [len(wanted), len(decided), len(taken), orjson.dumps(refused).decode(), run_id])
    fact = EnrichmentEnded(happened_at=now, run_id=run_id, asked=len(wanted), found=len(decided), changed=len(taken))
    record([fact], actor=actor)
    return len(taken)


def _decisions(
    first: Mapping[tuple[int, str], _Said], held: Mapping[int, Mapping[str, Any]], ids: Collection[int], now: datetime
) -> Iterator[tuple[_Said, str, str | None]]:
    """Each finding with the text that stands, and the code it is refused for, None where it is written."""
    rules, written, told = policies(), provenance(ids), company_told_last(ids)
    for (company_id, field), one in sorted(first.items()):
        if company_id not in held:
            continue
        stands = _stands(held[company_id].get(field), written.get((company_id, field)), told.get((company_id, field)))
        decision = may_write(rules.get(field) or Policy(field=field), stands, text_of(one.finding.value), now)
        yield one, stands.value, None if decision.outcome else decision.reasons[0].code


def _stands(value: Any, by_provider: Provenance | None, told_at: datetime | None) -> Stands:
    text = text_of(value)
    if by_provider is not None and by_provider.value == text:
        return Stands(text, by_people=False, since=by_provider.at)
    return Stands(text, since=told_at)


def _row(one: _Said, old: str) -> tuple[Any, ...]:
    finding = one.finding
    return (
        finding.company_id, finding.field, old, text_of(finding.value), one.provider, finding.origin, finding.place,
    )  # fmt: skip
