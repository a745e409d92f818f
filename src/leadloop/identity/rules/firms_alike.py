"""How much speaks for two companies being one, by what is known of both."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from leadloop.kernel.decision import Decision, Reason, because
from leadloop.kernel.text import company_key
from leadloop.people.contracts import CompanyRow

ENOUGH = 2.0  # from here on somebody is asked
_SIMILAR = 0.8
_SAME_NAME, _SAME_LABEL, _SIMILAR_NAME, _SAME_CITY, _ABROAD = 4.0, 3.0, 2.0, 1.0, -3.0


def likeness(one: CompanyRow, other: CompanyRow) -> Decision[float]:
    """Return the weight of what speaks for one company, with its reasons; ENOUGH and more is worth a look."""
    reasons = list(_reasons(one, other))
    return because(sum(reason.weight or 0.0 for reason in reasons), *reasons)


def label_of(domain: str | None) -> str:
    """Return what stands before the ending of a registrable domain: "acme" of "acme.co.uk"; "" for none."""
    return (domain or "").partition(".")[0]


def _reasons(one: CompanyRow, other: CompanyRow) -> Iterator[Reason]:
    ours, theirs = company_key(one.name), company_key(other.name)
    abroad = bool(one.country and other.country and one.country != other.country)
    if ours and ours == theirs:
        yield Reason("name", "The same name but for the legal form", _SAME_NAME)
    elif SequenceMatcher(None, ours, theirs).ratio() >= _SIMILAR:
        yield Reason("name", "Similar names", _SIMILAR_NAME)
    if label_of(one.domain) and label_of(one.domain) == label_of(other.domain):
        yield Reason("domain", "Domains that differ in the ending alone", _SAME_LABEL)
    if one.city and one.city.casefold() == other.city.casefold() and not abroad:
        yield Reason("city", "In the same place", _SAME_CITY)
    if abroad:
        yield Reason("country", "In different countries", _ABROAD)
