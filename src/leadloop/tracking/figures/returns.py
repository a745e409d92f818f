"""Cost and return of programmes: shared costs spread, revenue credited, and what each step cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadloop.kernel.values import dataclass
from leadloop.tracking.attribution import MODELS
from leadloop.tracking.attribution.shared import spread
from leadloop.tracking.figures import sources
from leadloop.tracking.figures.asking import Figure, divided, figures_by
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened
from leadloop.tracking.figures.touches import journeys, revenue_by_programme, wins_by_programme

STEPS = {
    "mql": "funnel.event.qualified",
    "sal": "funnel.event.accepted",
    "sql": "funnel.event.in_contact",
}
Cut = Mapping[Any, Mapping[str, Figure]]


@dataclass(frozen=True, slots=True)
class ProgrammeReturn:
    """Cost and return of one programme (None: not attributed). Money in minor units of the company's currency.

    `own` was booked on it, `shared` is its part of what was booked for several. `revenue` is by model and adds up over
    all programmes to the won revenue in each; `won` is credited deals by model.
    """

    programme_id: int | None
    own: int
    shared: int
    inquiries: int
    mql: int
    sal: int
    sql: int
    revenue: dict[str, int]
    won: dict[str, float]

    @property
    def cost(self) -> int:
        """Own and shared together."""
        return self.own + self.shared

    def per(self, step: str, model: str = "last") -> float | None:
        """Cost per step: inquiries, mql, sal, sql or won; None where there was none."""
        return divided(self.cost, self.won[model] if step == "won" else getattr(self, step))

    def roi(self, model: str) -> float | None:
        """(revenue - cost) / cost; None without cost."""
        return divided(self.revenue[model] - self.cost, self.cost)


def programme_returns(copy: Opened, asked: Asked) -> list[ProgrammeReturn]:
    """One line for each programme that had a cost, an inquiry, a step or a credit in the period. Six statements.

    Costs over all lines are the cost book of the period: shared cost that can't be spread stands in the line None.
    """
    costs = figures_by(copy, asked, sources.COSTS, "programme_id")
    rules = figures_by(copy, asked, sources.COSTS, "allocation")
    asked_for = figures_by(copy, asked, sources.INQUIRIES, "programme_id")
    steps = figures_by(copy, asked, sources.ARRIVALS, "programme_id")
    own = {key: _whole(found, "cost.total") for key, found in costs.items() if key is not None}
    inquiries = {key: _whole(found, "inquiries.count") for key, found in asked_for.items()}
    shared, rest = spread(
        {rule: _whole(found, "cost.total") for rule, found in rules.items() if rule},
        spent=own,
        inquiries={key: count for key, count in inquiries.items() if key is not None},
    )
    paths = journeys(copy, asked)
    revenue = {model: revenue_by_programme(paths, model) for model in MODELS}
    won = {model: wins_by_programme(paths, model) for model in MODELS}
    keys = {*own, *shared, *inquiries, *steps, *(key for by in revenue.values() for key in by)}
    return [
        ProgrammeReturn(
            programme_id=key,
            own=own.get(key, 0) if key is not None else 0,
            shared=shared.get(key, 0) if key is not None else rest,
            inquiries=inquiries.get(key, 0),
            **{step: _whole(steps.get(key, {}), name) for step, name in STEPS.items()},
            revenue={model: by.get(key, 0) for model, by in revenue.items()},
            won={model: by.get(key, 0.0) for model, by in won.items()},
        )
        for key in sorted(keys, key=lambda one: (one is None, one or 0))
    ]


def _whole(found: Mapping[str, Figure], name: str) -> int:
    return int(found.get(name) or 0)
