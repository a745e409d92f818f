"""A condition while it is being built: groups of rows as a form sends them, and the condition they mean.

The form's fields are `how`, `g0-how`, `g0-r0-facet`, `g0-r0-op` and `g0-r0-value` (several for a list of choices);
its buttons send `do`: "row:0" adds a row, "drop:0:1" removes one, "group" and "ungroup:1" do so with groups.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from leadloop.criteria.contracts import Facet
from leadloop.front.asking import number
from leadloop.front.segments.vocabulary import OPERATORS, Vocabulary
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import exponent

HOWS = {"all": "all", "any": "any", "none": "none"}
MOST_GROUPS = 8
MOST_ROWS = 20
WITHOUT_VALUE = ("is_set", "is_empty")
DAYS = ("within_days", "older_than_days", "within_next_days")
SEVERAL = ("in", "not_in", "has_any")
_FIELD = re.compile(r"g(\d{1,2})-r(\d{1,2})-facet")


@dataclass
class Row:
    """One condition as it was typed; `wrong` says what can't be read."""

    facet: str = ""
    op: str = ""
    values: list[str] = field(default_factory=list)
    wrong: str = ""


@dataclass
class Group:
    """Conditions of which all, any or none must hold."""

    how: str = "all"
    rows: list[Row] = field(default_factory=list)


@dataclass
class Draft:
    """The whole: `how` joins the groups."""

    how: str = "all"
    groups: list[Group] = field(default_factory=lambda: [Group(rows=[Row()])])

    @property
    def is_whole(self) -> bool:
        """True when at least one condition stands, and nothing is missing or can't be read."""
        rows = [row for group in self.groups for row in group.rows]
        return bool(rows) and not any(row.wrong for row in rows)


def from_form(posted: QueryDict, known: Vocabulary) -> Draft:
    """Read what was sent, do what its button asks, and put right what no longer fits."""
    places: dict[int, set[int]] = {}
    for name in posted:
        if found := _FIELD.fullmatch(name):
            places.setdefault(int(found[1]), set()).add(int(found[2]))
    groups = [
        Group(_how(posted.get(f"g{g}-how")), [_row(posted, f"g{g}-r{r}", known) for r in sorted(rows)[:MOST_ROWS]])
        for g, rows in sorted(places.items())[:MOST_GROUPS]
    ]
    draft = Draft("any" if posted.get("how") == "any" else "all", groups or Draft().groups)
    _do(draft, posted.get("do", ""))
    return draft


def _row(posted: QueryDict, stem: str, known: Vocabulary) -> Row:
    row = Row(posted.get(f"{stem}-facet", ""), posted.get(f"{stem}-op", ""), posted.getlist(f"{stem}-value"))
    facet = known.facets.get(row.facet)
    if facet is None:
        return Row()
    if row.op not in facet.operators:
        row.op = facet.operators[0]
    if row.facet in known.names:
        row.values = [value for value in row.values if value in known.names[row.facet]]
    return row


def _how(text: str | None) -> str:
    return text if text in HOWS else "all"


def _do(draft: Draft, asked: str) -> None:
    what, *rest = asked.split(":")
    places = [number(one) for one in rest]
    group = draft.groups[places[0]] if places and places[0] is not None and places[0] < len(draft.groups) else None
    if what == "group" and len(draft.groups) < MOST_GROUPS:
        draft.groups.append(Group(rows=[Row()]))
    if group is None:
        return
    if what == "row" and len(group.rows) < MOST_ROWS:
        group.rows.append(Row())
    if what == "drop" and len(places) == 2 and places[1] is not None:
        del group.rows[places[1] : places[1] + 1]
    if what == "ungroup" or not group.rows:
        draft.groups.remove(group)
    if not draft.groups:
        draft.groups.append(Group(rows=[Row()]))


def condition(draft: Draft, known: Vocabulary, *, currency: str) -> dict[str, Any]:
    """What the finished rows mean; a row that can't be read says so in `wrong`, and is left out."""
    read = [(group.how, [one for row in group.rows if (one := _leaf(row, known, currency))]) for group in draft.groups]
    groups = [{how: leaves} for how, leaves in read if leaves]
    return groups[0] if len(groups) == 1 else {draft.how: groups}


def _leaf(row: Row, known: Vocabulary, currency: str) -> dict[str, Any] | None:
    facet = known.facets.get(row.facet)
    if facet is None:
        row.wrong = "Choose what to ask about"
        return None
    if row.op in WITHOUT_VALUE:
        return {"facet": row.facet, "op": row.op}
    given = [value.strip() for value in row.values if value.strip()]
    if row.op in SEVERAL and facet.key not in known.names:
        given = [one.strip() for value in given for one in value.split(",") if one.strip()]
    if not given:
        row.wrong = "Fill this in"
        return None
    try:
        return {"facet": row.facet, "op": row.op, "value": _value(row.op, facet, given, currency)}
    except Invalid as wrong:
        row.wrong = wrong.problem
        return None


