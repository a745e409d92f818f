"""The lines of an open deal; its amount is their sum."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from leadloop.kernel.errors import NotFound
from leadloop.kernel.money import Money
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.selling.contracts import LineIn
from leadloop.selling.facts import OpportunityChanged
from leadloop.selling.models import Line, Opportunity
from leadloop.selling.queries.deals import lines as lines_of
from leadloop.selling.rules import worth
from leadloop.selling.services.holding import Held, hold
from leadloop.selling.services.line_rows import check_lines, write_lines


def add_lines(opportunity_id: int, *, lines: Sequence[LineIn], actor: Actor, now: datetime) -> list[int]:
    """Add lines to an open deal and return their ids. With the first ones the amount becomes their sum."""
    check_lines(lines)
    with transaction.atomic():
        held = hold(opportunity_id)
        ids = write_lines(opportunity_id, lines)
        _sum_up(held, actor, now)
    return ids


def change_line(opportunity_id: int, *, line_id: int, line: LineIn, actor: Actor, now: datetime) -> None:
    """Replace what a line says. Raises NotFound for one that is not on this deal."""
    check_lines([line])
    with transaction.atomic():
        held = hold(opportunity_id)
        changed = Line.objects.filter(opportunity_id=opportunity_id, id=line_id).update(
            product_id=line.product_id,
            name=line.name.strip(),
            quantity=line.quantity,
            unit_minor=line.unit_minor,
            months=line.months,
            terms_id=line.terms_id,
        )
        if not changed:
            raise NotFound("There is no such line on this deal", field="line_id", mend="Load the page again")
        _sum_up(held, actor, now)


def remove_lines(opportunity_id: int, *, line_ids: Collection[int], actor: Actor, now: datetime) -> int:
    """Take lines off an open deal and return how many. Without lines the deal is worth nothing until one says what."""
    with transaction.atomic():
        held = hold(opportunity_id)
        gone, _ = Line.objects.filter(opportunity_id=opportunity_id, id__in=list(line_ids)).delete()
        if gone:
            _sum_up(held, actor, now)
    return gone


def _sum_up(held: Held, actor: Actor, now: datetime) -> None:
    row = held.row
    minor = Money(worth(lines_of(row.id)).tcv, row.currency).minor
    Opportunity.objects.filter(id=row.id).update(minor=minor)
    changes = {"lines": [], **({"amount": [str(row.minor), str(minor)]} if minor != row.minor else {})}
    fact = OpportunityChanged(
        happened_at=now, **held.whose, amount=minor - row.minor, currency=row.currency, changes=changes
    )
    record([fact], actor=actor)
