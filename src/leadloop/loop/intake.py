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
from leadloop.capture import visits
from leadloop.capture.contracts import Claimed, Parsed, Settled, Unreadable
from leadloop.capture.imports.contracts import ASK, SKIP
from leadloop.capture.rules import held_back
from leadloop.identity import services as identity
from leadloop.identity.contracts import Resolved
from leadloop.identity.queries import known as who_is_known
from leadloop.identity.rules.crossing import crossing
from leadloop.kernel import clock
from leadloop.leads import services as leads
from leadloop.leads.contracts import Opened, Pursuit, Stage
from leadloop.ledger.contracts import Lane, by_system
from leadloop.ledger.parking import TRANSIENT
from leadloop.ledger.services import current_lane
from leadloop.ledger.services import lane as on_lane
from leadloop.loop import alike, handing, scoring, threads
from leadloop.loop.pursuing import allowed, pursuit, refused, to_be_confirmed, to_confirm
from leadloop.loop.threads import Thread
from leadloop.people import services as people

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
    left: int = 0  # how many wait for them
    parsed: list[Parsed] = field(default_factory=list)
    touches: list[Parsed] = field(default_factory=list)  # of an export: see `from_crm.people_in`
    resolved: dict[int, Resolved] = field(default_factory=dict)
    threads: dict[int, Thread] = field(default_factory=dict)  # e-mails that go on with an open lead
    opened: dict[int, Opened] = field(default_factory=dict)
    qualified: list[int] = field(default_factory=list)

    @property
    def sales(self) -> list[Parsed]:
        """Inquiries about buying; only these open or join a lead."""
        return [p for p in self.parsed if p.kind == "sales"]


Steps = Sequence[Callable[[Batch], None]]


def take(lane: Lane, *, limit: int, by: int = 1) -> int:
    """Bring waiting submissions into the house, at most `limit`; returns how many were claimed.

    Every one of them ends as a new lead, an addition to an open lead, another kind of inquiry, or in quarantine with
    its reason. `by` how many processes take in this lane's, beside each other.
    """
    claimed, left = _take(lane, limit, by)
    if left and claimed < limit:  # nothing else is left to do: now it is worth waiting for the other process
        _take(lane, limit, by)
    return claimed


def _take(lane: Lane, limit: int, by: int) -> tuple[int, int]:
    """How many were claimed, and how many of them left for the next time."""
    now = clock.now()
    with on_lane(lane), transaction.atomic():
        claimed = capture.claim(lane=lane, limit=limit, now=now, by=by)
        if not claimed:
            return 0, 0
        batch = Batch(claimed, now, in_force(), capture.beside(claimed, lane=lane) if lane is Lane.BULK else ())
        process(batch)
        return len(claimed), batch.left


def take_now(*submission_ids: int) -> None:
    """Bring submissions into the house at once, within the caller's transaction: somebody waits for them on a page."""
    with on_lane(Lane.LIVE), transaction.atomic():
        if claimed := capture.claim_these(submission_ids):
            process(Batch(claimed, clock.now(), in_force()))


def process(batch: Batch, *, steps: Steps | None = None, unscored: Steps | None = None) -> None:
    """All together, or in halves, down to the one that can't be taken: that goes to quarantine.

    `steps` and `unscored` in place of those of every inquiry, for who takes others in.
    """
    try:
        _work(batch, steps or STEPS)
    except TRANSIENT:
        raise
    except Exception as error:
        if len(batch.claimed) == 1:
            _process_unscored(batch.claimed[0], error, batch.now, batch.terms, unscored or UNSCORED)
            return
        middle = len(batch.claimed) // 2
        for half in (batch.claimed[:middle], batch.claimed[middle:]):
            process(Batch(half, batch.now, batch.terms, batch.beside), steps=steps, unscored=unscored)


def _work(batch: Batch, steps: Steps) -> None:
    with transaction.atomic(), leads.written_once():
        for step in steps:
            step(batch)


def _process_unscored(claimed: Claimed, error: Exception, now: datetime, terms: Terms, unscored: Steps) -> None:
    """A failure to judge must not keep an inquiry from becoming a lead, so that is left for later."""
    try:
        _work(Batch([claimed], now, terms), unscored)
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
    parsed, unreadable = capture.read(claimed=batch.claimed, now=batch.now)
    batch.parsed, spent = capture.spend(parsed, now=batch.now)
    capture.quarantine(unreadable=[*unreadable, *spent], actor=INTAKE, now=batch.now)


