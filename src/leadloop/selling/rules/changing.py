"""Reading what somebody wants to change on a deal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from leadloop.kernel.errors import Invalid, Refused
from leadloop.kernel.money import Money
from leadloop.kernel.values import dataclass
from leadloop.selling.contracts import Category

TEXTS = frozenset({"name", "next_step"})  # may name people, so facts only say that they changed
AHEAD = "The closing date lies in the past"


@dataclass(frozen=True, slots=True)
class Ground:
    """What changes are judged by: `today` is the day where the company is."""

    currency: str
    has_lines: bool
    today: date
    now: datetime


def clean(changes: Mapping[str, Any], ground: Ground) -> dict[str, Any]:
    """The changes in the types of the deal. Raises Invalid naming the field, Refused for an amount that lines say."""
    unknown = sorted(set(changes) - _READ.keys())
    if unknown:
        raise Invalid(f"A deal has no “{unknown[0]}”", field=unknown[0], mend=f"Use any of: {', '.join(_READ)}")
    return {name: _READ[name](name, value, ground) for name, value in changes.items()}


def check_ahead(close_on: date, today: date) -> None:
    """Raise Invalid for an expected closing day before today."""
    if close_on < today:
        raise Invalid(AHEAD, field="close_on", mend="Say when you expect to close")


def code(value: Any) -> str:
    """A value as a fact tells it; "" for none."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _text(name: str, value: Any, ground: Ground) -> str:  # noqa: ARG001 - all readers have one form
    if not isinstance(value, str) or not value.strip():
        raise Invalid("This can't be empty", field=name, mend="Write something")
    return value.strip()


def _amount(name: str, value: Any, ground: Ground) -> int:
    if ground.has_lines:
        raise Refused("The amount is the sum of the lines", field=name, mend="Change a line instead")
    minor = Money(value, ground.currency).minor
    if minor < 0:
        raise Invalid("An amount is not below zero", field=name, mend="Give what they will pay")
    return minor


def _day(name: str, value: Any, ground: Ground) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Invalid("This is no day", field=name, mend="Give a date")
    check_ahead(value, ground.today)
    return value


def _moment(name: str, value: Any, ground: Ground) -> datetime:
    if not isinstance(value, datetime) or value <= ground.now:
        raise Invalid("The next step needs a moment that lies ahead", field=name, mend="Say when")
    return value


def _id(name: str, value: Any, ground: Ground) -> int | None:  # noqa: ARG001 - all readers have one form
    if value is None and name != "owner_id":
        return None
    if type(value) is not int:
        raise Invalid("This is nobody", field=name, mend="Choose from the list")
    return value


def _category(name: str, value: Any, ground: Ground) -> str:  # noqa: ARG001 - all readers have one form
    if value not in set(Category):
        raise Invalid("There is no such category", field=name, mend=f"Choose one of: {', '.join(Category)}")
    return str(value)


_READ: dict[str, Callable[[str, Any, Ground], Any]] = {
    "name": _text,
    "amount": _amount,
    "close_on": _day,
    "owner_id": _id,
    "company_id": _id,
    "person_id": _id,
    "next_step": _text,
    "next_step_at": _moment,
    "category": _category,
}
