"""What is laid down about the months to come."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("forecast.submitted", "A forecast was submitted")
class ForecastSubmitted(Fact):
    """`amount` is the commit of this user for the month, in the company's currency; `best` the best case."""

    user_id: int
    month: str
    best: int


@fact("forecast.adjusted", "A forecast was adjusted")
class ForecastAdjusted(Fact):
    """`amount` is added to what the user submitted, or the team adds up to; 0 takes an adjustment back."""

    user_id: int | None
    team_id: int | None
    month: str


@fact("forecast.planned", "The plan of a month was set")
class ForecastPlanned(Fact):
    """`amount` is planned to be won by the team, or by the company where there is none."""

    team_id: int | None
    month: str
