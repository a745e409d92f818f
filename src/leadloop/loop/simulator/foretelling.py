"""What people say of the months to come: salespeople twice a month, a manager who knows better, the plan of a year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leadloop.ledger.contracts import by_user
from leadloop.loop.simulator.company import Demo
from leadloop.loop.simulator.dice import dice
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.state import Deal
from leadloop.platform.queries import company, teams
from leadloop.selling.contracts import Category
from leadloop.selling.services import change
from leadloop.tracking.forecast import services as forecast
from leadloop.tracking.forecast.queries import won
from leadloop.tracking.forecast.rules import month_after, month_of, months_from
from leadloop.tracking.forecast.services import PlanIn, SubmissionIn

DAYS, HOUR = (3, 16), 9  # of the month, and of the day
FRIDAY = 5
SURE, LIKELY = 50, 20  # percent with which a column is won: from there on a deal is committed, or a best case
GROWTH, ROUNDED = 1.5, 100_000  # of a plan over what came before: they grow; and its minor units
YEAR, LOOKED_AT, AHEAD = 12, 6, 3  # months of a plan, of what it is made from, and by which it is made early
TEAMS = ("dach", "world")  # which have a plan of their own
KNOWS_BETTER = -0.1
NOTE = "Two of the deals they count on have not been heard of for weeks. I would not book them."


def moments(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """When salespeople are asked: on two working days of each month, from the second month on."""
    month = month_after(month_of(start.astimezone(zone).date()))
    while True:
        for number in DAYS:
            day = month.replace(day=number)
            day += timedelta(days=8 - day.isoweekday() if day.isoweekday() > FRIDAY else 0)
            at = datetime.combine(day, time(HOUR), zone).astimezone(start.tzinfo)
            if at >= end:
                return
            yield at
        month = month_after(month)


def said(house: House, demo: Demo, seed: int, at: datetime) -> list[SubmissionIn]:
    """What each salesperson says at this moment of this month and the next: won, and what the board lets them hope.

    Nobody knows what will come. The less diligent promise more than their deals hold.
    """
    this = month_of(at.astimezone(house.around.zone).date())
    found = []
    for key in demo.who.sellers:
        roll = dice(seed, "says", key, at.date())
        hope = max(0.5, roll.gauss(1.4 - 0.4 * demo.who.diligence[key], 0.15))
        mine = [deal for deal in house.rows.deals if deal.owner_id == demo.staff[key]]
        for month in (this, month_after(this)):
            sure, likely = (hope * _open(house, mine, month, least) for least in (SURE, LIKELY))
            commit = _rounded(_won(house, mine, month) + sure)
            found.append(SubmissionIn(demo.staff[key], month, commit, max(commit, commit + _rounded(likely - sure))))
    return found


def keep(sayings: Sequence[tuple[datetime, list[SubmissionIn]]], house: House, demo: Demo, start: datetime) -> None:
    """Submit what was said, plan each fiscal year, adjust, and sort what is open, all through the services."""
    for at, found in sayings:
        for user_id in sorted({one.user_id for one in found}):
            mine = [one for one in found if one.user_id == user_id]
            forecast.submit(mine, actor=by_user(user_id), now=at)
    _plan(demo, start, house)
    this = month_of(house.now.astimezone(house.around.zone).date())
    _sort(house, this)
    if sayings:
        _adjust(demo, house, sayings[-1][1], this)


def _won(house: House, deals: Sequence[Deal], month: date) -> int:
    zone = house.around.zone
    closed = (one for one in deals if one.state == "won" and one.closed_at)
    return sum(
        one.base_minor or 0
        for one in closed
        if one.closed_at and month_of(one.closed_at.astimezone(zone).date()) == month
    )


def _open(house: House, deals: Sequence[Deal], month: date, least: int) -> int:
    """What is open in columns that win with at least so many percent, worth that share of it, by closing day."""
    percent = {key: column.win_percent for key, column in house.around.board.items()}
    return sum(
        house.around.base(one.minor, one.currency, one.opened_at.date()) * percent[one.stage_key] // 100
        for one in deals
        if one.state == "open" and month_of(one.close_on) == month and percent[one.stage_key] >= least
    )


def _plan(demo: Demo, start: datetime, house: House) -> None:
    """Each fiscal year is planned three months early, by the half year before; the first by the half year it begins."""
    us, zone = company(), house.around.zone
    first = month_of(start.astimezone(zone).date())
    year = month_after(first, -((first.month - us.fiscal_year_start) % YEAR))
    this = month_of(house.now.astimezone(zone).date())
    selling = [team.id for team in teams().values() if team.key in TEAMS]
    while year <= month_after(this, AHEAD):
        seen = months_from(max(first, month_after(year, -LOOKED_AT - AHEAD)), LOOKED_AT)
        came = _by_team(seen, us.zone)
        months = [month for month in months_from(year, YEAR) if month >= first]
        plans = [
            PlanIn(month, _rounded(GROWTH * came.get(team, 0) / LOOKED_AT), team)
            for month in months
            for team in (*selling, None)
        ]
        planned = datetime.combine(month_after(year, -AHEAD), time(HOUR), zone).astimezone(start.tzinfo)
        forecast.plan(plans, actor=by_user(demo.staff["viktor"]), now=max(start, planned))
        year = month_after(year, YEAR)


def _by_team(months: Sequence[date], zone: str) -> Mapping[int | None, int]:
    """What came in these months, by team and, under None, of all."""
    found: dict[int | None, int] = {}
    for row in won(months, zone):
        found[None] = found.get(None, 0) + row.minor
        if row.team_id is not None:
            found[row.team_id] = found.get(row.team_id, 0) + row.minor
    return found


def _sort(house: House, this: date) -> None:
    """Salespeople say of each open deal of this month and the next whether they count on it."""
    for deal in house.rows.deals:
        if deal.state != "open" or month_of(deal.close_on) not in (this, month_after(this)):
            continue
        percent = house.around.board[deal.stage_key].win_percent
        if percent >= LIKELY:
            category = Category.COMMIT if percent >= SURE else Category.BEST_CASE
            change(deal.id, changes={"category": category}, actor=by_user(deal.owner_id), now=house.now)


def _adjust(demo: Demo, house: House, newest: Sequence[SubmissionIn], this: date) -> None:
    ruth = demo.staff["ruth"]
    team = house.around.users[ruth].team_id
    theirs = {user.id for user in house.around.users.values() if user.team_id == team}
    commit = sum(one.commit for one in newest if one.user_id in theirs and one.month == this)
    if delta := _rounded(KNOWS_BETTER * commit):
        forecast.adjust(
            manager_id=ruth, month=this, team_id=team, delta=delta, note=NOTE, actor=by_user(ruth), now=house.now
        )


def _rounded(minor: float) -> int:
    return round(minor / ROUNDED) * ROUNDED
