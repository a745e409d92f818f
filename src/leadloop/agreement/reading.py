"""From untrusted values to clauses: what is wrong is named by its clause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from leadloop.agreement.contracts import Clauses
from leadloop.kernel.errors import Invalid

_PARTS = ("stages", "promises", "reasons", "places")  # keyed by stage, promise, code and kind
_MENDS = {
    "missing": "Add this clause",
    "extra_forbidden": "Remove it, or check how it is spelt",
    "greater_than": "Give a number above zero",
    "greater_than_equal": "Give zero or more",
    "int_parsing": "Give a whole number",
    "int_type": "Give a whole number",
    "string_type": "Give a text",
    "bool_parsing": "Say true or false",
}


def read_clauses(given: Clauses | Mapping[str, Any]) -> Clauses:
    """Return the whole text from plain values; raise Invalid naming the first clause that can't be read."""
    if isinstance(given, Clauses):
        return given
    try:
        return Clauses.model_validate(given)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        mend = _MENDS.get(first["type"], "Write it as in the agreement that is in force")
        raise Invalid(first["msg"], field=path, mend=mend) from None


def changed(text: Clauses, changes: Mapping[str, Any]) -> Clauses:
    """Return `text` with changes laid over it; what they leave out stays as it is.

    Stages, promises, reasons and places are changed one by one and field by field; None as the whole of a reason
    takes it out. Raises Invalid like `read_clauses`.
    """
    whole = text.model_dump(mode="json")
    for name, value in changes.items():
        if name in _PARTS and isinstance(value, Mapping):
            whole[name] = _laid_over(whole[name], value)
        else:
            whole[name] = value
    return read_clauses(whole)


def _laid_over(part: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = {key: clause for key, clause in part.items() if key not in changes or changes[key] is not None}
    for key, change in changes.items():
        if isinstance(change, Mapping):
            merged[key] = {**(merged.get(key) or {}), **change}
        elif change is not None:
            merged[key] = change
    return merged
