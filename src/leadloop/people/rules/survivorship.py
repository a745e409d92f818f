"""Which value of two records survives when they become one, and why.

Rules: *newest*, the value that was said last; *complete*, the fuller value; *trusted*, the value of the source that is
trusted more; *main*, what the main record says. A person's choice goes before any rule. A gap is always filled. Where a
rule finds no difference, the newer value stays, and between equals that of the main record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from leadloop.kernel.values import dataclass
from leadloop.people.apart import LOSER, SURVIVOR
from leadloop.people.rules.changing import ATTRIBUTE
from leadloop.people.rules.merging import MAIN_PLACE, Holdings, Row

NEWEST, COMPLETE, TRUSTED, MAIN, USUAL = "newest", "complete", "trusted", "main", "usual"
RULES = (USUAL, NEWEST, COMPLETE, TRUSTED, MAIN)
BY_HAND, FIRST, INQUIRY = "by hand", "first contact", "inquiry"
_TRUST = {BY_HAND: 2, INQUIRY: 0, FIRST: 0}  # every other source lies between
NAME = "name"
_USUAL = {NAME: COMPLETE, "email": MAIN, "phone": MAIN, MAIN_PLACE: NEWEST}
_COLUMNS = ("language", "zone", "country", "city")
_POINTS = ("email", "phone")
Told = Mapping[
    tuple[int, str], tuple[datetime, str]
]  # when and from where by person and field, see `queries.told_last`


class Said(NamedTuple):
    """A value of one record, as text, with when and from where it is."""

    value: str
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A field on which two records differ or one is silent: what each says, which value stays, and why, in words."""

    field: str
    survivor: Said
    loser: Said
    wins: str
    why: str

    @property
    def taken(self) -> tuple[str, ...]:
        """What `merged` is told to take from the loser."""
        if self.wins != LOSER or not self.survivor.value:
            return ()  # gaps are filled in any case
        return ("given_name", "family_name") if self.field == NAME else (self.field,)


def offers(
    survivor: Holdings, loser: Holdings, told: Told, *, rule: str = USUAL, chosen: Mapping[str, str] | None = None
) -> list[Offer]:
    """Return every field on which one of two says something, in the order of a form. `chosen` by field, by hand."""
    return compared(
        _says(survivor, told), _says(loser, told), _created(survivor), rule=rule, usual=_USUAL, chosen=chosen or {}
    )


def compared(
    ours: Mapping[str, Said],
    theirs: Mapping[str, Said],
    since: datetime,
    *,
    rule: str,
    usual: Mapping[str, str],
    chosen: Mapping[str, str],
) -> list[Offer]:
    """Return an offer for each field that one of two says. `usual` are the rules by field where `rule` is USUAL."""
    nothing = Said("", since, FIRST)
    return [
        _offer(
            name,
            ours.get(name, nothing),
            theirs.get(name, nothing),
            usual.get(name, TRUSTED) if rule == USUAL else rule,
            chosen.get(name, ""),
        )
        for name in dict.fromkeys([*ours, *theirs])
    ]


def _offer(name: str, ours: Said, theirs: Said, rule: str, chosen: str) -> Offer:
    if chosen in (SURVIVOR, LOSER) and (theirs if chosen == LOSER else ours).value:
        return Offer(name, ours, theirs, chosen, "chosen by hand")
    if not (ours.value and theirs.value):
        return Offer(name, ours, theirs, SURVIVOR if ours.value else LOSER, "the only one")
    if ours.value == theirs.value:
        return Offer(name, ours, theirs, SURVIVOR, "both say the same")
    wins, why = _decided(rule, ours, theirs)
    return Offer(name, ours, theirs, wins, why)


def _decided(rule: str, ours: Said, theirs: Said) -> tuple[str, str]:
    if rule == MAIN:
        return SURVIVOR, "the main record says so"
    if rule == COMPLETE and (more := _fullness(theirs.value) - _fullness(ours.value)):
        return (LOSER if more > 0 else SURVIVOR), "says more"
    if rule == TRUSTED and (more := _trust(theirs.source) - _trust(ours.source)):
        wins = LOSER if more > 0 else SURVIVOR
        return wins, f"from a more trusted source: {(theirs if more > 0 else ours).source}"
    if theirs.at == ours.at:
        return SURVIVOR, "no difference, so the main record's stays"
    return (LOSER if theirs.at > ours.at else SURVIVOR), "said last"


def _fullness(value: str) -> int:
    return len(value.replace(".", "").replace(" ", ""))


def _trust(source: str) -> int:
    return _TRUST.get(source, 1)


def _says(held: Holdings, told: Told) -> dict[str, Said]:
    """What a record says by field; silent fields are left out."""
    person = held.person
    values: dict[str, tuple[Any, Sequence[str]]] = {
        NAME: (f"{person['given_name']} {person['family_name']}".strip(), ("given_name", "family_name")),
        **{kind: (_main(held.points, kind), (kind,)) for kind in _POINTS},
        MAIN_PLACE: (_place(held.positions), ("company", "title")),
        **{column: (person[column], (column,)) for column in _COLUMNS},
        **{ATTRIBUTE + key: (value, (ATTRIBUTE + key,)) for key, value in sorted(person["attributes"].items())},
    }
    return {
        name: Said(str(value), *said_last(person["id"], fields, told, _created(held)))
        for name, (value, fields) in values.items()
        if value not in ("", None)
    }


def said_last(subject_id: int, fields: Sequence[str], told: Told, created: datetime) -> tuple[datetime, str]:
    """Return when and from where the newest of these fields is; what stands since the first is of the first contact."""
    found = [told[subject_id, field] for field in fields if (subject_id, field) in told]
    return max(found, default=(created, FIRST))


def _created(held: Holdings) -> datetime:
    return datetime.fromisoformat(held.person["created_at"])


def _main(points: Sequence[Row], kind: str) -> str:
    return next((row["value"] for row in points if row["kind"] == kind and row["is_primary"]), "")


def _place(positions: Sequence[Row]) -> str:
    """The main position in one word that tells two apart; its firm's name is for whoever shows it."""
    main = next((row for row in positions if row["is_primary"]), None)
    if main is None:
        return ""
    return f"{main['title']}|{main['company_id'] or ''}"
