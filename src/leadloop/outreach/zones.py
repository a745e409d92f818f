"""In which time zones somebody may be, by country."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from leadloop.kernel.clock import time_zone
from leadloop.kernel.errors import Invalid


@cache
def _by_country() -> dict[str, tuple[str, ...]]:
    """ISO 3166 code to zone names, out of the IANA database that is installed with us."""
    found: dict[str, tuple[str, ...]] = {}
    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text().splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country] = (*found.get(country, ()), zone)
    return found


@cache
def candidates(zone: str, country: str, home_zone: str, home_country: str) -> tuple[str, ...]:
    """The zones in which a person may be: their own if known, else all of their country, else all of ours.

    The last resort is every zone of the company's own country and the company's zone.
    """
    if zone and _is_zone(zone):
        return (zone,)
    if theirs := _by_country().get(country.upper()):
        return theirs
    return tuple(dict.fromkeys((home_zone, *_by_country().get(home_country.upper(), ()))))


def _is_zone(name: str) -> bool:
    try:
        time_zone(name)
    except Invalid:
        return False
    return True
