"""What a list may be filtered by. Values come from addresses and saved views, so each is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from leadloop.criteria.compile import compile_ast
from leadloop.kernel.errors import Invalid
from leadloop.leads.contracts import Stage
from leadloop.leads.queries.rows import OPEN
from leadloop.leads.queries.visibility import Condition

MOST_VALUES = 10_000
_BIGGEST = 2**63 - 1

Filter = Callable[[str, Any], Condition]


def conditions(filters: Mapping[str, Any], now: datetime) -> list[Condition]:
    """The filters as SQL, all of which must hold. Empty values filter nothing.

    By code or id, one or several: `stage`, `grade`, `handover`, `close_reason`, `due_kind`, `exception`, `id`,
    `owner`, `team`, `programme`, `source`, `interest`, `company`, `person`. By yes or no: `open`, `exceptional`,
    `recycled`. By moment (an aware datetime or its ISO form): `due_from`, `due_before`, `opened_from`,
    `opened_before`, `stage_from` (in its stage since).
    `criteria` is a condition about leads. Raises Invalid for an unknown name or a value that can't be read.
    """
    found = []
    for name, value in filters.items():
        if value is None or value in ("", [], ()):
            continue
        if name == "criteria":
            compiled = compile_ast(value, "lead", now=now)
            found.append(Condition(compiled.on("l.id"), compiled.params))
        elif name in _FILTERS:
            found.append(_FILTERS[name](name, value))
        else:
            raise Invalid(f"leads can't be filtered by “{name}”", field=name, mend=f"Use one of: {', '.join(_FILTERS)}")
    return found


def _codes(column: str, known: tuple[str, ...] | None = None) -> Filter:
    def condition(name: str, value: Any) -> Condition:
        wanted = [str(one) for one in _several(name, value)]
        for one in wanted:
            if known is not None and one not in known:
                raise Invalid(f"“{one}” is unknown", field=name, mend=f"Use one of: {', '.join(known)}")
        return Condition(f"l.{column} = any(%s::text[])", (wanted,))

    return condition


def _ids(column: str) -> Filter:
    def condition(name: str, value: Any) -> Condition:
        try:
            wanted = [int(one) for one in _several(name, value)]
        except (TypeError, ValueError):
            raise Invalid("this is no number", field=name, mend="Choose from the list") from None
        return Condition(f"l.{column} = any(%s::bigint[])", ([one for one in wanted if 0 <= one <= _BIGGEST],))

    return condition


def _yes_or_no(yes: str) -> Filter:
    def condition(name: str, value: Any) -> Condition:
        if not isinstance(value, bool):
            raise Invalid("say yes or no", field=name, mend="Give true or false")
        return Condition(yes if value else f"not ({yes})")

    return condition


def _moment(column: str, sign: str) -> Filter:
    def condition(name: str, value: Any) -> Condition:
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise Invalid("this is no moment", field=name, mend="Write it as 2026-03-02T09:00Z") from None
        if moment.utcoffset() is None:
            raise Invalid("the moment has no time zone", field=name, mend="Write it as 2026-03-02T09:00Z")
        return Condition(f"l.{column} {sign} %s", (moment.astimezone(UTC),))

    return condition


def _several(name: str, value: Any) -> list[Any]:
    wanted = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
    if len(wanted) > MOST_VALUES:
        raise Invalid(f"more than {MOST_VALUES} values were given", field=name, mend="Filter by fewer")
    return wanted


_FILTERS: dict[str, Filter] = {
    "stage": _codes("stage", tuple(str(stage) for stage in Stage)),
    "grade": _codes("grade"),
    "handover": _codes("handover"),
    "close_reason": _codes("close_reason"),
    "due_kind": _codes("due_kind"),
    "exception": _codes("exception_code"),
    "id": _ids("id"),
    "owner": _ids("owner_id"),
    "team": _ids("team_id"),
    "programme": _ids("programme_id"),
    "source": _ids("source_id"),
    "interest": _ids("interest_id"),
    "company": _ids("company_id"),
    "person": _ids("person_id"),
    "open": _yes_or_no(f"l.{OPEN}"),
    "exceptional": _yes_or_no("l.exception_code <> ''"),
    "recycled": _yes_or_no("l.recycled > 0"),
    "due_from": _moment("due_at", ">="),
    "due_before": _moment("due_at", "<"),
    "stage_from": _moment("stage_since", ">="),
    "opened_from": _moment("opened_at", ">="),
    "opened_before": _moment("opened_at", "<"),
}
