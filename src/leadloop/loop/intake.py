"""What arrives: claim, read, resolve, open or join, settle, score, hand over. Named steps, in order, on whole batches.

One batch is one transaction. A lead stands with its keeper as owner from the first, and stands even when scoring it or
handing it over fails: the first route of `routes` hands over what was not handed over here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.agreement.queries import in_force
from leadloop.capture import services as capture
from leadloop.capture.contracts import Claimed, Parsed, Settled, Unreadable
from leadloop.identity import services as identity
from leadloop.identity.contracts import Resolved
from leadloop.identity.rules.crossing import crossing
from leadloop.kernel import clock
from leadloop.leads import services as leads
from leadloop.leads.contracts import Opened, Pursuit, Stage
from leadloop.ledger.contracts import Lane, by_system
from leadloop.ledger.parking import TRANSIENT
from leadloop.ledger.services import lane as on_lane
from leadloop.loop import handing, scoring
from leadloop.outreach.contracts import Purpose
from leadloop.people import services as people
from leadloop.people.contracts import Channel, ConsentWord

log = structlog.get_logger()
INTAKE = by_system("intake")
FEW = 0.1  # of a batch; where more would be left, waiting for the other process is better


@dataclass
class Batch:
    """What the steps know of the submissions they work on; each step adds its part."""

    claimed: Sequence[Claimed]
    now: datetime
    terms: Terms
    beside: Sequence[Claimed] = ()  # what other processes work on at this moment
    parsed: list[Parsed] = field(default_factory=list)
    resolved: dict[int, Resolved] = field(default_factory=dict)
    opened: dict[int, Opened] = field(default_factory=dict)
    qualified: list[int] = field(default_factory=list)

    @property
    def sales(self) -> list[Parsed]:
        """Inquiries about buying; only these open or join a lead."""
        return [p for p in self.parsed if p.kind == "sales"]


def take(lane: Lane, *, limit: int, by: int = 1) -> int:
    """Bring waiting submissions into the house, at most `limit`; returns how many were claimed.

    Every one of them ends as a new lead, an addition to an open lead, another kind of inquiry, or in quarantine with
    its reason. `by` how many processes take in this lane's, beside each other.
    """
    now = clock.now()
    with on_lane(lane), transaction.atomic():
        claimed = capture.claim(lane=lane, limit=limit, now=now, by=by)
        if claimed:
            beside = capture.beside(claimed, lane=lane) if lane is Lane.BULK else ()
            _process(Batch(claimed, now, in_force(), beside))
        return len(claimed)


def _process(batch: Batch) -> None:
    """All together, or in halves, down to the one that can't be taken: that goes to quarantine."""
    try:
        _work(batch, STEPS)
    except TRANSIENT:
        raise
    except Exception as error:
        if len(batch.claimed) == 1:
            _process_unscored(batch.claimed[0], error, batch.now, batch.terms)
            return
        middle = len(batch.claimed) // 2
        for half in (batch.claimed[:middle], batch.claimed[middle:]):
            _process(Batch(half, batch.now, batch.terms, batch.beside))


def _work(batch: Batch, steps: Sequence[Callable[[Batch], None]]) -> None:
    with transaction.atomic(), leads.written_once():
        for step in steps:
            step(batch)


def _process_unscored(claimed: Claimed, error: Exception, now: datetime, terms: Terms) -> None:
    """A failure to judge must not keep an inquiry from becoming a lead, so that is left for later."""
    try:
        _work(Batch([claimed], now, terms), UNSCORED)
    except TRANSIENT:
        raise
    except Exception as another:
        _set_aside(claimed, another, now)
    else:
        log.error("lead not scored", submission_id=claimed.submission_id, error=type(error).__name__)
        scoring.leave_unscored([claimed.submission_id], error)


def _set_aside(claimed: Claimed, error: Exception, now: datetime) -> None:
    log.error("submission set aside", submission_id=claimed.submission_id, error=type(error).__name__)
    why = Unreadable(
        submission_id=claimed.submission_id,
        code="could_not_process",
        text=f"It could not be processed ({type(error).__name__}). Replay it once the cause is mended.",
    )
    capture.quarantine(unreadable=[why], actor=INTAKE, now=now)


def read(batch: Batch) -> None:
    """Bodies into inquiries; what can't be read goes to quarantine."""
    batch.parsed, unreadable = capture.read(claimed=batch.claimed, now=batch.now)
    capture.quarantine(unreadable=unreadable, actor=INTAKE, now=batch.now)


def leave(batch: Batch) -> None:
    """Leave those whose person or firm another process works on for the next time: all would wait for these few."""
    if not batch.beside:
        return
    others, _ = capture.read(claimed=batch.beside, now=batch.now)
    left = crossing([one.candidate for one in batch.parsed], [one.candidate for one in others])
    if len(left) <= len(batch.parsed) * FEW:
        batch.parsed = [one for one in batch.parsed if one.ref not in left]