def _value(op: str, facet: Facet, given: list[str], currency: str) -> Any:
    if op in DAYS:
        return _whole(given[0])
    read = _READERS.get(facet.type, _text)
    if op in SEVERAL:
        return [read(one, currency) for one in given]
    if op == "between":
        if len(given) < 2:
            raise Invalid("Give the lowest and the highest")
        return [read(one, currency) for one in given[:2]]
    return read(given[0], currency)


def _text(text: str, _currency: str) -> str:
    return text


def _whole(text: str) -> int:
    found = number(text)
    if found is None:
        raise Invalid("A whole number is expected")
    return found


def _decimal(text: str) -> Decimal:
    try:
        found = Decimal(text.replace(" ", "").replace("\u2212", "-"))
    except InvalidOperation:
        raise Invalid("A number is expected, such as 40 or 2.5") from None
    if not found.is_finite() or abs(found) > 10**15:
        raise Invalid("The number is out of reach")
    return found


def _number(text: str, _currency: str) -> int | float:
    found = _decimal(text)
    return int(found) if found == found.to_integral_value() else float(found)


def _money(text: str, currency: str) -> int:
    minor = _decimal(text) * 10 ** exponent(currency)
    if minor != minor.to_integral_value():
        raise Invalid(f"{currency} has no such small part")
    return int(minor)


def _day(text: str, _currency: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Invalid("A day is expected, such as 2026-03-31") from None


_READERS: dict[str, Any] = {
    "number": _number,
    "money": _money,
    "boolean": lambda text, _: text == "yes",
    "date": _day,
    "datetime": _day,
    "id": lambda text, _: _whole(text),
}


def from_condition(ast: Mapping[str, Any], known: Vocabulary, *, currency: str) -> Draft | None:
    """The form of a condition that was saved; None when it was made otherwise and goes deeper than the form does."""
    if "facet" in ast:
        return Draft("all", [Group("all", [_as_typed(ast, known, currency)])])
    how, members = next(iter(ast.items()))
    if all("facet" in one for one in members):
        return Draft("all", [Group(how, [_as_typed(one, known, currency) for one in members])])
    if how == "none":
        return None
    groups = []
    for one in members:
        inner, leaves = ("all", [one]) if "facet" in one else next(iter(one.items()))
        if not all("facet" in leaf for leaf in leaves):
            return None
        groups.append(Group(inner, [_as_typed(leaf, known, currency) for leaf in leaves]))
    return Draft(how, groups) if len(groups) <= MOST_GROUPS else None


def _as_typed(leaf: Mapping[str, Any], known: Vocabulary, currency: str) -> Row:
    facet = known.facets.get(leaf["facet"])
    value = leaf.get("value")
    several = value if isinstance(value, list) else [] if value is None else [value]
    shown = [_shown(one, facet, leaf["op"], currency) for one in several]
    if leaf["op"] in SEVERAL and leaf["facet"] not in known.names:
        shown = [", ".join(shown)]
    return Row(leaf["facet"], leaf["op"], shown)


def _shown(value: Any, facet: Facet | None, op: str, currency: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if facet is not None and facet.type == "money" and op not in DAYS:
        return f"{Decimal(value).scaleb(-exponent(currency)):f}"
    return str(value)


def fields(draft: Draft, known: Vocabulary, *, told: bool) -> list[dict[str, Any]]:
    """What the template shows: groups with their rows, each with the controls that fit it. `told` shows mistakes."""
    return [
        {
            "place": g,
            "name": f"g{g}-how",
            "how": group.how,
            "rows": [
                _control(row, f"g{g}-r{r}", f"drop:{g}:{r}", known, told=told) for r, row in enumerate(group.rows)
            ],
        }
        for g, group in enumerate(draft.groups)
    ]


def _control(row: Row, stem: str, drop: str, known: Vocabulary, *, told: bool) -> dict[str, Any]:
    facet = known.facets.get(row.facet)
    return {
        "stem": stem,
        "facet": row.facet,
        "label": facet.label if facet else "",
        "drop": drop,
        "ops": [(op, OPERATORS[op]) for op in facet.operators] if facet else [],
        "op": row.op,
        "wrong": row.wrong if told or (row.wrong and any(row.values)) else "",
        **(_values(row, facet, known) if facet else {"kind": "none"}),
    }


def _values(row: Row, facet: Facet, known: Vocabulary) -> dict[str, Any]:
    """Which control takes the value, and what stands in it."""
    first, second = [*row.values, "", ""][:2]
    if row.op in WITHOUT_VALUE:
        return {"kind": "none"}
    if row.op in DAYS:
        return {"kind": "days", "first": first}
    if facet.key in known.names:
        options = [{"value": v, "label": t, "chosen": v in row.values} for v, t in known.names[facet.key].items()]
        return {"kind": "several" if row.op in SEVERAL else "one", "options": options}
    if facet.type == "boolean":
        return {"kind": "boolean", "first": first or "yes"}
    kind = "date" if facet.type in ("date", "datetime") else "number" if facet.type in ("number", "money") else "text"
    if row.op == "between":
        return {"kind": "two", "first": first, "second": second}
    return {"kind": kind, "first": first, "listed": row.op in SEVERAL}
