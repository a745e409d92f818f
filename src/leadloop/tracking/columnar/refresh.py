"""Bringing the copy up to date: what is new on the ledger, and the rows of everybody the new facts speak of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from time import monotonic

from leadloop.kernel.values import dataclass
from leadloop.platform.config import load
from leadloop.tracking.columnar import manifest as manifests
from leadloop.tracking.columnar import source, stages
from leadloop.tracking.columnar.files import Workshop
from leadloop.tracking.columnar.manifest import File, Manifest
from leadloop.tracking.columnar.place import Place
from leadloop.tracking.columnar.scratch import scratch
from leadloop.tracking.columnar.source import Part, Stand
from leadloop.tracking.columnar.tables import ARRIVAL, EVENT, STAGE_ENTRY, TABLES, Subject, Table

FACETS = tuple(table for table in TABLES.values() if table.view and table is not EVENT)

Changed = dict[Subject, set[int]]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did. `differing` are tables whose totals were not those of the database before it mended them."""

    generation: int
    as_of: datetime
    events: int
    rows: dict[str, int]
    rebuilt: bool
    differing: tuple[str, ...]
    snapshot: str
    seconds: float


def refresh(place: Place, *, forgotten: Collection[int] = (), thorough: bool = False) -> Refreshed:
    """Bring the copy in `place` up to this moment, verified by counts and sums, visible all at once.

    Facts are added; of leads, deals, persons and firms the new facts speak of, all rows are written anew. Rows of the
    `forgotten` persons are written anew too, and the files that held them removed before this returns. `thorough`
    writes every facet anew, which catches what changed without a fact. After a restore, or where nothing stands yet,
    everything is copied. Raises Conflict when somebody else refreshes, CopyDiffers when what was written is not what
    was read; then the copy stays as it was.
    """
    began = monotonic()
    with source.one_at_a_time(), scratch(load().home) as folder:
        before = manifests.load(place)
        generation = before.generation + 1 if before else 1
        shop = Workshop(place, folder, generation)
        stand, events, changed, parts, differing = _read(shop, before, forgotten, thorough=thorough)
        rebuilt = changed is None
        kept = {} if rebuilt or before is None else dict(before.tables)
        tables = _write(shop, kept, changed, parts, everything=thorough)
        after = _publish(place, before, stand, generation, tables, at_once=bool(forgotten) or rebuilt)
        if thorough or rebuilt:
            _sweep(place, after)
        return Refreshed(
            generation=generation,
            as_of=stand.as_of,
            events=events,
            rows={name: after.rows(name) for name in TABLES},
            rebuilt=rebuilt,
            differing=differing,
            snapshot=stand.snapshot,
            seconds=monotonic() - began,
        )


def _read(
    shop: Workshop, before: Manifest | None, forgotten: Collection[int], *, thorough: bool
) -> tuple[Stand, int, Changed | None, dict[str, Part], tuple[str, ...]]:
    """Everything from PostgreSQL, of one moment. No changed subjects (None) where all is copied."""
    with source.reading() as stand:
        goes_on = before is not None and before.database == stand.database
        events = source.new_events(before.snapshot if before and goes_on else None, shop.folder)
        shop.load(EVENT, events, "event_new")
        if not goes_on:
            return stand, events.rows, None, {t.name: source.rows_of(t, None, shop.folder) for t in FACETS}, ()
        changed = _changed(shop, forgotten)
        parts = {
            table.name: source.rows_of(table, None if thorough else changed[table.subject], shop.folder)
            for table in FACETS
            if thorough or changed[table.subject]
        }
        totals = {t.name: (parts[t.name].rows, parts[t.name].sums) for t in FACETS} if thorough else {}
        differing = _differing(before, totals) if before and not any(changed.values()) else ()
        return stand, events.rows, changed, parts, differing


def _differing(before: Manifest, totals: dict[str, tuple[int, dict[str, int]]]) -> tuple[str, ...]:
    """Tables that did not hold what the database holds though no fact tells of a change."""
    return tuple(
        name
        for name, (rows, sums) in totals.items()
        if before.rows(name) != rows or any(before.sums(name).get(column, 0) != total for column, total in sums.items())
    )


