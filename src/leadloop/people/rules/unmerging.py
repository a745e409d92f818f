"""What two persons would be had they never become one.

Terms: *before* is how the rows of both stood when they were merged; *since* is what happened to the one person from
then on: inquiries, words of consent, changes by hand. Steps: begin with what was before; let every inquiry tell its
own person what it told, and every change and word go to whom it belongs, in the order of time; give rows that stand
today back to whom they fit, so that they keep their ids. What belongs to neither is asked (`Question`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leadloop.people.apart import BOTH, LOSER, SURVIVOR, Edit, Question, Since, Told
from leadloop.people.rules.holding import Held, Key
from leadloop.people.rules.merging import CONSENT, EXTERNAL, POINT, POSITION, Holdings, Row
from leadloop.people.rules.wording import words_of

ROWS = (POINT, POSITION, EXTERNAL)
_KEYS = {POINT: ("kind", "norm"), POSITION: ("company_id",), EXTERNAL: ("system", "kind", "external_id")}
_SAYS = {POINT: "An address", POSITION: "A position", EXTERNAL: "Another system's id"}
_TWO = (SURVIVOR, LOSER)


@dataclass
class Parting:
    """Two persons under way to standing apart: what each has, what has to be asked, and whose each change was.

    `whose` gives by id of an entry in the field history to whom it goes: "survivor", "loser" or "both".
    """

    before: Mapping[str, Holdings]
    today: Holdings
    since: Since
    answers: Mapping[str, str]
    questions: list[Question] = field(default_factory=list)
    whose: dict[int, str] = field(default_factory=dict)
    held: dict[str, Held] = field(init=False)

    def __post_init__(self) -> None:
        self.held = {who: Held(one) for who, one in self.before.items()}

    def answer(self, question: Question) -> str:
        """Return the answer to a question; where there is none yet it is kept, and "" returned."""
        given = self.answers.get(question.key, "")
        if given in question.options:
            return given
        self.questions.append(question)
        return ""


def parted(before: Mapping[str, Holdings], today: Holdings, since: Since, answers: Mapping[str, str]) -> Parting:
    """Return the two apart. Keys of `before`, and answers, are "survivor" and "loser"; an answer may be "both"."""
    one = Parting(before, today, since, answers)
    _go_through(one)
    _give_rows(one)
    _give_words(one)
    _know_failures(one)
    return one


def _go_through(one: Parting) -> None:
    """Inquiries and changes by hand, in the order of time."""
    steps: list[tuple[datetime, int, int, Told | Edit]] = [
        *((told.at, 0, told.id, told) for told in one.since.told),
        *((edit.at, 1, edit.id, edit) for edit in one.since.edits),
    ]
    for *_, step in sorted(steps, key=lambda row: row[:3]):
        if isinstance(step, Told):
            one.held[step.who].hear(step.person, step.at)
        else:
            _change(one, step)


def _change(one: Parting, edit: Edit) -> None:
    whose = edit.who or one.answer(_edit_question(one, edit))
    for who in _each(whose):
        one.held[who].change(edit.field, edit.value)
    if whose:
        one.whose[edit.id] = whose


def _edit_question(one: Parting, edit: Edit) -> Question:
    has = {who: _text(one.held[who].value(edit.field)) for who in _TWO}
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


def _give_rows(one: Parting) -> None:
    """Rows of today: those that were there before are in place; new ones go to whom they fit, or are asked about."""
    before = {row["id"] for holdings in one.before.values() for table in ROWS for row in holdings.rows(table)}
    for table in ROWS:
        fresh = {_key(table, row): row for row in one.today.rows(table) if row["id"] not in before}
        for who in _TWO:
            one.held[who].take_ids(table, fresh, _key)
        for row in fresh.values():
            for who in _each(one.answer(_row_question(table, row))):
                one.held[who].add(table, row)


def _row_question(table: str, row: Row) -> Question:
    names = ("value", "title", "external_id", "company_id")
    value = next((str(row[name]) for name in names if row.get(name)), "")
    return Question(key=f"{table.removeprefix('people_')}:{row['id']}", says=_SAYS[table], options=_TWO, value=value)


def _give_words(one: Parting) -> None:
    """Words of consent: those of inquiries to whom told them, others to whom they belong."""
    known = {row["id"] for holdings in one.before.values() for row in holdings.consents}
    told = {who: [word for of in one.since.told if of.who == who for word in of.words] for who in _TWO}
    for held in one.held.values():
        held.consents[:] = [_read(row) for row in held.consents]
    for row in map(_read, one.today.consents):
        if row["id"] in known:
            continue
        by_word = next((who for who in _TWO if any(word.is_kept_as(row) for word in told[who])), "")
        whose = by_word or one.since.via.get(row["via_id"] or 0) or one.answer(_word_question(row))
        for place, who in enumerate(_each(whose)):
            one.held[who].consents.append({**row, "id": None if place else row["id"]})
    for who, words in told.items():
        one.held[who].consents[:] = words_of(one.held[who].consents, words)


def _read(row: Row) -> dict[str, Any]:
    return {**row, "at": datetime.fromisoformat(row["at"])}


def _word_question(row: Row) -> Question:
    withdrawn = row["state"] == "withdrawn"
    return Question(
        key=f"{CONSENT.removeprefix('people_')}:{row['id']}",
        says=f"Consent {row['state']}: {row['channel']}, {row['purpose']}",
        options=(*_TWO, BOTH),
        value=row["wording"],
        at=row["at"],
        source=row["source"],
        proposed=BOTH if withdrawn else "",  # the careful side
    )


def _know_failures(one: Parting) -> None:
    """What was learnt since of an address, that it fails or works again, holds for whoever has it."""
    then = {
        _key(POINT, row): row["bad_since"]
        for holdings in one.before.values()
        for row in holdings.points
        if row["bad_since"]
    }
    for row in one.today.points:
        key = _key(POINT, row)
        if row["bad_since"] != then.get(key):
            for held in one.held.values():
                held.mark(key, row["bad_since"], row["bad_why"])


def _each(whose: str) -> tuple[str, ...]:
    return _TWO if whose == BOTH else (whose,) if whose else ()


def _key(table: str, row: Row) -> Key:
    return tuple(row[name] for name in _KEYS[table])


def _text(value: Any) -> str:
    return "" if value is None else str(value)
