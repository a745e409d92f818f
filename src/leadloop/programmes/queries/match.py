"""Which source and programme a visit belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from leadloop.programmes.contracts import Match, Rule, TouchHint
from leadloop.programmes.models import UtmRule
from leadloop.programmes.rules import matcher


def utm_rules() -> tuple[Rule, ...]:
    """The rules in their order. A rule that names only a programme gives that programme's own source."""
    rows = UtmRule.objects.order_by("order").values_list(
        "order",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "referrer",
        "source_id",
        "programme_id",
        "programme__source_id",
    )
    return tuple(Rule(*row[:5], source_id=row[5] or row[7], programme_id=row[6]) for row in rows)


def match(hints: Sequence[TouchHint]) -> list[Match]:
    """The answer to each hint, in order. One query for the rules; what is made of them is kept while they are the same.

    So a changed rule holds from the next batch on, in every process.
    """
    answer = matcher(utm_rules())
    return [answer(hint) for hint in hints]
