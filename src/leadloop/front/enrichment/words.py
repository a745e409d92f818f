"""What fields, policies, runs and refusals are called."""

from __future__ import annotations

from leadloop.enrichment.contracts import Overwrite, Provenance
from leadloop.enrichment.providers import PROVIDERS
from leadloop.front.templatetags.ui import local_date

FIELDS = {
    "industry": "Industry",
    "employees": "Employees",
    "country": "Country",
    "city": "City",
    "website": "Website",
    "attributes.revenue": "Revenue",
}
OVERWRITES = {
    Overwrite.NEVER: "Never",
    Overwrite.EMPTY: "Where nothing stands",
    Overwrite.OLDER: "Where it is older than",
    Overwrite.ALWAYS: "Always",
}
WHYS = {"inquiry": "Companies of inquiries", "file": "A file was added", "hand": "Asked for all"}
REFUSED = {
    "same": "there already",
    "never": "never written",
    "only_empty": "something stood there",
    "young": "not old enough",
    "said_by_people": "said by people",
}
_PROVIDERS = {one.key: one.label for one in PROVIDERS}


def refusals(counted: dict[str, int]) -> str:
    """ "3 said by people, 1 there already"; "" for none."""
    return ", ".join(f"{count:,} {REFUSED.get(code, code)}" for code, count in sorted(counted.items()) if count)


def origin(told: Provenance, value: object, zone: str) -> str:
    """ "from accounts.xlsx, row 12, 30 Nov 2026" for a value that a provider wrote and that still stands, else ""."""
    if told.value != ("" if value is None else str(value)):
        return ""
    where = ", ".join(part for part in (told.origin or _PROVIDERS.get(told.provider, ""), told.place) if part)
    return f"from {where}, {local_date(told.at, zone)}"