def resolve(batch: Batch) -> None:
    """Who it is: the same human is one person, the same firm one company."""
    batch.resolved = identity.resolve(
        [p.candidate for p in batch.parsed],
        inquiry_ids={p.ref: p.ref for p in batch.parsed},
        actor=INTAKE,
        now=batch.now,
    )


def open_or_join(batch: Batch) -> None:
    """One open lead per person and interest, with its keeper as owner and a promise running."""
    batch.opened = leads.open_or_join(
        [pursuit(p, batch.resolved[p.ref]) for p in batch.sales], terms=batch.terms, actor=INTAKE, now=batch.now
    )


def pursuit(parsed: Parsed, who: Resolved) -> Pursuit:
    """What an inquiry about buying asks of leads."""
    return Pursuit(
        ref=parsed.ref,
        person_id=who.person_id,
        company_id=who.company_id,
        interest_id=parsed.interest_id,
        programme_id=parsed.programme_id,
        source_id=parsed.source_id,
        happened_at=parsed.happened_at,
        handover=parsed.portal.handover,
        owner_id=parsed.owner_id,
        stage=parsed.stage or Stage.INQUIRY,
        closed_as=parsed.closed_as,
        close_reason=parsed.close_reason,
        why=_why(parsed),
        reply_owed=not parsed.historic,
    )


def _why(parsed: Parsed) -> str:
    """What brought the lead, in a few words for its row."""
    return f"{parsed.portal.name}, with a message" if parsed.message else parsed.portal.name


def settle(batch: Batch) -> None:
    """Write the inquiries down; this is where a delivery counts as new, joined or other."""
    capture.settle(settled=[(p, _settled(p, batch)) for p in batch.parsed], actor=INTAKE, now=batch.now)


def _settled(parsed: Parsed, batch: Batch) -> Settled:
    opened = batch.opened.get(parsed.ref)
    return Settled(
        ref=parsed.ref,
        person_id=batch.resolved[parsed.ref].person_id,
        lead_id=opened.lead_id if opened else None,
        outcome=opened.outcome if opened else "other",
        company_id=batch.resolved[parsed.ref].company_id,
        place_id=None if opened else batch.terms.clauses.places.get(parsed.kind),
    )


def score(batch: Batch) -> None:
    """Judge the open leads."""
    batch.qualified = scoring.judge(batch.sales, batch.opened, terms=batch.terms, actor=INTAKE, now=batch.now)


def allow(batch: Batch) -> None:
    """Keep what people allowed, in the words they saw, and what they refused."""
    who = {p.ref: batch.resolved[p.ref].person_id for p in batch.parsed}
    given = [word for p in batch.parsed for word in allowed(p, who[p.ref])]
    people.give_consent(given, actor=INTAKE, now=batch.now)
    refusals = [word for p in batch.parsed for word in refused(p, who[p.ref])]
    people.withdraw_consent(refusals, actor=INTAKE, now=batch.now)


def allowed(parsed: Parsed, person_id: int) -> list[ConsentWord]:
    """What an inquiry allows."""
    if not parsed.consent:
        return []
    return [_word(parsed, person_id, Channel.EMAIL, parsed.consent)]


def refused(parsed: Parsed, person_id: int) -> list[ConsentWord]:
    """What an inquiry refuses."""
    channels = [Channel.CALL if channel == "phone" else Channel.EMAIL for channel in parsed.opted_out]
    return [_word(parsed, person_id, channel) for channel in channels]


def _word(parsed: Parsed, person_id: int, channel: Channel, wording: str = "") -> ConsentWord:
    return ConsentWord(
        person_id=person_id,
        channel=channel,
        purpose=Purpose.MARKETING,
        wording=wording,
        source=f"portal:{parsed.portal.id}",
    )


def hand_over(batch: Batch) -> None:
    """Who is to go to sales stands with a salesperson from the first."""
    new = [one.lead_id for one in batch.opened.values() if one.outcome == "new" and one.stage is Stage.INQUIRY]
    direct = [row.id for row in leads.lock(new).values() if row.handover == "all_inquiries"]
    if not (batch.qualified or direct):
        return
    try:
        with leads.all_or_nothing():
            handing.hand_over(batch.qualified, direct, terms=batch.terms, now=batch.now)
    except TRANSIENT:
        raise
    except Exception as error:
        log.warning("leads are left to the route", error=type(error).__name__)


UNSCORED = (read, leave, resolve, open_or_join, settle, allow)
STEPS = (*UNSCORED, score, hand_over)
