"""Two worlds with one history: in one of them two persons are merged for a while, in the other they never are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from leadloop.identity.contracts import Candidate, Heard, Unmerged
from leadloop.identity.services import hold_merge, inquiries_since, merge, resolve, unmerge
from leadloop.ledger.contracts import by_system, by_user
from leadloop.ledger.sql import fetch
from leadloop.people.apart import BOTH, Question
from leadloop.people.contracts import Channel, ConsentWord, Suppress
from leadloop.people.queries import consents, contact_points, people, positions
from leadloop.people.services import change_fields, give_consent, suppress, withdraw_consent
from tests.support.cast import MONDAY

INTAKE, INES = by_system("intake"), by_user(1)
_worlds, _refs = count(1), count(10**6)
Event = tuple[Any, ...]


@dataclass
class Twin:
    """A world of its own: whatever it names is spelled so that no other world meets it."""

    now: datetime = MONDAY
    name: str = field(default_factory=lambda: f"w{next(_worlds)}")
    persons: dict[str, int] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    whose: dict[str, str] = field(default_factory=dict)  # for whom each change and word was meant, by its question
    is_one: bool = False

    def happen(self, event: Event) -> bool:
        """Carry one event out: its name is that of a method. False for a change that changed nothing here."""
        self.now += timedelta(minutes=1)
        name, *values = event
        return getattr(self, name)(*values) is not False

    def first(self, who: str, told: Mapping[str, Any]) -> None:
        """Somebody becomes known."""
        self.persons[who] = self._ask(told)

    def inquire(self, told: Mapping[str, Any]) -> None:
        """Somebody writes in."""
        self._ask(told)

    def edit(self, who: str, name: str, value: Any, via: str) -> bool:
        """A change by hand, meant for `who`; `via` is under whose id it is asked for, where that is one person."""
        before = fetch("select coalesce(max(id), 0) from people_fieldhistory", [])[0][0]
        person_id = self.persons[via if self.is_one else who]
        changed = change_fields(person_id=person_id, changes={name: value}, actor=INES, now=self.now)
        for (entry,) in fetch("select id from people_fieldhistory where id > %s", [before]):
            self.whose[f"edit:{entry}"] = who
        return bool(changed)

    def word(self, who: str, state: str, via: str) -> bool:
        """Consent by another way than an inquiry."""
        before = fetch("select coalesce(max(id), 0) from people_consent", [])[0][0]
        said = ConsentWord(
            person_id=self.persons[via if self.is_one else who],
            channel=Channel.EMAIL,
            purpose="marketing",
            wording="Phone",
            source="by hand",
        )
        new = (give_consent if state == "given" else withdraw_consent)([said], actor=INES, now=self.now)
        for (row,) in fetch("select id from people_consent where id > %s", [before]):
            self.whose[f"consent:{row}"] = who
        return bool(new)

    def bounce(self, address: str) -> None:
        """An address fails for good."""
        norm = self.spelled(address)
        suppress([Suppress(channel=Channel.EMAIL, norm=norm, reason="bounced")], actor=INTAKE, now=self.now)

    def spelled(self, address: str) -> str:
        """An address as this world has it."""
        return f"{address}@{self.name}.example"

    def join(self, survivor: str, loser: str) -> int:
        """Merge two of them."""
        self.is_one = True
        ids = {"survivor_id": self.persons[survivor], "loser_id": self.persons[loser]}
        return merge(**ids, actor=INES, now=self.now)

    def part(self, journal_id: int, answer: Callable[[Question], str] | None = None) -> Unmerged:
        """Take a merge back, answering what is asked by who was meant."""
        held = hold_merge(journal_id)
        since = dict(inquiries_since(held, [one.inquiry_id for one in self.heard]))
        heard = [one for one in self.heard if one.inquiry_id in since]
        asked = unmerge(held, heard, answers={}, actor=INES, now=self.now, dry=True).questions
        names = {held.survivor_id: "survivor", held.loser_id: "loser"}
        meant = {key: names[self.persons[who]] for key, who in self.whose.items() if self.persons[who] in names}
        answers = {one.key: answer(one) if answer else meant.get(one.key, BOTH) for one in asked}
        return unmerge(held, heard, answers=answers, actor=INES, now=self.now)

    def stands(self) -> dict[str, Any]:
        """How everybody stands, in words that two worlds share."""
        ids = self.persons
        rows, points = people(ids.values()), contact_points(ids.values())
        places, words = positions(ids.values()), consents(ids.values())
        return {who: self._plain(rows[i], points[i], places[i], words[i]) for who, i in ids.items()}

    def _plain(self, row: Any, points: Any, places: Any, words: Any) -> dict[str, Any]:
        keys = fetch("select kind, value from identity_matchkey where person_id = %s", [row.id])
        names = ("given", "family", "country", "city", "zone", "language", "lookalike", "attributes", "buying_role")
        systems = fetch("select system, external_id from people_externalid where person_id = %s", [row.id])
        ((search,),) = fetch("select search from people_person where id = %s", [row.id])
        found = {
            **{name: getattr(row, name) for name in names},
            "points": sorted((p.kind, p.norm, p.is_primary, p.bad_since is not None, p.bad_why) for p in points),
            "places": sorted((p.company_name, p.title, p.buying_role, p.is_primary) for p in places),
            "words": sorted((w.channel, w.purpose, w.state, w.wording if w.state == "given" else "") for w in words),
            "keys": sorted(keys),
            "systems": sorted(systems),
            "search": sorted(search.split()),
            "alone": row.known_as,
        }
        return dict(self._shared(found, row.id))

    def _shared(self, value: Any, own_id: int) -> Any:
        if isinstance(value, str):
            return value.replace(self.name, "world")
        if isinstance(value, list | tuple):
            return [("me" if one == own_id else self._shared(one, own_id)) for one in value]
        if isinstance(value, dict):
            return {key: self._shared(one, own_id) for key, one in value.items()}
        return value

    def _ask(self, told: Mapping[str, Any]) -> int:
        ref = next(_refs)
        candidate = self._candidate(ref, told)
        found = resolve([candidate], inquiry_ids={ref: ref}, actor=INTAKE, now=self.now)[ref]
        words = [
            ConsentWord(
                person_id=found.person_id, channel=Channel.EMAIL, purpose="marketing", wording=text, source="portal:1"
            )
            for text in (told.get("consent"),)
            if text
        ]
        given = tuple(one for one in words if one.wording != "no")
        withdrawn = tuple(one for one in words if one.wording == "no")
        give_consent(given, actor=INTAKE, now=self.now)
        withdraw_consent(withdrawn, actor=INTAKE, now=self.now)
        self.heard.append(Heard(ref, self.now, candidate, given, withdrawn))
        return found.person_id

    def _candidate(self, ref: int, told: Mapping[str, Any]) -> Candidate:
        given = {name: value for name, value in told.items() if name not in ("consent", "email", "phone", "crm")}
        email = self.spelled(told["email"]) if told.get("email") else None
        phone = f"+{self.name}{told['phone']}" if told.get("phone") else None
        external = ((f"crm-{self.name}", told["crm"]),) if told.get("crm") else ()
        if "company_name" in given:
            given["company_name"] += f" {self.name}"
        return Candidate(
            ref=ref, email=email, email_given=email or "", phone=phone, phone_given=phone or "", external=external,
            **given,
        )  # fmt: skip
