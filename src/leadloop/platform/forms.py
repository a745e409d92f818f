"""Untrusted values of users, settings and calendars, read field by field."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from leadloop.kernel.clock import time_zone
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import exponent
from leadloop.kernel.text import clean_name
from leadloop.kernel.text import email as normal_email
from leadloop.platform.roles import Role

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_COUNTRY = re.compile(r"([A-Z]{2})?")
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}")


def user_field(field: str, value: Any) -> Any:
    """Return the value of a user's field as it is stored; raise Invalid for a field or value that can't be."""
    return _read(_USER, field, value)


def setting_field(field: str, value: Any) -> Any:
    """The same for the company's settings."""
    return _read(_SETTING, field, value)


def key(value: Any) -> str:
    """Return a key such as "dach-south"; raise Invalid for anything else."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise Invalid("The key can't be used", field="key", mend="Use small letters, digits, - and _, a letter first")
    return value


def name(value: Any, field: str = "name") -> str:
    """Return a name as one clean line; raise Invalid when nothing is left."""
    line = clean_name(value) if isinstance(value, str) else ""
    if not line:
        raise Invalid("The name is missing", field=field, mend="Write a name")
    return line


def _read(readers: dict[str, Callable[[Any], Any]], field: str, value: Any) -> Any:
    if field not in readers:
        raise Invalid("This can't be changed here", field=field, mend=f"Change: {', '.join(readers)}")
    return readers[field](value)


def _email(value: Any) -> str:
    found = normal_email(value) if isinstance(value, str) else None
    if found is None:
        raise Invalid("This is not an e-mail address", field="email", mend="Write it like kim@example.com")
    return found


def _roles(value: Any) -> list[str]:
    several = isinstance(value, list | tuple | set | frozenset)
    if not several or not all(isinstance(role, str) for role in value):
        raise Invalid("Roles are a list", field="roles", mend="Choose at least one role")
    order = list(Role)
    return sorted({str(role) for role in value}, key=lambda role: order.index(Role(role)) if role in order else -1)


def _zone(value: Any) -> str:
    time_zone(value)
    return str(value)


def _language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise Invalid("This language is not known", field="language", mend="Use a code such as en or de-CH")
    return value


def _id(field: str) -> Callable[[Any], int | None]:
    def read(value: Any) -> int | None:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise Invalid("This is not an id", field=field, mend="Choose from the list")
        return value

    return read


def _phone(value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid("This is not a telephone number", field="phone", mend="Write it like +49 30 123456")
    return clean_name(value, 40)


def _yes(field: str) -> Callable[[Any], bool]:
    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise Invalid("Yes or no is expected", field=field, mend="Say true or false")
        return value

    return read


def _currency(value: Any) -> str:
    exponent(value)
    return str(value)


def _country(value: Any) -> str:
    if not isinstance(value, str) or not _COUNTRY.fullmatch(value):
        raise Invalid("This country is not known", field="country", mend="Use a code such as DE, or leave it empty")
    return value


def _month(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 12:
        raise Invalid("This is not a month", field="fiscal_year_start", mend="Give 1 for January to 12")
    return int(value)


_USER: dict[str, Callable[[Any], Any]] = {
    "name": name,
    "email": _email,
    "roles": _roles,
    "team_id": _id("team_id"),
    "calendar_id": _id("calendar_id"),
    "zone": _zone,
    "language": _language,
    "phone": _phone,
    "shortcuts": _yes("shortcuts"),
    "checklist": _yes("checklist"),
}
_SETTING: dict[str, Callable[[Any], Any]] = {
    "company_name": lambda value: name(value, "company_name"),
    "zone": _zone,
    "currency": _currency,
    "country": _country,
    "fiscal_year_start": _month,
    "calendar_id": _id("calendar_id"),
}
