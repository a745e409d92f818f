"""Telling the story: turn by turn through the days, with the real services on a simulated clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from leadloop.capture.queries import inquiries, portals
from leadloop.capture.services import receive
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane, by_user
from leadloop.loop import pump, ticks
from leadloop.loop.simulator import company, keeping, selling
from leadloop.loop.simulator.arrivals import decide
from leadloop.loop.simulator.bodies import delivery
from leadloop.loop.simulator.post import PostOffice
from leadloop.loop.simulator.story import Pursued, Story
from leadloop.loop.simulator.truth import Hand, Truth
from leadloop.outreach import services as outreach
from leadloop.platform.queries import viewer
from leadloop.programmes.contracts import Spend
from leadloop.programmes.services import spend

TURNS = (time(9, 30), time(14, 0))  # nothing but the clock works at weekends
KEEPERS = ("mira", "tomas")  # once a day
LETTERS = 500

Progress = Callable[[int, int], None]  # days done, of how many


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to tell."""

    inquiries: int = 300
    days: int = 90


def simulate(
    *, seed: int, end: datetime, passwords: dict[str, str] | None = None, size: Size | None = None, on: Progress
) -> Truth:
    """Found the company and put everything that was decided for it through the loop; returns what was true.

    For an empty, migrated database. The same seed and end make the same story. Nothing is sent: letters go to a post
    office that throws them away.
    """
    wanted = size or Size()
    zone = ZoneInfo(company.FIRM.zone)
    truth = decide(seed, inquiries=wanted.inquiries, days=wanted.days, end=end, zone=zone)
    _commit_lightly()
    with clock.at(truth.start):
        demo = company.found(passwords or {}, start=truth.start, end=end, seed=seed)
    pump.prepare()
    telling = _Telling(Story(truth, demo), zone)
    for moment in turns(truth.start, end, zone):
        telling.turn(moment)
        on((moment - truth.start).days, wanted.days)
    return truth


def turns(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The moments at which something is done, and the end."""
    day = start.astimezone(zone).date()
    while day <= end.astimezone(zone).date():
        for at in TURNS:
            moment = datetime.combine(day, at, zone).astimezone(start.tzinfo)
            if start < moment < end - timedelta(minutes=30):
                yield moment
        day += timedelta(days=1)
    yield end


def _commit_lightly() -> None:
    """Don't wait for the disk at every commit: a story that is broken off is told anew anyway."""
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit to off")


class _Telling:
    """One story under way."""

    def __init__(self, story: Story, zone: ZoneInfo) -> None:
        self._story, self._zone = story, zone
        self._waiting = list(reversed(story.truth.hands))
        self._received: dict[int, Hand] = {}
        self._people = {one.number: one for one in story.truth.inquirers}
        self._portals = {portal.key: portal for portal in portals().values()}
        self._viewers = {key: viewer(user_id) for key, user_id in story.demo.staff.items()}
        first, last = (at.astimezone(zone).date() for at in (story.truth.start, story.truth.end))
        self._bills = sorted(company.costs(story.truth.seed, first, last), key=lambda bill: bill[0], reverse=True)
        self._post = PostOffice()
        self._busy = 0

    def turn(self, moment: datetime) -> None:
        """What arrived, what time demands, what follows from both, what people do about it."""
        self._story.turns += 1
        local = moment.astimezone(self._zone)
        self._pay(local.date(), moment)
        busy = self._take_in(moment)
        at_the_end = moment == self._story.truth.end
        with clock.at(moment):
            ticked = ticks.turn()
            if ticked or busy or self._busy or at_the_end:
                self._pump(most=None if at_the_end else 1 + bool(ticked))
                self._recognise()
            self._busy = self._work(moment, local.time()) if local.weekday() < 5 and not at_the_end else 0
            if at_the_end or local.time() == TURNS[-1]:
                outreach.deliver(limit=LETTERS, now=moment, sender=self._post)

    def _pay(self, today: date, moment: datetime) -> None:
        due: list[Spend] = []
        while self._bills and self._bills[-1][0] <= today:
            due.append(self._bills.pop()[1])
        if due:
            spend(spends=due, actor=by_user(self._story.demo.staff["tomas"]), now=moment)

    def _take_in(self, moment: datetime) -> int:
        before = len(self._waiting)
        while self._waiting and self._waiting[-1].at <= moment:
            hand = self._waiting.pop()
            sent = delivery(self._story.truth.seed, hand, self._people.get(hand.inquirer))
            submission_id = receive(
                portal=self._portals[hand.portal],
                body=sent.body,
                content_type=sent.content_type,
                context=sent.context,
                idempotency_key=f"story-{hand.number}",
                now=hand.at,
            )
            self._received[submission_id] = hand
        return before - len(self._waiting)

    def _pump(self, *, most: int | None) -> None:
        """What is left after so many rounds is done with the next turn; None goes on to the end."""
        rounds = 0
        while pump.turn(Lane.LIVE):
            rounds += 1
            if rounds == most:
                return

    def _recognise(self) -> None:
        """Remember whose leads these are."""
        for row in inquiries(ids=list(self._received)) if self._received else ():
            hand = self._received[row.id]
            if row.lead_id is not None and row.lead_id not in self._story.pursued:
                self._story.pursued[row.lead_id] = Pursued(self._people[hand.inquirer], hand.at)
        self._received.clear()

    def _work(self, moment: datetime, local: time) -> int:
        done = 0
        for place, key in enumerate(company.SELLERS):
            start = moment + timedelta(minutes=4 + 5 * place)
            done += selling.turn(self._story, key, self._viewers[key], start)
        for key in KEEPERS if local == TURNS[0] else ():
            done += keeping.turn(self._story, key, self._viewers[key], moment + timedelta(minutes=10))
        return done
