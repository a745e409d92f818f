"""Writing what people say of the months to come. The newest counts; nothing is overwritten but the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from leadloop.kernel.errors import Invalid
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform.queries import company
from leadloop.tracking.facts import ForecastAdjusted, ForecastPlanned, ForecastSubmitted
from leadloop.tracking.forecast import rules
from leadloop.tracking.forecast.models import Adjustment, Submission


@dataclass(frozen=True, slots=True)
class SubmissionIn:
    """What somebody expects to win in a month, which is its first day."""

    user_id: int
    month: date
    commit: int
    best: int


@dataclass(frozen=True, slots=True)
class PlanIn:
    """What is to be won in a month by a team, or by the company (None)."""

    month: date
    minor: int
    team_id: int | None = None


def submit(submissions: Sequence[SubmissionIn], *, actor: Actor, now: datetime) -> None:
    """Keep what was said. Raises Invalid naming the field, before anything is written. Three queries."""
    us = company()
    today = now.astimezone(ZoneInfo(us.zone)).date()
    for one in submissions:
        rules.check_submission(rules.Said(one.commit, one.best), one.month, today)
    with transaction.atomic():
        Submission.objects.bulk_create(
            Submission(user_id=one.user_id, month=one.month, commit_minor=one.commit, best_minor=one.best, at=now)
            for one in submissions
        )
        record(
            [
                ForecastSubmitted(
                    happened_at=now,
                    amount=one.commit,
                    currency=us.currency,
                    base_amount=one.commit,
                    user_id=one.user_id,
                    month=one.month.isoformat(),
                    best=one.best,
                )
                for one in submissions
            ],
            actor=actor,
        )


def adjust(
    *,
    manager_id: int,
    month: date,
    delta: int,
    note: str,
    actor: Actor,
    now: datetime,
    user_id: int | None = None,
    team_id: int | None = None,
) -> None:
    """Add to, or take off, what one person or one team says of a month, with the reason. Raises Invalid."""
    us = company()
    told = rules.check_adjustment(note, month, now.astimezone(ZoneInfo(us.zone)).date())
    if (user_id is None) == (team_id is None):
        raise Invalid("It is not said whose forecast is adjusted", field="who", mend="Choose a person or a team")
    if abs(delta) > rules.MOST:
        raise Invalid("This is no amount", field="delta", mend="Give what to add or to take off")
    with transaction.atomic():
        Adjustment.objects.create(
            manager_id=manager_id, month=month, user_id=user_id, team_id=team_id, delta_minor=delta, note=told, at=now
        )
        fact = ForecastAdjusted(
            happened_at=now,
            amount=delta,
            currency=us.currency,
            base_amount=delta,
            user_id=user_id,
            team_id=team_id,
            month=month.isoformat(),
        )
        record([fact], actor=actor)


def plan(plans: Sequence[PlanIn], *, actor: Actor, now: datetime) -> int:
    """Set what is planned and return how many figures changed. Raises Invalid. Three queries."""
    us = company()
    for one in plans:
        rules.check_month(one.month)
        if not 0 <= one.minor <= rules.MOST:
            raise Invalid("This is no amount", field="minor", mend="Give nought or more")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            insert into tracking_forecast_plan as p (month, team_id, minor)
            select * from unnest(%s::date[], %s::bigint[], %s::bigint[]) order by 1, 2
                on conflict (month, team_id) do update set minor = excluded.minor where p.minor <> excluded.minor
            returning month, team_id, minor
            """,
            [[one.month for one in plans], [one.team_id for one in plans], [one.minor for one in plans]],
        )
        changed = cursor.fetchall()
        facts = [
            ForecastPlanned(
                happened_at=now,
                amount=minor,
                currency=us.currency,
                base_amount=minor,
                team_id=team_id,
                month=month.isoformat(),
            )
            for month, team_id, minor in changed
        ]
        record(facts, actor=actor)
    return len(facts)
