"""What two firms would be had they never become one.

Steps: begin with how both stood; let every inquiry since tell its own firm what it told, and every change by hand go to
whom it belongs, in the order of time. A change of the one firm belongs to neither by itself: it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from leadloop.kernel.text import company_key
from leadloop.people.apart import BOTH, LOSER, SURVIVOR, Edit, Question
from leadloop.people.contracts import NewCompany
from leadloop.people.rules.changing import ATTRIBUTE
from leadloop.people.rules.firms import COLUMNS, Firm, filled

_TWO = (SURVIVOR, LOSER)


class FirmTold(NamedTuple):
    """What an inquiry told of a firm since the merge, and of which: "survivor" or "loser"."""

    at: datetime
    who: str
    person_id: int
    title: str
    firm: NewCompany


@dataclass
class FirmsApart:
    """Two firms apart, what has to be asked first, whose each change was, and what inquiries changed of each.

    `whose` by id of an entry in the field history; `history` as (side, field, old, new, moment).
    """

    firms: dict[str, Firm]
    questions: list[Question] = field(default_factory=list)
    whose: dict[int, str] = field(default_factory=dict)
    history: list[tuple[str, str, str, str, datetime]] = field(default_factory=list)


def parted_firms(
    stood: Mapping[str, Firm], told: Sequence[FirmTold], edits: Sequence[Edit], answers: Mapping[str, str]
) -> FirmsApart:
    """Return the two apart; an answer may be "both"."""
    one = FirmsApart(dict(stood))
    steps: list[tuple[datetime, int, int, FirmTold | Edit]] = [
        *((it.at, 0, place, it) for place, it in enumerate(told)),
        *((it.at, 1, it.id, it) for it in edits),
    ]
    for *_, step in sorted(steps, key=lambda row: row[:3]):
        if isinstance(step, FirmTold):
            _hear(one, step)
        else:
            _change(one, step, answers)
    return one


def _hear(one: FirmsApart, told: FirmTold) -> None:
    old = one.firms[told.who]
    new = one.firms[told.who] = filled(old, told.firm)
    one.history += [
        (told.who, column, _text(old.values[column]), _text(new.values[column]), told.at)
        for column in COLUMNS
        if old.values[column] != new.values[column]
    ]


def _change(one: FirmsApart, edit: Edit, answers: Mapping[str, str]) -> None:
    whose = edit.who
    if not whose:
        question = _question(one, edit)
        whose = answers.get(question.key, "")
        if whose not in question.options:
            one.questions.append(question)
            return
    one.whose[edit.id] = whose
    for who in _TWO if whose == BOTH else (whose,):
        one.firms[who] = _with(one.firms[who], edit)


def _with(firm: Firm, edit: Edit) -> Firm:
    if edit.field.startswith(ATTRIBUTE):
        own = {**firm.attributes, edit.field.removeprefix(ATTRIBUTE): edit.value}
        return Firm(firm.values, {key: value for key, value in own.items() if value is not None})
    values = {**firm.values, edit.field: edit.value}
    if edit.field == "name":
        values["name_key"] = company_key(edit.value)
    return Firm(values, firm.attributes)


def _question(one: FirmsApart, edit: Edit) -> Question:
    has = {who: _text(_value(one.firms[who], edit.field)) for who in _TWO}
    fits = [who for who in _TWO if has[who] == edit.old]
    return Question(
        key=f"edit:{edit.id}",
        says=edit.field,
        options=(*_TWO, BOTH),
        value=edit.new,
        at=edit.at,
        actor=edit.actor,
        source=edit.source,
        of_survivor=has[SURVIVOR],
        of_loser=has[LOSER],
        proposed=fits[0] if len(fits) == 1 else "",
    )


def _value(firm: Firm, name: str) -> Any:
    if name.startswith(ATTRIBUTE):
        return firm.attributes.get(name.removeprefix(ATTRIBUTE))
    return firm.values[name]


def _text(value: Any) -> str:
    return "" if value is None else str(value)
