"""The columns of the board."""

from __future__ import annotations

from leadloop.ledger.kept import Kept
from leadloop.ledger.reads import Read
from leadloop.selling.contracts import StageRow


def pipeline_stages() -> list[StageRow]:
    """The columns of the board from left to right. At most one query."""
    return list(STAGES())


STAGES = Kept(
    Read(
        'select id, key, label, "order", win_percent, needs from selling_pipelinestage order by "order"',
        (),
        lambda rows: [_stage(*row) for row in rows],
    )
)


def _stage(stage_id: int, key: str, label: str, order: int, win_percent: int, needs: list[str]) -> StageRow:
    return StageRow(stage_id, key, label, order, win_percent, tuple(needs))
