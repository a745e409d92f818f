"""Drafting, signing and installing the agreement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.agreement import cache, rules
from leadloop.agreement.contracts import Capacity, Clauses, Leadership, Problem
from leadloop.agreement.facts import AgreementDrafted, AgreementSigned, SignatureGiven
from leadloop.agreement.models import Agreement, Signature
from leadloop.agreement.reading import changed, read_clauses
from leadloop.criteria.compile import VALUES, check
from leadloop.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from leadloop.ledger.contracts import Actor, user_of
from leadloop.ledger.services import record
from leadloop.platform import queries as platform
from leadloop.platform.roles import ROLE_LABELS, Role


def install(*, clauses: Clauses | Mapping[str, Any], actor: Actor, now: datetime) -> int:
    """Put the first text in force, unsigned, and return its version, 1.

    Raises Invalid naming the first unsound clause, Conflict when an agreement is in force already.
    """
    text = read_clauses(clauses)
    _must_be_sound(text)
    with transaction.atomic():
        row, created = Agreement.objects.get_or_create(
            version=1,
            defaults={
                "leadership": text.leadership,
                "clauses": text.model_dump(mode="json"),
                "drafted_by_id": user_of(actor),
                "drafted_at": now,
                "in_force_from": now,
            },
        )
        if not created:
            raise Conflict("An agreement is in force already", mend="Draft a new one and have it signed")
        _in_force(row, actor, now)
    return 1


def propose(
    *,
    clauses: Clauses | Mapping[str, Any] | None = None,
    leadership: Leadership | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Write a draft and return its id. Nothing changes until it is signed.

    `clauses` is the whole text, or (as a mapping) only what changes in the text in force; None copies that text.
    `leadership` goes before the one in `clauses`. Raises Invalid naming the first unsound clause.
    """
    with transaction.atomic():
        current = cache.newest(fresh=True)
        text = _proposed(clauses, current.clauses if current else None)
        if leadership is not None:
            text = changed(text, {"leadership": leadership})
        _must_be_sound(text)
        row = Agreement.objects.create(
            leadership=text.leadership,
            clauses=text.model_dump(mode="json"),
            note=note.strip(),
            drafted_by_id=user_of(actor),
            drafted_at=now,
            based_on=current.version if current else None,
        )
        record([AgreementDrafted(happened_at=now, draft_id=row.id)], actor=actor)
    return row.id


def sign(*, draft_id: int, capacity: Capacity | str, actor: Actor, now: datetime) -> int | None:
    """Sign a draft. Returns the new version once everybody asked has signed, None while signatures are missing.

    Signing twice changes nothing. Raises NotFound; Forbidden for anybody without the role they sign in; Refused when
    that signature is not asked for; Conflict for a draft that is in force or overtaken; Invalid when a clause has
    become unsound since (a keeper has left, say).
    """
    with transaction.atomic():
        current = Agreement.objects.filter(version__isnull=False).order_by("-version").select_for_update().first()
        row = Agreement.objects.select_for_update().filter(id=draft_id).first()
        if row is None:
            raise NotFound("There is no such draft")
        asked = _asked(row, current)
        user_id, signing = _signer(actor, capacity, asked)
        _must_be_sound(read_clauses(row.clauses))
        _, added = Signature.objects.get_or_create(
            agreement=row, capacity=str(signing), defaults={"user_id": user_id, "at": now}
        )
        if added:
            record([SignatureGiven(happened_at=now, draft_id=row.id, capacity=str(signing))], actor=actor)
        given = set(Signature.objects.filter(agreement=row).values_list("capacity", flat=True))
        if not given.issuperset(map(str, asked)):
            return None
        row.version = current.version + 1 if current and current.version else 1
        row.in_force_from = now
        row.save(update_fields=["version", "in_force_from"])
        _in_force(row, actor, now)
        return row.version


def unsound(clauses: Clauses) -> list[Problem]:
    """All that is wrong with a text, for the page on which it is edited. One query."""
    conditions = {}
    for stage, clause in clauses.stages.items():
        wrong = check(clause.enters_when, VALUES) if clause.enters_when is not None else None
        if wrong is not None:
            conditions[stage] = str(wrong)
    return rules.problems(clauses, active=platform.users(active=True).keys(), conditions=conditions)


def _proposed(clauses: Clauses | Mapping[str, Any] | None, current: Clauses | None) -> Clauses:
    if isinstance(clauses, Clauses):
        return clauses
    if current is not None:
        return changed(current, clauses or {})
    if clauses is None:
        raise Invalid("There is no text to copy from yet", field="clauses", mend="Give the whole text")
    return read_clauses(clauses)


def _must_be_sound(text: Clauses) -> None:
    found = unsound(text)
    if found:
        raise Invalid(found[0].problem, field=found[0].clause, mend=found[0].mend)


def _asked(row: Agreement, current: Agreement | None) -> tuple[Capacity, ...]:
    """Return who must sign the draft, having made sure that it can still be signed."""
    if row.version is not None:
        raise Conflict("This agreement is in force already", mend="Draft a new one to change it")
    if row.based_on != (current.version if current else None):
        raise Conflict("Another version was signed after this draft was written", mend="Draft it anew from that one")
    before = read_clauses(current.clauses).leadership if current else None
    return rules.signers(read_clauses(row.clauses).leadership, before)


def _signer(actor: Actor, capacity: str, asked: tuple[Capacity, ...]) -> tuple[int, Capacity]:
    """Return who signs and as what, having made sure that they may and that it is asked for."""
    wanted = " and ".join(ROLE_LABELS[Role(one)].lower() for one in asked)
    if capacity not in asked:
        raise Refused("This signature is not asked for", field="capacity", mend=f"It takes: {wanted}")
    user_id = user_of(actor)
    if user_id is None or capacity not in platform.viewer(user_id).roles:
        label = ROLE_LABELS[Role(capacity)].lower()
        raise Forbidden(f"Only the {label} signs as {label}", field="capacity", mend=f"Ask the {label} to sign")
    return user_id, Capacity(capacity)


def _in_force(row: Agreement, actor: Actor, now: datetime) -> None:
    signed = AgreementSigned(happened_at=now, draft_id=row.id, leadership=row.leadership, agreement_version=row.version)
    record([signed], actor=actor)
    cache.forget()
