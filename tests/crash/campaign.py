"""Marketing that goes out meanwhile: to people who agreed, a few messages at a time."""

from __future__ import annotations

from datetime import time
from itertools import count

from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.outreach import services as outreach
from leadloop.outreach.contracts import Draft, Limits, Purpose
from leadloop.people import services as people
from leadloop.people.contracts import Channel, ConsentWord, ContactValue, NewPerson

ME = by_system("soak")
READERS = 200


class Campaign:
    """Readers who have agreed, and issues of a newsletter."""

    def __init__(self) -> None:
        now = clock.now()
        outreach.save_policy(
            Limits(per_day=100, per_week=100, quiet_from=time(0), quiet_until=time(0)), actor=ME, now=now
        )
        readers = [_reader(n) for n in range(READERS)]
        self.readers = list(people.remember(readers, actor=ME, now=now).values())
        words = [
            ConsentWord(person_id=one, channel=Channel.EMAIL, purpose="marketing", wording="Yes, please")
            for one in self.readers
        ]
        people.give_consent(words, actor=ME, now=now)
        self._issues = count(1)

    def send_issue(self) -> None:
        """Put the next issue into the outbox, for everybody."""
        issue = next(self._issues)
        drafts = [
            Draft(
                occasion=f"newsletter:{issue}",
                purpose=Purpose.MARKETING,
                person_id=reader,
                subject=f"Issue {issue}",
                text="Here is what is new.\n",
            )
            for reader in self.readers
        ]
        outreach.queue(drafts, actor=ME, now=clock.now())


def _reader(number: int) -> NewPerson:
    address = f"reader.{number}@readers.example"
    return NewPerson(ref=number, given="Rae", family=f"Reader {number}", emails=(ContactValue(address, address),))
