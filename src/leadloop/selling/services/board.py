"""The board: its columns, and moving deals about on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson
from django.db import transaction

from leadloop.kernel.errors import NotFound, Refused
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.selling.contracts import OpportunityRow, StageIn, StageRow
from leadloop.selling.facts import OpportunityMoved
from leadloop.selling.models import Line, Opportunity
from leadloop.selling.queries.stages import STAGES, pipeline_stages
from leadloop.selling.rules import NEEDS, check_pipeline, missing_for
from leadloop.selling.services.holding import hold
from leadloop.selling.sql import columns, fetch, run
from leadloop.selling.standard import PIPELINE

CLOSEST = 1e-6  # two places nearer than this make room for no third


def install_pipeline(stages: Sequence[StageIn] = PIPELINE) -> dict[str, int]:
    """Make these the columns of the board, from left to right, and return ids by key; may be repeated.

    A column of the same key is changed. Raises Invalid when one is left out in which a deal stands or stood.
    """
    with transaction.atomic():
        STAGES.forget()
        fetch("select id from selling_pipelinestage order by id for update")
        used = fetch("select key from selling_pipelinestage where id in (select stage_id from selling_opportunity)")
        check_pipeline(stages, [key for (key,) in used])
        run("delete from selling_pipelinestage where key <> all(%s)", [[stage.key for stage in stages]])
        run('update selling_pipelinestage set "order" = - 1 - "order"')  # out of the way: places are unique
        found = fetch(
            """
            insert into selling_pipelinestage (key, label, "order", win_percent, needs)
            select key, label, place, win_percent, needs::jsonb
              from unnest(%s::text[], %s::text[], %s::smallint[], %s::smallint[], %s::text[])
                as n (key, label, place, win_percent, needs)
                on conflict (key) do update
               set label = excluded.label, "order" = excluded."order", win_percent = excluded.win_percent,
                   needs = excluded.needs
            returning key, id
            """,
            columns(
                (one.key, one.label.strip(), place, one.win_percent, orjson.dumps(list(one.needs)).decode())
                for place, one in enumerate(stages)
            ),
        )
        return dict(found)


def stage_of(key: str | None) -> StageRow:
    """A column by its key, the first one for None. Raises NotFound."""
    found = next((one for one in pipeline_stages() if key is None or one.key == key), None)
    if found is None:
        raise NotFound(f"There is no column “{key or ''}”", field="stage", mend="Load the board again")
    return found


def must_have(stage: StageRow, row: OpportunityRow) -> None:
    """Raise Refused, naming the first thing that is missing as the field, unless the deal may stand in this column."""
    has_lines = "lines" in stage.needs and Line.objects.filter(opportunity_id=row.id).exists()
    lacks = missing_for(stage, row, has_lines=has_lines)
    if lacks:
        wanted = " and ".join(NEEDS[need] for need in lacks)
        raise Refused(f"“{stage.label}” needs {wanted}", field=lacks[0], mend="Fill it in, then move the deal")


def move_stage(
    opportunity_id: int, *, stage_key: str, actor: Actor, now: datetime, position: float | None = None
) -> None:
    """Put an open deal into a column, at a position between those of its neighbours; None puts it last.

    Raises Refused for a closed deal and for one that lacks what the column needs. Within a column only the place
    changes, which is no fact.
    """
    with transaction.atomic():
        held = hold(opportunity_id)
        stage, row = stage_of(stage_key), held.row
        place = last_place(stage.id) if position is None else position
        if stage.key == row.stage:
            Opportunity.objects.filter(id=row.id).update(position=place)
        else:
            must_have(stage, row)
            Opportunity.objects.filter(id=row.id).update(stage_id=stage.id, stage_since=now, position=place)
            record([OpportunityMoved(happened_at=now, **held.whose, before=row.stage, after=stage.key)], actor=actor)
        _spread(stage.id, place)


def last_place(stage_id: int) -> float:
    """A position behind all open deals of a column."""
    ((last,),) = fetch(
        "select coalesce(max(position), 0) from selling_opportunity where stage_id = %s and state = 'open'", [stage_id]
    )
    return float(last) + 1


def _spread(stage_id: int, place: float) -> None:
    """Number a column anew once two deals have come too close for a third to go between."""
    ((near,),) = fetch(
        """
        select count(*) from selling_opportunity
         where stage_id = %s and state = 'open' and position between %s and %s
        """,
        [stage_id, place - CLOSEST, place + CLOSEST],
    )
    if near > 1:
        run(
            """
            with locked as materialized (
                select id, position from selling_opportunity where stage_id = %s and state = 'open'
                 order by id for no key update
            ), numbered as (
                select id, row_number() over (order by position, id) as place from locked
            )
            update selling_opportunity o set position = n.place from numbered n where o.id = n.id
            """,
            [stage_id],
        )
