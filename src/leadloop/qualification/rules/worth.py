"""What a lead is worth by the priors of the rules, and how far its buyer is."""

from __future__ import annotations

from leadloop.qualification.contracts import Rules


def expected_value(rules: Rules, grade: str, interest: str) -> int:
    """Chance of winning by grade times the average deal of the interest, in minor units of the base currency."""
    deal = rules.deal_minor_by_interest.get(interest, rules.deal_minor)
    return round(deal * rules.win_percent.get(grade, 0) / 100)


def buying_stage(readiness: int) -> str:
    """How far the buyer is, from what they stated: aware, considering from one answer, deciding from three."""
    return "deciding" if readiness >= 3 else "considering" if readiness else "aware"
