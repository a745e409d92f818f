"""The words in which the agreement may say when a lead enters a stage; `qualification` supplies the values."""

from __future__ import annotations

from leadloop.criteria.registry import Column, register_values

register_values(
    "score",
    (
        Column("fit", "Fit", "number"),
        Column("engagement", "Engagement", "number"),
        Column("readiness", "Readiness", "number"),
    ),
)
