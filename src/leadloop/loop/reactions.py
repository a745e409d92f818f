"""What follows a fact. Each takes a batch, in a constant number of queries, and only composes rooms' services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from leadloop.agreement.queries import in_force
from leadloop.capture import services as capture
from leadloop.distribution import services as distribution
from leadloop.identity import services as identity
from leadloop.kernel import clock
from leadloop.ledger.contracts import Event, by_system, user_of
from leadloop.loop import alike, confirming, enriching, handing, jobs, letters, merging
from leadloop.loop.commands.desk import OUTBOUND_WAIT
from leadloop.loop.notices import writing as notices
from leadloop.loop.notices.choosing import post_of
from leadloop.loop.notices.contracts import Topic
from leadloop.loop.summaries import summed_up
from leadloop.nurture import queries as journeys
from leadloop.nurture import services as nurture
from leadloop.outreach import services as outreach

NURTURE = by_system("nurture")
IDENTITY = by_system("identity")
MAIL = by_system("mail")
CLOCK = by_system("clock")

TOLD = (
    "promise.broken",
    "lead.pulled_back",
    "rejection.appealed",
    "appeal.decided",
    "mailing.stopped",
    "import.finished",
    "portal.counts_differ",
    "reply.received",
)
FIRST_JOURNEY = "first-interest"


def hand_over(events: Sequence[Event]) -> None:
    """What became qualified goes to sales, and so does every inquiry of a portal that hands everything over."""
    ready = _leads(e for e in events if e.kind == "lead.moved")
    direct = _leads(e for e in events if e.kind == "lead.opened")
    handing.hand_over(ready, direct, terms=in_force(), now=clock.now())


def nurture_interest(events: Sequence[Event]) -> None:
    """Who is interested but not ready yet enters the first journey, where one is published."""
    if FIRST_JOURNEY not in journeys.published():
        return
    pairs = {e.lead_id: e.person_id for e in events if e.lead_id and e.person_id}
    nurture.enrol(list(pairs.items()), journey_key=FIRST_JOURNEY, terms=in_force(), actor=NURTURE, now=clock.now())


def leave_journey(events: Sequence[Event]) -> None:
    """Once a lead moves out of nurturing, its journey writes to nobody any more."""
    nurture.leave(_leads(events), reason="sales_took_over", actor=NURTURE, now=clock.now())


def leave_as_answered(events: Sequence[Event]) -> None:
    """Who answers is written to by nobody but a person: the journey ends, also while the lead is nurtured."""
    nurture.leave(_leads(events), reason="answered", actor=NURTURE, now=clock.now(), although_nurturing=True)


def note_returns(events: Sequence[Event]) -> None:
    """What bounced or was called spam is marked, and an address that is gone or complained is barred."""
    reports = capture.returned([e.payload["inquiry_id"] for e in events if e.reason in capture.REPORTS])
    outreach.note_returns(reports, actor=MAIL, now=clock.now())


def acknowledge(events: Sequence[Event]) -> None:
    """Inquirers hear at once who will answer by when, and get what they asked for."""
    now = clock.now()
    outreach.queue(letters.acknowledgements(events, now=now), actor=MAIL, now=now)


def ask_consent(events: Sequence[Event]) -> None:
    """Who is to confirm a consent gets the mail with the link."""
    now = clock.now()
    outreach.queue(confirming.letters(events, now=now), actor=MAIL, now=now)


def notify_owner(events: Sequence[Event]) -> None:
    """New owners hear of their leads: a notice, and a letter as they chose.

    What a person did by hand can be undone: its letter waits.
    """
    now, post = clock.now(), post_of({e.payload["user_id"] for e in events})
    wanted = [e for e in events if post[e.payload["user_id"]].at_once(Topic.LEAD)]
    by_hand = [e for e in wanted if user_of(e.actor) is not None]
    by_rule, summed = summed_up([e for e in wanted if user_of(e.actor) is None], not_before=now)
    drafts = [
        *(replace(draft, not_before=post[draft.user_id or 0].leaves(now)) for draft in summed),
        *letters.notices(by_rule, post, not_before=now),
        *letters.notices(by_hand, post, not_before=now + OUTBOUND_WAIT),
        *notices.tell(events),
    ]
    outreach.queue(drafts, actor=MAIL, now=now)


def escalate(events: Sequence[Event]) -> None:
    """A hand-over that nobody answered in time is pulled back; keepers hear of what is late."""
    now, terms = clock.now(), in_force()
    outreach.queue(letters.warnings(events, terms=terms, now=now), actor=MAIL, now=now)
    unanswered = _leads(e for e in events if e.payload["promise"] == "accept")
    distribution.pull_back(unanswered, terms=terms, actor=CLOCK, now=now)


def tell(events: Sequence[Event]) -> None:
    """People find on their page of notices what concerns them, and get a letter where they want one."""
    outreach.queue(notices.tell(events), actor=MAIL, now=clock.now())


def liken(events: Sequence[Event]) -> None:
    """Who became known, or of whom more is known, is compared with everybody else, as their portal has it."""
    new = {e.person_id for e in events if e.kind == "person.remembered" and e.person_id is not None}
    everybody = sorted({e.person_id for e in events if e.person_id is not None})
    identity.liken(
        everybody, as_asked=alike.asked(everybody, new=new), merge=merging.join, actor=IDENTITY, now=clock.now()
    )


def enrich(events: Sequence[Event]) -> None:
    """Firms of inquiries whose portal has it switched on are asked about, by a job, for providers may be slow."""
    if firms := enriching.of_inquiries(events):
        jobs.enrich.defer(company_ids=firms)


def _leads(events: Iterable[Event]) -> list[int]:
    return sorted({e.lead_id for e in events if e.lead_id is not None})
