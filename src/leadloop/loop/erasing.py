"""A person who asks what is kept about them, and to be erased: found, shown, handed out, and forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from leadloop.agreement.queries import in_force
from leadloop.distribution import services as distribution
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.kernel.values import dataclass
from leadloop.leads import services as leads
from leadloop.leads.contracts import LeadRow, Move, Stage
from leadloop.leads.queries import open_of
from leadloop.ledger.contracts import Actor
from leadloop.ledger.queries import how_many
from leadloop.ledger.services import record
from leadloop.loop.facts import PersonExported
from leadloop.people import services as people
from leadloop.people.contracts import Erased, Held, PersonRow
from leadloop.people.facts import PersonErased
from leadloop.people.queries import people as persons

REASONS = {
    "requested": "They asked for it",
    "consent_withdrawn": "They withdrew their consent",
    "not_needed": "Their data are not needed any more",
    "unlawful": "They should never have been kept",
    "duty": "A law demands it",
}
USUAL_ENDING = "erased"  # of the standard agreement; an older one may lack it


@dataclass(frozen=True, slots=True)
class Outlook:
    """What erasing somebody would do: what is held and goes, which open pursuits end, and which go on with their deal.

    `endings` are the reasons for which the agreement lets an open pursuit end, by code.
    """

    person: PersonRow
    held: tuple[Held, ...]
    ending: tuple[LeadRow, ...]
    going_on: tuple[LeadRow, ...]
    endings: dict[str, str]

    @property
    def usual_ending(self) -> str:
        """The reason that says it, "" where the agreement has none and somebody has to choose."""
        return USUAL_ENDING if USUAL_ENDING in self.endings else ""


def outlook(person_id: int) -> Outlook:
    """Look, without changing anything. Raises NotFound for an unknown person."""
    row = persons([person_id]).get(person_id)
    if row is None:
        raise NotFound("There is no such person", field="person", mend="Look them up by address or name")
    still = open_of(row.known_as)
    return Outlook(
        person=row,
        held=() if row.erased else tuple(people.held(row.id)),
        ending=tuple(lead for lead in still if lead.stage is not Stage.OPPORTUNITY),
        going_on=tuple(lead for lead in still if lead.stage is Stage.OPPORTUNITY),
        endings=in_force().reasons_for("disqualify"),
    )


def hand_out(person_id: int, *, actor: Actor, now: datetime) -> bytes:
    """Everything that is held about a person, as JSON to be read by people too. Notes on the ledger that it was.

    Raises NotFound for an unknown person.
    """
    with transaction.atomic():
        found: dict[str, Any] = people.export(person_id)
        record([PersonExported(happened_at=now, person_id=found["person_id"])], actor=actor)
    return orjson.dumps({"exported_at": now, **found}, default=str, option=orjson.OPT_INDENT_2)


def erase(*, person_id: int, reason: str, ending: str, actor: Actor, now: datetime) -> Erased:
    """Erase somebody from every store. Their open pursuits end for the reason `ending`; those with a deal go on.

    `reason` is one of REASONS. Doing it again takes away what came in since. Raises Invalid for another reason or an
    ending that the agreement does not know, NotFound for an unknown person.
    """
    if reason not in REASONS:
        raise Invalid(f"{reason or 'Nothing'} is no reason", field="reason", mend=f"Say one of {_listed(REASONS)}")
    with transaction.atomic():
        done = people.forget(person_id=person_id, actor=actor, now=now, reason=reason)
        terms = in_force()
        ended = [lead.id for lead in open_of(done.person_ids) if lead.stage is not Stage.OPPORTUNITY]
        if ended and ending not in terms.reasons_for("disqualify"):
            raise Invalid(
                f"{ending or 'Nothing'} is no reason to end their open leads",
                field="ending",
                mend=f"Choose one of {_listed(terms.reasons_for('disqualify'))}",
            )
        distribution.withdraw(ended, now=now, reason="erased")
        moves = [Move(lead_id=lead_id, to=Stage.DISQUALIFIED, reason=ending) for lead_id in ended]
        leads.move(moves, terms=terms, actor=actor, now=now)
    return done


@contextmanager
def naming_nobody_erased() -> Iterator[None]:
    """Around the writing of a file with persons in it. Raises Conflict when somebody was erased before it was whole.

    Rows are read as they stood when the file was begun, so it may still name whoever was erased meanwhile.
    """
    before = how_many(PersonErased.kind)
    yield
    if how_many(PersonErased.kind) != before:
        raise Conflict(
            "Somebody was erased while this was written", mend="Take it once more; this one is not handed out"
        )


def _listed(codes: Collection[str]) -> str:
    return ", ".join(sorted(codes))
