"""What a list of deals may be filtered by. Values come from addresses, so each is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from leadloop.kernel.errors import Invalid
from leadloop.leads.queries import Condition
from leadloop.selling.contracts import Category, State
from leadloop.selling.rules.risking import PUSHED, SILENT

LAST_DONE = "(select max(a.happened_at) from selling_activity a where a.opportunity_id = o.id and a.undone_at is null)"
_BIGGEST = 2**63 - 1


def conditions(filters: Mapping[str, Any], now: datetime, today: date) -> list[Condition]:
    """The filters as SQL over the deal `o` and its column `s`, all of which must hold. Empty values filter nothing.

    By code: `state`, `category`, `stage`. By id: `id`, `owner`, `team`, `company`, one or several. By moment (aware):
    `opened_from`, `opened_before`, `closed_from`, `closed_before`, `moved_from` (changed its column since, opened
    before), `step_before` and `step_from` (when its next step is due). `risk` is one of `RISKS`, or "any" of those
    that come of neglect. `without` is one of `LACKS`. `q` are letters of its name. Raises Invalid for an unknown name
    or value.
    """
    found = []
    for name, value in filters.items():
        if value is None or value in ("", [], ()):
            continue
        if name == "risk":
            found.append(_risk(value, now, today))
        elif name in _FILTERS:
            found.append(_FILTERS[name](name, value))
        else:
            raise Invalid(f"deals can't be filtered by “{name}”", field=name, mend=f"Use one of: {', '.join(_FILTERS)}")
    return found


def _close_passed(_now: datetime, today: date) -> Condition:
    return Condition("o.close_on < %s", (today,))


def _step_late(now: datetime, _today: date) -> Condition:
    return Condition("o.next_step_at < %s", (now,))


def _no_step(_now: datetime, _today: date) -> Condition:
    return Condition("o.next_step_at is null")


def _silent(now: datetime, _today: date) -> Condition:
    return Condition(f"greatest(o.opened_at, {LAST_DONE}) <= %s", (now - timedelta(days=SILENT),))


def _pushed(_now: datetime, _today: date) -> Condition:
    return Condition(f"o.pushed >= {PUSHED}")


def _unready_commit(_now: datetime, _today: date) -> Condition:
    return Condition(f"(o.category = '{Category.COMMIT}' and o.next_step_at is null)")


RISKS: Mapping[str, Callable[[datetime, date], Condition]] = {
    "close_passed": _close_passed,
    "step_late": _step_late,
    "no_step": _no_step,
    "silent": _silent,
    "pushed": _pushed,
    "unready_commit": _unready_commit,
}
_NEGLECT = ("close_passed", "step_late", "no_step", "silent")
_REVIEW = ("pushed", "unready_commit")


def _risk(wanted: str, now: datetime, today: date) -> Condition:
    """Open deals in this danger."""
    sets = {"any": _NEGLECT, "review": _REVIEW}
    if wanted not in RISKS and wanted not in sets:
        raise Invalid(f"“{wanted}” is no danger", field="risk", mend=f"Use one of: any, review, {', '.join(RISKS)}")
    each = [RISKS[name](now, today) for name in sets.get(wanted, (wanted,))]
    either = " or ".join(one.sql for one in each)
    return Condition(f"(o.state = 'open' and ({either}))", tuple(value for one in each for value in one.params))


def _codes(column: str, known: tuple[str, ...]) -> Callable[[str, Any], Condition]:
    def condition(name: str, value: Any) -> Condition:
        if known and value not in known:
            raise Invalid(f"“{value}” is unknown", field=name, mend=f"Use one of: {', '.join(known)}")
        return Condition(f"{column} = %s", (str(value),))

    return condition


def _ids(column: str) -> Callable[[str, Any], Condition]:
    def condition(_name: str, value: Any) -> Condition:
        wanted = [value] if isinstance(value, int) else list(value)
        return Condition(f"{column} = any(%s::bigint[])", ([one for one in wanted if 0 <= one <= _BIGGEST],))

    return condition


def _moment(sql: str) -> Callable[[str, Any], Condition]:
    def condition(name: str, value: Any) -> Condition:
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise Invalid("this is no moment with a time zone", field=name, mend="Write it as 2026-03-02T09:00Z")
        return Condition(sql, (value,) * sql.count("%s"))

    return condition


LACKS = {"company": "o.company_id is null", "next_step": "(o.state = 'open' and o.next_step_at is null)"}


def _lacking(name: str, value: Any) -> Condition:
    if value not in LACKS:
        raise Invalid(f"deals always have “{value}”", field=name, mend=f"Use one of: {', '.join(LACKS)}")
    return Condition(LACKS[value])


def _named(_name: str, value: Any) -> Condition:
    letters = str(value).replace("\x00", "").replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return Condition("o.name ilike %s", (f"%{letters}%",))


_FILTERS: Mapping[str, Callable[[str, Any], Condition]] = {
    "state": _codes("o.state", tuple(str(state) for state in State)),
    "category": _codes("o.category", tuple(str(one) for one in Category)),
    "stage": _codes("s.key", ()),
    "id": _ids("o.id"),
    "owner": _ids("o.owner_id"),
    "team": _ids("o.team_id"),
    "company": _ids("o.company_id"),
    "without": _lacking,
    "q": _named,
    "opened_from": _moment("o.opened_at >= %s"),
    "opened_before": _moment("o.opened_at < %s"),
    "closed_from": _moment("o.closed_at >= %s"),
    "closed_before": _moment("o.closed_at < %s"),
    "moved_from": _moment("(o.state = 'open' and o.stage_since >= %s and o.opened_at < %s)"),
    "step_from": _moment("o.next_step_at >= %s"),
    "step_before": _moment("o.next_step_at < %s"),
}
