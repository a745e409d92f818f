"""Candidates put in the words of `people`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from leadloop.identity.contracts import Candidate
from leadloop.identity.rules.keys import DOMAIN, EXTERNAL, NAME, Key
from leadloop.people.contracts import ContactValue, NewCompany, NewPerson


def person(candidate: Candidate, company_id: int | None, against: Collection[str] = ()) -> NewPerson:
    """Return what the candidate tells of a person.

    `against` are the kinds of key that lead to somebody else (see `matching.Match`): such an id stays theirs.
    """
    c = candidate
    external = c.external
    if against and external:
        external = tuple(pair for pair in external if f"{EXTERNAL}:{pair[0]}" not in against)
    return NewPerson(
        ref=c.ref,
        given=c.given,
        family=c.family,
        language=c.language,
        zone=c.zone,
        country=c.country,
        city=c.city,
        emails=(ContactValue(c.email_given or c.email, c.email, c.disposable),) if c.email else (),
        phones=(ContactValue(c.phone_given or c.phone, c.phone),) if c.phone else (),
        company_id=company_id,
        title=c.title,
        buying_role=c.buying_role,
        attributes=c.attributes,
        lookalike=c.lookalike,
        external=external,
        overwrite=c.overwrite,
    )


def firms(
    candidates: Sequence[Candidate], keys: Mapping[int, Sequence[Key]], company_ids: Mapping[int, int]
) -> Iterator[tuple[int, int, NewCompany]]:
    """Yield (place, company id, what is told of the firm) for the candidates who name one; all mappings by place.

    Candidates who tell the same of the same firm are named once.
    """
    said: set[tuple[object, ...]] = set()
    for place, company_id in company_ids.items():
        c, of = candidates[place], dict(keys[place])
        words = (company_id, *of.values(), c.company_name, c.website, c.industry, c.employees, c.country, c.city)
        if words not in said:
            said.add(words)
            yield place, company_id, firm(c, of)


def firm(c: Candidate, keys: Mapping[str, str]) -> NewCompany:
    """What a candidate tells of the firm with these keys, by kind."""
    domain, name_key = keys.get(DOMAIN), keys.get(NAME, "").rpartition("|")[0]
    return NewCompany(
        ref=c.ref,
        name=c.company_name if name_key else domain or "",
        name_key=name_key,
        domain=domain,
        website=c.website,
        industry=c.industry,
        employees=c.employees,
        country=c.country,
        city=c.city,
    )
