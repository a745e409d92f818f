"""The columns of the board."""

from __future__ import annotations

from leadloop.ledger.kept import Kept
from leadloop.selling.contracts import StageRow
from leadloop.selling.models import PipelineStage


def pipeline_stages() -> list[StageRow]:
    """The columns of the board from left to right. At most one query."""
    return list(STAGES())


def _stages() -> list[StageRow]:
    rows = PipelineStage.objects.order_by("order").values_list("id", "key", "label", "order", "win_percent", "needs")
    return [StageRow(*row[:5], tuple(row[5])) for row in rows]


STAGES = Kept(_stages)
