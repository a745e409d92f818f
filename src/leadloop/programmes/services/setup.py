"""Laying down sources, the tree of programmes, and the rules that name them from a visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform import queries as platform
from leadloop.programmes.contracts import Level, NewProgramme, NewSource, Rule
from leadloop.programmes.facts import ProgrammeCreated, SourceAdded, UtmRulesSet
from leadloop.programmes.models import Programme, Source, UtmRule
from leadloop.programmes.queries.tree import NAMES, SOURCES
from leadloop.programmes.rules import check_rules, check_sources, check_tree


@transaction.atomic
def add_source(*, sources: Sequence[NewSource], actor: Actor, now: datetime) -> dict[str, int]:
    """Return the id per key; a key that exists keeps its source as it is. Invalid for a wrong key or label."""
    check_sources(sources)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into programmes_source (key, label, channel) select * from unnest(%s::text[], %s::text[], %s::text[])
                on conflict (key) do nothing returning id
            """,
            [[s.key for s in sources], [one_line(s.label) for s in sources], [s.channel for s in sources]],
        )
        added = [row[0] for row in cursor.fetchall()]
    SOURCES.forget()
    record([SourceAdded(happened_at=now, source_id=i) for i in added], actor=actor)
    return dict(Source.objects.filter(key__in=[s.key for s in sources]).values_list("key", "id"))


@transaction.atomic
def create(*, programmes: Sequence[NewProgramme], actor: Actor, now: datetime) -> dict[str, int]:
    """Set up nodes of the tree and return the id per key.

    Invalid for a key that is taken, an owner who is not active, an unknown source, or a parent of the wrong level.
    """
    named = {n.key for n in programmes} | {n.parent_key for n in programmes}
    known = {p.key: p for p in Programme.objects.filter(key__in=named)}
    check_tree(programmes, {key: Level(p.level) for key, p in known.items()})
    _check_owners({n.owner_id for n in programmes})
    _check_ids(Source, {n.source_id for n in programmes if n.source_id}, "source")
    ids = {key: p.id for key, p in known.items()}
    for level in Level:  # parents before children
        rows = [_row(node, ids.get(node.parent_key)) for node in programmes if node.level == level]
        ids |= {row.key: row.id for row in Programme.objects.bulk_create(rows)}
    NAMES.forget()
    made = {node.key: ids[node.key] for node in programmes}
    facts = [ProgrammeCreated(happened_at=now, programme_id=made[n.key], owner_id=n.owner_id) for n in programmes]
    record(facts, actor=actor)
    return made


@transaction.atomic
def set_utm_rules(*, rules: Sequence[Rule], actor: Actor, now: datetime) -> None:
    """Replace all rules by these. Invalid for a place given twice, or a rule that names nothing."""
    check_rules(rules)
    _check_ids(Source, {r.source_id for r in rules if r.source_id}, "source")
    _check_ids(Programme, {r.programme_id for r in rules if r.programme_id}, "programme")
    with connection.cursor() as cursor:
        cursor.execute("lock table programmes_utmrule in share row exclusive mode")
    UtmRule.objects.all().delete()
    UtmRule.objects.bulk_create(
        UtmRule(
            order=r.order,
            utm_source=r.utm_source,
            utm_medium=r.utm_medium,
            utm_campaign=r.utm_campaign,
            referrer=r.referrer,
            source_id=r.source_id,
            programme_id=r.programme_id,
        )
        for r in rules
    )
    record([UtmRulesSet(happened_at=now, rules=len(rules))], actor=actor)


def _row(node: NewProgramme, parent_id: int | None) -> Programme:
    return Programme(
        key=node.key,
        name=one_line(node.name),
        level=node.level,
        parent_id=parent_id,
        owner_id=node.owner_id,
        source_id=node.source_id,
        goal=node.goal,
        starts_on=node.starts_on,
        ends_on=node.ends_on,
    )


def _check_owners(ids: set[int]) -> None:
    missing = ids - platform.users(ids, active=True).keys()
    if missing:
        raise Invalid(f"user {min(missing)} is not an active user", field="owner", mend="Name somebody who works here")


def _check_ids(model: type[Source | Programme], ids: set[int], field: str) -> None:
    missing = ids - set(model._default_manager.filter(id__in=ids).values_list("id", flat=True))
    if missing:
        raise Invalid(f"there is no {field} {min(missing)}", field=field, mend=f"Set the {field} up first")
