"""Putting scoring rules into force."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from leadloop.agreement.contracts import Terms
from leadloop.criteria.compile import VALUES, check
from leadloop.kernel.errors import Forbidden, Invalid
from leadloop.ledger.contracts import Actor, user_of
from leadloop.ledger.services import record
from leadloop.platform.queries import users
from leadloop.qualification.contracts import Rules
from leadloop.qualification.facts import ScoreRulesSigned
from leadloop.qualification.models import ScoreRules

SIGNERS = {
    "sales": ("head_of_sales",),
    "marketing": ("head_of_marketing",),
    "joint": ("head_of_sales", "head_of_marketing"),
}


def install(*, rules: Rules, actor: Actor, now: datetime) -> int:
    """Put the first rules into force, at installation; returns their version."""
    return _in_force(rules, None, actor, now)


def sign_rules(*, rules: Rules, terms: Terms, actor: Actor, now: datetime) -> int:
    """Put new rules into force; returns their version. Raises Forbidden unless the leadership clause lets you sign."""
    user_id = user_of(actor)
    roles = set(users({user_id})[user_id].roles) if user_id else set()
    wanted = SIGNERS[terms.clauses.leadership]
    if not roles & set(wanted):
        raise Forbidden("Scoring rules are signed by " + " or ".join(w.replace("_", " ") for w in wanted))
    return _in_force(rules, user_id, actor, now)


def _in_force(rules: Rules, signer: int | None, actor: Actor, now: datetime) -> int:
    for rule in rules.fit:
        if wrong := check(rule.when, VALUES):
            raise Invalid(f"{rule.label}: {wrong.problem}", field=f"fit.{rule.code}", mend=wrong.mend)
    if rules.half_life_days <= 0:
        raise Invalid("A half-life is a number of days above nought", field="half_life_days")
    with transaction.atomic():
        newest = ScoreRules.objects.aggregate(newest=Max("version"))["newest"] or 0
        row = ScoreRules.objects.create(
            version=newest + 1,
            rules=rules.model_dump(mode="json"),
            drafted_by_id=signer,
            signed_by_id=signer,
            in_force_from=now,
        )
        record([ScoreRulesSigned(happened_at=now, version=row.version)], actor=actor)
        return int(row.version)
