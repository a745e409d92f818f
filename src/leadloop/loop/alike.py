"""What a portal wants of somebody new who looks like a known person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from leadloop.capture.contracts import Parsed
from leadloop.capture.queries import alike_of
from leadloop.identity import services as identity
from leadloop.identity.contracts import Alike, Resolved
from leadloop.ledger.contracts import Actor


def joined(
    parsed: Sequence[Parsed], resolved: dict[int, Resolved], *, actor: Actor, now: datetime
) -> dict[int, Resolved]:
    """Who everybody is once the new are one with a known person of whom that is all but certain, where asked for.

    Costs nothing while no portal of the batch asks for it.
    """
    new = {resolved[p.ref].person_id for p in parsed if p.portal.alike is Alike.JOIN and resolved[p.ref].is_new}
    known = identity.join_alike(new, actor=actor, now=now) if new else {}
    moved = {ref: known[who.person_id] for ref, who in resolved.items() if who.person_id in known}
    return {**resolved, **{ref: replace(resolved[ref], person_id=to, is_new=False) for ref, to in moved.items()}}


def asked(person_ids: Collection[int], *, new: Collection[int]) -> dict[int, Alike]:
    """What the portals ask for by person. Only the new are joined unseen: of who has been here for a while is asked."""
    return {
        person_id: Alike.SUGGEST if alike is Alike.JOIN and person_id not in new else alike
        for person_id, alike in alike_of(person_ids).items()
    }
