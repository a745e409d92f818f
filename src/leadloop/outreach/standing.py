"""What is known of recipients when the question is whether they may be contacted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from django.db import connection

from leadloop.kernel.text import domain_of
from leadloop.kernel.text import email as normal_form
from leadloop.outreach.contracts import Purpose
from leadloop.outreach.queries import pauses
from leadloop.outreach.rules.contact import WEEK, Standing
from leadloop.outreach.zones import candidates
from leadloop.people import queries as people
from leadloop.people.contracts import Reach
from leadloop.platform import queries as platform
from leadloop.platform.contracts import Company

_RECENT = """
select person_id, purpose = 'marketing', contact.at
  from outreach_message, lateral (
       select case when state = 'sending' then case when admitted_at is not null then %(now)s end
                   else coalesce(sent_at, begun_at) end
  ) as contact (at)
 where person_id = any(%(ids)s) and (purpose = 'marketing' or auto_answer)
   and state in ('sent', 'unknown', 'sending') and contact.at > %(since)s
"""


class Ask(Protocol):
    """Whom the question is about; one of the two ids is None."""

    @property
    def person_id(self) -> int | None: ...
    @property
    def user_id(self) -> int | None: ...
    @property
    def channel(self) -> str: ...
    @property
    def purpose(self) -> Purpose: ...
    @property
    def auto_answer(self) -> bool: ...


@dataclass
class Known:
    """All that is loaded for a batch of questions. Contacts decided on are added, so that the next one counts them."""

    company: Company
    survivors: Mapping[int, int]
    reach: dict[tuple[int, str, str], Reach]
    users: dict[int, str]
    paused: dict[str, datetime]
    contacts: dict[int, list[datetime]] = field(default_factory=dict)
    answered: dict[int, datetime] = field(default_factory=dict)

    def standing(self, ask: Ask) -> Standing:
        """What is known for one question, contacts of this batch included."""
        if ask.person_id is None:
            return Standing(self.users.get(ask.user_id or 0))
        reach = self.reach.get((ask.person_id, ask.channel, ask.purpose))
        if reach is None:
            return Standing(None)
        person = self._counted(ask.person_id)
        standing = Standing(reach.address, reach.consent, reach.suppressed, answered_at=self.answered.get(person))
        if ask.purpose is not Purpose.MARKETING:
            return standing
        waits = [self.paused[d] for d in ("", domain_of(reach.norm)) if d in self.paused]
        return replace(
            standing,
            zones=candidates(reach.zone, reach.country, self.company.zone, self.company.country),
            contacts=tuple(self.contacts.get(person, ())),
            paused_until=max(waits, default=None),
        )

    def count(self, ask: Ask, at: datetime) -> None:
        """Remember that this one goes ahead."""
        if ask.person_id is None:
            return
        person = self._counted(ask.person_id)
        if ask.purpose is Purpose.MARKETING:
            self.contacts.setdefault(person, []).append(at)
        if ask.auto_answer:
            self.answered[person] = at

    def norm(self, ask: Ask) -> str:
        """The normal form of the address that counts."""
        if ask.person_id is None:
            return normal_form(self.users.get(ask.user_id or 0, "")) or ""
        reach = self.reach.get((ask.person_id, ask.channel, ask.purpose))
        return reach.norm if reach else ""

    def language(self, ask: Ask) -> str:
        """The recipient's language, "" when not known."""
        reach = self.reach.get((ask.person_id or 0, ask.channel, ask.purpose))
        return reach.language if reach else ""

    def _counted(self, person_id: int) -> int:
        return self.survivors.get(person_id, person_id)


def load(asks: Sequence[Ask], company: Company, survivors: Mapping[int, int], now: datetime) -> Known:
    """Read what the questions need, in a number of queries that depends only on the kinds of purpose and channel.

    `survivors` maps the ids of persons that were merged; for a decision that must hold when it commits, the caller
    holds `people.services.lock_for_send`.
    """
    groups: dict[tuple[str, str], set[int]] = {}
    for ask in asks:
        if ask.person_id is not None:
            groups.setdefault((ask.channel, ask.purpose), set()).add(ask.person_id)
    reach = {
        (person_id, channel, purpose): one
        for (channel, purpose), ids in sorted(groups.items())
        for person_id, one in people.reachable(ids, channel, purpose).items()
    }
    user_ids = {ask.user_id for ask in asks if ask.user_id is not None}
    users = {i: row.email for i, row in platform.users(user_ids, active=True).items()} if user_ids else {}
    known = Known(company, survivors, reach, users, pauses(now))
    _load_contacts(known, {ask.person_id for ask in asks if ask.person_id is not None}, now)
    return known


def _load_contacts(known: Known, person_ids: Iterable[int], now: datetime) -> None:
    whole = sorted({known.survivors.get(i, i) for i in person_ids})
    if not whole:
        return
    stands_for = people.old_ids(whole)  # what went out under an old id went to the same human
    ids = sorted({*person_ids, *whole, *stands_for})
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, {"ids": ids, "now": now, "since": now - WEEK})
        for person_id, is_marketing, at in cursor.fetchall():
            person = stands_for.get(person_id, person_id)
            if is_marketing:
                known.contacts.setdefault(person, []).append(at)
            else:
                known.answered[person] = max(at, known.answered.get(person, at))
