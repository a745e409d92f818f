"""Sources, and the tree of programmes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from leadloop.ledger.kept import Kept
from leadloop.ledger.reads import Read
from leadloop.programmes.contracts import Level, ProgrammeRow, SourceRow
from leadloop.programmes.models import Source

_TREE = """
with recursive tree as (
    select id, array[id] as path from programmes_programme where parent_id is null
     union all
    select p.id, t.path || p.id from programmes_programme p join tree t on p.parent_id = t.id
)
select p.id, p.key, p.name, p.level, p.parent_id, p.owner_id, p.source_id, p.goal, p.starts_on, p.ends_on, t.path
  from tree t join programmes_programme p on p.id = t.id
 order by t.path
"""
_BELOW = """
with recursive tree as (
    select id as top, id from programmes_programme where id = any(%s)
     union
    select t.top, p.id from programmes_programme p join tree t on p.parent_id = t.id
)
select top, array_agg(id order by id) from tree group by top
"""


def sources() -> dict[int, SourceRow]:
    """Every source by id, in the order of their labels. At most one query."""
    return dict(SOURCES())


SOURCES = Kept(
    Read(
        "select id, key, label, channel from programmes_source order by label, id",
        (),
        lambda rows: {row[0]: SourceRow(*row) for row in rows},
    )
)
NAMES = Kept(Read("select id, name from programmes_programme", (), lambda rows: {row[0]: row[1] for row in rows}))


def source_id(key: str) -> int | None:
    """The source a key stands for, None when there is none."""
    return Source.objects.filter(key=key).values_list("id", flat=True).first()


def programmes() -> dict[int, ProgrammeRow]:
    """Every node by id, in the order of the tree: each one right after what stands above it."""
    with connection.cursor() as cursor:
        cursor.execute(_TREE)
        return {row[0]: _node(row) for row in cursor.fetchall()}


def names(ids: Collection[int]) -> dict[int, str]:
    """Names by programme id; unknown ids are left out. At most one query."""
    every = NAMES()
    return {programme_id: every[programme_id] for programme_id in ids if programme_id in every}


def below(ids: Collection[int]) -> dict[int, list[int]]:
    """For each of these nodes, its own id and those of all nodes below it, ascending; unknown ids are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [list(ids)])
        return dict(cursor.fetchall())


def _node(row: tuple[Any, ...]) -> ProgrammeRow:
    i, key, name, level, parent_id, owner_id, source_id, goal, starts_on, ends_on, path = row
    return ProgrammeRow(
        i, key, name, Level(level), parent_id, owner_id, source_id, goal, starts_on, ends_on, tuple(path)
    )