def hold_known(batch: Batch) -> None:
    """Rows of files that are not to touch people who are known wait in quarantine; most files have none."""
    choosy = [one for one in batch.parsed if one.on_known in (SKIP, ASK)]
    if not choosy:
        return
    known = who_is_known([one.candidate for one in choosy])
    held = [held_back(one) for one in choosy if one.ref in known]
    capture.quarantine(unreadable=held, actor=INTAKE, now=batch.now)
    batch.parsed = [one for one in batch.parsed if one.on_known not in (SKIP, ASK) or one.ref not in known]


def leave(batch: Batch) -> None:
    """Leave those whose person or firm another process works on for the next time: all would wait for these few."""
    if not batch.beside:
        return
    others, _ = capture.read(claimed=batch.beside, now=batch.now)
    left = crossing([one.candidate for one in batch.parsed], [one.candidate for one in others])
    if len(left) <= len(batch.parsed) * FEW:
        batch.parsed = [one for one in batch.parsed if one.ref not in left]
        batch.left = len(left)


def resolve(batch: Batch) -> None:
    """Who it is: the same human is one person, the same firm one company."""
    batch.resolved = identity.resolve(
        [p.candidate for p in batch.parsed],
        inquiry_ids={p.ref: p.ref for p in batch.parsed},
        actor=INTAKE,
        now=batch.now,
    )


def join_alike(batch: Batch) -> None:
    """Before a lead is opened, so that the known person's is joined; imports leave it to the route that compares."""
    if current_lane() is Lane.LIVE:
        batch.resolved = alike.joined(batch.parsed, batch.resolved, actor=INTAKE, now=batch.now)


def thread(batch: Batch) -> None:
    """An e-mail that answers ours, or comes from somebody with an open lead, goes on with that lead."""
    letters = [p for p in batch.parsed if p.in_reply_to is not None]
    if letters:
        batch.threads = threads.find(letters, batch.resolved)
        found = {ref: one.lead for ref, one in batch.threads.items()}
        batch.parsed = [threads.as_reply(p, found[p.ref]) if p.ref in found else p for p in batch.parsed]


def open_or_join(batch: Batch) -> None:
    """One open lead per person and interest, with its keeper as owner and a promise running."""
    batch.opened = leads.open_or_join(
        [_pursuit(p, batch) for p in batch.sales], terms=batch.terms, actor=INTAKE, now=batch.now
    )


def _pursuit(parsed: Parsed, batch: Batch) -> Pursuit:
    thread = batch.threads.get(parsed.ref)
    who = thread.lead if thread else batch.resolved[parsed.ref]
    return pursuit(parsed, who.person_id, who.company_id)


def settle(batch: Batch) -> None:
    """Write the inquiries down; this is where a delivery counts as new, joined or other."""
    capture.settle(settled=[(p, _settled(p, batch)) for p in batch.parsed], actor=INTAKE, now=batch.now)


def _settled(parsed: Parsed, batch: Batch) -> Settled:
    opened, answer = batch.opened.get(parsed.ref), batch.threads.get(parsed.ref)
    return Settled(
        ref=parsed.ref,
        person_id=batch.resolved[parsed.ref].person_id,
        lead_id=opened.lead_id if opened else None,
        outcome=opened.outcome if opened else "other",
        company_id=batch.resolved[parsed.ref].company_id,
        place_id=None if opened else batch.terms.clauses.places.get(parsed.kind),
        reply=answer is not None and opened is not None and opened.outcome == "joined",
        answers_id=answer.message_id if answer else None,
    )


def score(batch: Batch) -> None:
    """Judge the open leads."""
    batch.qualified = scoring.judge(batch.sales, batch.opened, terms=batch.terms, actor=INTAKE, now=batch.now)


def allow(batch: Batch) -> None:
    """Keep what people allowed, in the words they saw, what they refused, and what they are to confirm first."""
    who = {p.ref: batch.resolved[p.ref].person_id for p in batch.parsed}
    given = [word for p in batch.parsed for word in allowed(p, who[p.ref])]
    people.give_consent(given, actor=INTAKE, now=batch.now)
    refusals = [word for p in batch.parsed for word in refused(p, who[p.ref])]
    people.withdraw_consent(refusals, actor=INTAKE, now=batch.now)
    asked = [to_be_confirmed(p, who[p.ref]) for p in batch.parsed if to_confirm(p)]
    people.ask_consent(asked, actor=INTAKE, now=batch.now)


def recognise(batch: Batch) -> None:
    """Who asked from a browser whose pages we know of is that visitor."""
    seen = {p.visitor: batch.resolved[p.ref].person_id for p in batch.parsed if p.visitor}
    visits.know(seen, now=batch.now)


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


UNSCORED = (read, hold_known, leave, resolve, join_alike, thread, open_or_join, settle, allow, recognise)
STEPS = (*UNSCORED, score, hand_over)
