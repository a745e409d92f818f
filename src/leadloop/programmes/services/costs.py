"""The cost book: lines are added, never changed. A mistake is taken off by a negative line that names it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform import queries as platform
from leadloop.programmes.contracts import Correction, CostRow, Spend
from leadloop.programmes.facts import CostBooked
from leadloop.programmes.models import Cost, Programme
from leadloop.programmes.queries.costs import COLUMNS, to_row
from leadloop.programmes.rules import check_spend, taken_off


@transaction.atomic
def spend(*, spends: Sequence[Spend], actor: Actor, now: datetime) -> list[int]:
    """Book costs and return their ids, in order. Each is worth its base amount at the rate of the day booked.

    Raises Invalid naming currency and day where no rate stands, and for what `rules.check_spend` refuses.
    """
    check_spend(spends)
    _check_programmes({s.programme_id for s in spends if s.programme_id is not None})
    worth = platform.base_amounts([(s.minor, s.currency, s.booked_on) for s in spends])
    rows = [
        Cost(
            programme_id=s.programme_id,
            kind=s.kind,
            minor=s.minor,
            currency=s.currency,
            base_minor=_known(base, s),
            booked_on=s.booked_on,
            paid_on=s.paid_on,
            allocation=s.allocation,
            note=s.note.strip(),
        )
        for s, base in zip(spends, worth, strict=True)
    ]
    return _book(rows, actor=actor, now=now)


@transaction.atomic
def correct(*, corrections: Sequence[Correction], actor: Actor, now: datetime) -> list[int]:
    """Take booked costs back, in part or whole, by negative lines on the same day and programme.

    Return the ids of the new lines, in order. Base amounts are such that a line taken off whole leaves nought in
    the base currency too, whatever the steps. Raises Invalid for what `rules.taken_off` refuses.
    """
    booked, left, base_left = _locked({c.cost_id for c in corrections})
    steps = taken_off(corrections, booked, left)
    after = platform.base_amounts([(rest, line.currency, line.booked_on) for line, _, rest in steps])
    rows = []
    for (line, off, _), base, asked in zip(steps, after, corrections, strict=True):
        remains = _known(base, line)
        rows.append(_negative(line, off, base_left[line.id] - remains, asked.note))
        base_left[line.id] = remains
    return _book(rows, actor=actor, now=now)


def _locked(ids: set[int]) -> tuple[dict[int, CostRow], dict[int, int], dict[int, int]]:
    """Lock the lines; return them, and what is left of each in its own and in the base currency."""
    found = Cost.objects.filter(id__in=ids).order_by("id").select_for_update().values_list(*COLUMNS)
    booked = {row[0]: to_row(row) for row in found}
    left = {i: line.minor for i, line in booked.items()}
    base_left = {i: line.base_minor for i, line in booked.items()}
    for of, minor, base in Cost.objects.filter(corrects_id__in=ids).values_list("corrects_id", "minor", "base_minor"):
        left[of] += minor
        base_left[of] += base
    return booked, left, base_left


def _negative(line: CostRow, off: int, base_off: int, note: str) -> Cost:
    return Cost(
        programme_id=line.programme_id,
        kind=line.kind,
        minor=-off,
        currency=line.currency,
        base_minor=-base_off,
        booked_on=line.booked_on,
        paid_on=line.paid_on,
        allocation=line.allocation,
        note=note.strip(),
        corrects_id=line.id,
    )


def _book(rows: list[Cost], *, actor: Actor, now: datetime) -> list[int]:
    made = Cost.objects.bulk_create(rows)
    facts = [
        CostBooked(
            happened_at=now,
            programme_id=c.programme_id,
            amount=c.minor,
            currency=c.currency,
            base_amount=c.base_minor,
            cost_id=c.id,
            cost_kind=str(c.kind),
            booked_on=c.booked_on.isoformat(),
        )
        for c in made
    ]
    record(facts, actor=actor)
    return [c.id for c in made]


def _check_programmes(ids: set[int]) -> None:
    missing = ids - set(Programme.objects.filter(id__in=ids).values_list("id", flat=True))
    if missing:
        raise Invalid(f"there is no programme {min(missing)}", field="programme", mend="Set the programme up first")


def _known(base: int | None, line: Spend | CostRow) -> int:
    if base is None:
        raise Invalid(
            f"there is no rate for {line.currency} on or before {line.booked_on}",
            field="currency",
            mend=f"Enter what one {line.currency} was worth on {line.booked_on}, then book the cost again",
        )
    return base
