"""A columnar copy with millions of touches, invented, written by the same workshop as the copy of an installation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from leadloop.tracking.columnar import manifest as manifests
from leadloop.tracking.columnar.files import Workshop
from leadloop.tracking.columnar.manifest import Manifest
from leadloop.tracking.columnar.place import Folder
from leadloop.tracking.columnar.tables import TABLES
from leadloop.tracking.contracts import Period

BEGIN, DAYS = datetime(2025, 1, 1, tzinfo=UTC), 365
NOW = BEGIN + timedelta(days=DAYS + 120)  # every path has ended, or goes on until then
PERIOD = Period(BEGIN, NOW)
PROGRAMMES = 30  # the first are met more often than the last; one touch in twenty is of none
LENGTHS = (1, 1, 2, 2, 3, 4, 5, 6, 7, 9)  # touches of one lead, four on average
WON_OF_1000 = 40

_LEADS = f"""
create temp table told as
select i as lead_id, {list(LENGTHS)}[1 + (i % {len(LENGTHS)})::int] as touches,
       timestamp '{BEGIN:%Y-%m-%d}' + to_microseconds((hash(i, 'opened') % ({DAYS} * 86400000000))::bigint)
           as opened_at,
       hash(i, 'won') % 1000 < {WON_OF_1000} as won, 50000 + (hash(i, 'worth') % 9000000)::bigint as minor
from range(1, $leads + 1) t (i)
"""
_TOUCHES = f"""
create temp table touch as
select row_number() over (order by happened_at, lead_id) as inquiry_id, lead_id, happened_at, programme_id
from (select lead_id, case when hash(lead_id, k, 'none') % 20 > 0
                           then 1 + ({PROGRAMMES} * pow((hash(lead_id, k, 'programme') % 1000000) / 1e6, 2))::int
                                % {PROGRAMMES} end as programme_id,
             opened_at + to_microseconds(((k - 1) * 8 * 86400000000
                         + hash(lead_id, k, 'at') % (7 * 86400000000))::bigint) as happened_at
      from told, lateral (select unnest(range(1, touches + 1)) as k))
"""
_ROWS = {
    "inquiry": "select *, 'sales' as kind, 'joined' as outcome, 'bench' as portal_key, 1 as portal_id from touch",
    "lead": """select lead_id, opened_at, 'nurturing' as stage, not won as is_open, 1 + lead_id % 50 as owner_id,
                      opened_at as stage_since, case when won then opened_at + interval 110 days end as closed_at
               from told""",
    "win": """select row_number() over (order by lead_id) as opportunity_id, lead_id, minor as base_minor,
                     true as is_primary, opened_at + interval 110 days as won_at
              from told where won""",
}


def write(place: Folder, *, leads: int) -> int:
    """Publish a copy with so many leads (a multiple of ten) and return the number of its touches, four for each."""
    with TemporaryDirectory() as folder:
        shop = Workshop(place, Path(folder), 1, memory="6GB")
        shop.duck.execute(_LEADS, {"leads": leads})
        shop.duck.execute(_TOUCHES)
        files = {}
        for name, rows in _ROWS.items():
            columns = ", ".join(f'"{column.name}" {column.kind}' for column in TABLES[name].columns)
            shop.duck.execute(f"create or replace temp table made ({columns})")
            shop.duck.execute(f"insert into made by name {rows}")
            files[name] = tuple(shop.write(TABLES[name], "made"))
        manifests.publish(place, Manifest(1, NOW, "bench", "1:1:", files))
        found = shop.duck.execute("select count(*) from touch").fetchone()
        assert found is not None
        return int(found[0])


def files(place: Folder) -> dict[str, str]:
    """SQL that reads each table of the copy."""
    manifest = manifests.load(place)
    assert manifest is not None
    return {
        name: "read_parquet([" + ", ".join(f"'{place.local(file.path)}'" for file in held) + "])"
        for name, held in manifest.tables.items()
    }


def touches(read: Mapping[str, str]) -> str:
    """By hand: each touch that counts, with its path, programme as text, moment, and what came of the path.

    Columns: path (every lead is one here), programme, happened_at, inquiry_id, won, minor. Touches after the end of
    their path are left out.
    """
    return f"""
    select i.lead_id as path, coalesce(i.programme_id::varchar, 'none') as programme, i.happened_at, i.inquiry_id,
           w.lead_id is not null as won, w.base_minor as minor
    from {read["inquiry"]} i
    join {read["lead"]} l using (lead_id)
    left join {read["win"]} w using (lead_id)
    where i.kind = 'sales' and i.happened_at <= coalesce(w.won_at, l.closed_at, timestamp '{NOW:%Y-%m-%d}')
    """