def _changed(shop: Workshop, forgotten: Collection[int]) -> Changed:
    """Of whom the new facts speak."""
    found: Changed = {
        subject: {
            row[0]
            for row in shop.duck.execute(
                f"select distinct {subject} from event_new where {subject} is not null"
            ).fetchall()
        }
        for subject in (Subject.LEAD, Subject.OPPORTUNITY, Subject.PERSON, Subject.COMPANY)
    }
    told = "try_cast(json_extract_string(payload, '$.{}') as bigint)"
    found[Subject.COST] = _ids(shop, f"select {told.format('cost_id')} from event_new where kind = 'cost.booked'")
    merged = _ids(
        shop,
        f"select unnest([person_id, {told.format('loser_id')}]) from event_new where kind like 'person.%merged'",
    )
    firms = _ids(
        shop,
        f"select unnest([company_id, {told.format('loser_id')}]) from event_new where kind like 'company.%merged'",
    )
    found[Subject.COMPANY] |= firms
    found[Subject.PERSON] |= merged | set(forgotten) | (source.people_of(firms) if firms else set())
    if merged or forgotten:
        found[Subject.LEAD] |= source.leads_of(merged | set(forgotten))
    return found


def _ids(shop: Workshop, statement: str) -> set[int]:
    return {row[0] for row in shop.duck.execute(statement).fetchall() if row[0] is not None}


def _write(
    shop: Workshop,
    kept: dict[str, tuple[File, ...]],
    changed: Changed | None,
    parts: dict[str, Part],
    *,
    everything: bool,
) -> dict[str, tuple[File, ...]]:
    """Write what was read and return the files of every table."""
    events = [*kept.get(EVENT.name, ()), *shop.write(EVENT, "event_new")]
    kept[EVENT.name] = tuple(shop.merge(EVENT, events))
    since = None if everything else changed
    for table in FACETS:
        if table.name in parts:
            shop.load(table, parts[table.name], "fresh")
            kept[table.name] = _renewed(shop, table, kept, since)
    if since is None or since[Subject.LEAD]:
        _work_out(shop, "entries", stages.entries(_told(shop, kept[EVENT.name], since)))
        kept[STAGE_ENTRY.name] = _renewed(shop, STAGE_ENTRY, kept, since, "entries")
        _work_out(shop, "arrivals", stages.arrivals("entries"))
        kept[ARRIVAL.name] = _renewed(shop, ARRIVAL, kept, since, "arrivals")
    return kept


def _renewed(
    shop: Workshop, table: Table, kept: dict[str, tuple[File, ...]], changed: Changed | None, fresh: str = "fresh"
) -> tuple[File, ...]:
    """The table's files after the rows in `fresh` have taken the place of the old ones; of all where it is None."""
    if changed is None:
        return tuple(shop.write(table, fresh))
    shop.keep("gone", changed[table.subject])
    return tuple(shop.replace(table, kept.get(table.name, ()), "gone", fresh))


def _work_out(shop: Workshop, name: str, statement: str) -> None:
    shop.duck.execute(f'create or replace temp table "{name}" as {statement}')


def _told(shop: Workshop, events: Iterable[File], changed: Changed | None) -> str:
    """SQL for the copied facts of the changed leads."""
    files = list(events)
    told = shop.reading(files) if files else "event_new"  # an empty ledger has no file, and this has its columns
    if changed is None:
        return told
    shop.keep("gone", changed[Subject.LEAD])
    return f'(from {told} semi join "gone" g on g.id = lead_id)'


def _publish(
    place: Place,
    before: Manifest | None,
    stand: Stand,
    generation: int,
    tables: dict[str, tuple[File, ...]],
    *,
    at_once: bool,
) -> Manifest:
    """Make the new files the copy, and remove those that two generations ago were the last to need.

    With `at_once` nothing of the generation before is kept: somebody was erased.
    """
    new = Manifest(generation, stand.as_of, stand.database, stand.snapshot, tables)
    retired = before.paths - new.paths if before else set()
    kept = () if at_once else tuple(sorted(retired))
    new = Manifest(generation, stand.as_of, stand.database, stand.snapshot, tables, kept)
    manifests.publish(place, new)
    for path in (set(before.retired) | (retired if at_once else set()) if before else set()) - new.paths - set(kept):
        place.remove(path)
    return new


def _sweep(place: Place, manifest: Manifest) -> None:
    """Remove what a refresh that was cut off left behind."""
    for name in set(place.names()) - manifest.paths - set(manifest.retired) - {manifests.NAME}:
        place.remove(name)
