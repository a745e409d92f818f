"""Drafting scoring rules and putting them into force."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from leadloop.agreement.contracts import Terms
from leadloop.agreement.rules import signers
from leadloop.criteria.compile import VALUES, check
from leadloop.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from leadloop.leads.services import rebase_engagement
from leadloop.ledger.contracts import Actor, user_of
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch
from leadloop.platform.queries import users
from leadloop.qualification.contracts import Asking, Rules
from leadloop.qualification.facts import ScoreRulesDrafted, ScoreRulesSigned
from leadloop.qualification.models import ScoreRules
from leadloop.qualification.rules import rebase
from leadloop.qualification.services import gate


def install(*, rules: Rules, actor: Actor, now: datetime) -> int:
    """Put rules into force without signatures, at installation; returns their version. Raises Invalid."""
    with transaction.atomic():
        row = _draft(rules, None, now)
        _put_in_force(row, actor, now)
        return int(row.version)


def propose(*, rules: Rules, actor: Actor, now: datetime) -> int:
    """Draft rules, which nobody is judged by until they are signed; returns their version.

    Raises Invalid naming the rule that can't be used.
    """
    with transaction.atomic():
        row = _draft(rules, user_of(actor), now)
        record([ScoreRulesDrafted(happened_at=now, version=row.version)], actor=actor)
        return int(row.version)


def sign_rules(*, version: int, terms: Terms, actor: Actor, now: datetime) -> bool:
    """Sign a draft in every capacity that the actor has; True when nobody's signature is missing and it is in force.

    The agreement's leadership says who signs. When the half-life changes, today's engagement of every lead stays.
    Raises NotFound, Forbidden, and Conflict for rules that are in force or that newer ones have overtaken.
    """
    with transaction.atomic():
        row = ScoreRules.objects.select_for_update().filter(version=version).first()
        if row is None:
            raise NotFound("there are no scoring rules of this version", field="version")
        newest = _newest_in_force()
        if newest is not None and newest.version >= version:
            raise Conflict("these rules are in force, or newer ones are", mend="Draft them anew")
        asked = signers(terms.clauses.leadership, None)
        row.signatures = {**row.signatures, **_signatures(asked, actor)}
        row.save(update_fields=["signatures"])
        if any(capacity not in row.signatures for capacity in asked):
            return False
        _put_in_force(row, actor, now)
        return True


def _signatures(asked: tuple[str, ...], actor: Actor) -> dict[str, int]:
    user_id = user_of(actor)
    found = users([user_id], active=True) if user_id is not None else {}
    given = {str(one): row.id for row in found.values() for one in asked if one in row.roles}
    if not given:
        names = " and ".join(one.replace("_", " ") for one in asked)
        raise Forbidden(f"Scoring rules are signed by the {names}", mend="Ask them to sign")
    return given


def _draft(rules: Rules, user_id: int | None, now: datetime) -> ScoreRules:
    _check(rules)
    newest = ScoreRules.objects.aggregate(newest=Max("version"))["newest"] or 0
    return ScoreRules.objects.create(
        version=newest + 1, rules=rules.model_dump(mode="json"), drafted_by_id=user_id, drafted_at=now
    )


def _check(rules: Rules) -> None:
    asking: list[Asking] = [*rules.fit, *rules.disqualifiers]
    for rule in asking:
        if wrong := check(rule.when, VALUES):
            raise Invalid(f"{rule.label}: {wrong.problem}", field=f"{rule.code}.{wrong.field}", mend=wrong.mend)
    code, times = Counter(["base", *(rule.code for rule in asking)]).most_common(1)[0]
    if times > 1:
        raise Invalid(f"Two rules have the code “{code}”", field="code", mend="Give each its own")


def _put_in_force(row: ScoreRules, actor: Actor, now: datetime) -> None:
    gate.close()
    before = _newest_in_force()
    row.in_force_from = now
    row.save(update_fields=["in_force_from"])
    if before is not None:
        _keep_engagement(_half_life(before), _half_life(row), now)
    record([ScoreRulesSigned(happened_at=now, version=row.version, signatures=row.signatures)], actor=actor)


def _keep_engagement(before_days: float, after_days: float, now: datetime) -> None:
    if before_days == after_days:
        return
    shift = rebase(now, before_days, after_days)
    rebase_engagement(shift)
    fetch(
        """
        update qualification_assessment set engagement = engagement + %s where engagement is not null
        returning lead_id
        """,
        [shift],
    )


def _newest_in_force() -> ScoreRules | None:
    return ScoreRules.objects.filter(in_force_from__isnull=False).order_by("-version").first()


def _half_life(row: ScoreRules) -> float:
    return Rules.model_validate(row.rules).half_life_days
