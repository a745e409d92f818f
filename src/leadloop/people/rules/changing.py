"""Changes that somebody makes by hand: which fields there are, and what each takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from leadloop.kernel.clock.zones import time_zone
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import clean_name, company_key, has_lookalikes, one_line

ATTRIBUTE = "attributes."
ROLES = ("decision_maker", "influencer", "user", "gatekeeper", "unknown")
MOST_EMPLOYEES = 10_000_000
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_COUNTRY = re.compile(r"[A-Z]{2}\Z")


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid("this must be text", field=field)
    return one_line(value)


def _name(field: str, value: Any) -> str:
    return clean_name(_text(field, value))


def _zone(field: str, value: Any) -> str:
    name = _text(field, value)
    return time_zone(name).key if name else ""


def _language(field: str, value: Any) -> str:
    tag = _text(field, value)
    if tag and not _LANGUAGE.match(tag):
        raise Invalid(f"{tag!r} is not a language", field=field, mend="Use a tag such as en or pt-BR")
    return tag


def _country(field: str, value: Any) -> str:
    code = _text(field, value).upper()
    if code and not _COUNTRY.match(code):
        raise Invalid(f"{code!r} is not a country", field=field, mend="Use two letters, such as DE")
    return code


def _role(field: str, value: Any) -> str:
    if value not in ROLES:
        raise Invalid(f"{value!r} is not a buying role", field=field, mend=f"Use one of {', '.join(ROLES)}")
    return str(value)


def _employees(field: str, value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_EMPLOYEES:
        raise Invalid("this must be a number of people", field=field, mend="Give a whole number, such as 250")
    return value


def _id(field: str, value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid("this must be an id", field=field)
    return value


def _required(field: str, value: Any) -> str:
    text = _text(field, value)
    if not text:
        raise Invalid("a firm needs a name", field=field, mend="Give its name")
    return text


Reader = Callable[[str, Any], Any]
PERSON_FIELDS: dict[str, Reader] = {
    "given_name": _name,
    "family_name": _name,
    "language": _language,
    "zone": _zone,
    "country": _country,
    "city": _text,
    "title": _text,
    "buying_role": _role,
}
COMPANY_FIELDS: dict[str, Reader] = {
    "name": _required,
    "website": _text,
    "industry": _text,
    "employees": _employees,
    "country": _country,
    "city": _text,
    "parent_id": _id,
    "account_owner_id": _id,
}


def person_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes in clean form; Invalid names the first field that isn't one or can't take its value.

    A field "attributes.<key>" sets one of the company's own fields, None takes it away.
    """
    return _clean(changes, PERSON_FIELDS)


def company_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a firm; a new name brings its key along."""
    clean = _clean(changes, COMPANY_FIELDS)
    if "name" in clean:
        clean["name_key"] = company_key(clean["name"])
    return clean


def poses(given: str, family: str) -> bool:
    """Tell whether a name is written to look like another."""
    return has_lookalikes(given) or has_lookalikes(family)


def _clean(changes: Mapping[str, Any], fields: Mapping[str, Reader]) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for name, value in changes.items():
        if name.startswith(ATTRIBUTE):
            clean[name] = _attribute(name, value)
        elif name in fields:
            clean[name] = fields[name](name, value)
        else:
            raise Invalid("there is no such field", field=name, mend=f"Use one of {', '.join(fields)}")
    return clean


def _attribute(name: str, value: Any) -> Any:
    if not _KEY.match(name.removeprefix(ATTRIBUTE)):
        raise Invalid("this is no name for a field", field=name, mend="Use small letters, digits and _")
    if isinstance(value, str):
        return one_line(value, 2000)
    if value is not None and not isinstance(value, bool | int | float):
        raise Invalid("this must be text, a number, or yes or no", field=name)
    return value
