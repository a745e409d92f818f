"""What `identity` and `people` do with a candidate: who it is, by exact keys, and what is written of somebody new."""

from __future__ import annotations

import orjson

from leadloop.capture.contracts import Parsed
from leadloop.identity.contracts import Candidate
from leadloop.identity.rules.explaining import explained
from leadloop.identity.rules.keys import DOMAIN, EMAIL, NAME, PHONE, Key, firm_keys, person_keys
from leadloop.identity.rules.matching import Asked, Holder, Match, match
from leadloop.identity.services import describing
from leadloop.ledger.contracts import by_system
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.state import Person
from leadloop.outreach.contracts import Purpose
from leadloop.people.contracts import Channel, NewCompany, NewPerson
from leadloop.people.rules.filling import has_place
from leadloop.people.rules.names import search_text

INTAKE = by_system("intake")


def resolve(house: House, parsed: Parsed, number: int) -> Person:
    """The person behind an inquiry, written down with their firm when they are new.

    The people of the story tell the same of themselves each time, so nothing is ever filled in.
    """
    candidate = parsed.candidate
    company_id = _firm(house, candidate)
    keys = person_keys(candidate)
    known = {key: house.persons[key] for key in keys if key in house.persons}
    holders = {key: Holder(one.id, has_strongest=True, family=one.family) for key, one in known.items()}
    found = match([Asked(keys, has_strongest=True, family=candidate.family)], holders, weakest=PHONE)
    (matched,) = found.matches
    new = matched.holder < 0
    if new:
        person = _remember(house, candidate, company_id, number, matched)
    else:
        person = next(one for one in known.values() if one.id == matched.holder)
        assert person.number == number, "two people of the story have a key in common"
        assert not found.claims, "people of the story tell the same of themselves each time"
    for key in found.claims:
        house.persons[key] = person
        house.rows.plain["identity.MatchKey"].append((*key, person.id))
    decision = explained(matched.by, matched.against, is_new=new)
    reasons = orjson.dumps(decision.as_json()).decode()
    house.rows.plain["identity.MatchDecision"].append(
        (parsed.ref, person.id, decision.outcome, ",".join(matched.by), reasons, house.now)
    )
    return person


def _firm(house: House, candidate: Candidate) -> int | None:
    keys = firm_keys(candidate)
    if not keys:
        return None
    holders = {key: Holder(house.firms[key], has_strongest=key[0] == DOMAIN) for key in keys if key in house.firms}
    found = match([Asked(keys, keys[0][0] == DOMAIN)], holders, weakest=NAME)
    (matched,) = found.matches
    company_id = matched.holder
    if company_id < 0:
        company_id = house.ids.next("people.Company")
        _write_firm(house, candidate, keys, company_id)
    for key in found.claims:
        house.firms[key] = company_id
        house.rows.plain["identity.CompanyKey"].append((*key, company_id))
    return company_id


def _write_firm(house: House, candidate: Candidate, keys: list[Key], company_id: int) -> None:
    ((_, _, one),) = describing.firms([candidate], {0: keys}, {0: company_id})
    _write_company(house, one, company_id)
    house.tell("company.remembered", {}, company_id=company_id, actor=INTAKE)


def _write_company(house: House, one: NewCompany, company_id: int) -> None:
    values = (one.name, one.name_key, one.domain, one.website, one.industry, one.employees, one.country, one.city)
    house.rows.plain["people.Company"].append((company_id, *values, house.now))


def _remember(house: House, candidate: Candidate, company_id: int | None, number: int, matched: Match) -> Person:
    one = describing.person(candidate, company_id, matched.against)
    person = Person(
        id=house.ids.next("people.Person"),
        number=number,
        company_id=company_id,
        given=one.given,
        family=one.family,
        email=one.emails[0].value if one.emails else "",
        phone=one.phones[0].norm if one.phones else "",
        language=one.language,
        zone=one.zone,
        country=one.country,
        firm=candidate.company_name,
    )
    _write_person(house, one, person)
    house.tell("person.remembered", {}, person_id=person.id, company_id=company_id, actor=INTAKE)
    return person


def _write_person(house: House, one: NewPerson, person: Person) -> None:
    plain = house.rows.plain
    found_by = search_text(one.given, one.family, [point.norm for point in (*one.emails, *one.phones)])
    attributes = orjson.dumps(dict(one.attributes)).decode()
    told = (one.given, one.family, one.language, one.zone, one.country, one.city)
    plain["people.Person"].append((person.id, *told, found_by, one.lookalike, attributes, house.now))
    for kind, points in ((EMAIL, one.emails), (PHONE, one.phones)):
        for place, point in enumerate(points):
            plain["people.ContactPoint"].append(
                (person.id, kind, point.value, point.norm, place == 0, point.disposable)
            )
    if has_place(one):
        plain["people.Position"].append((person.id, one.company_id, one.title, one.buying_role, True))


def allow(house: House, parsed: Parsed, person: Person) -> None:
    """Keep what they allowed, in the words they saw, unless they have said just that before."""
    key = (str(Channel.EMAIL), str(Purpose.MARKETING))
    if not parsed.consent or person.said.get(key) == ("given", parsed.consent):
        return
    person.said[key] = ("given", parsed.consent)
    row = ("given", person.id, *key, parsed.consent, f"portal:{parsed.portal.id}", house.now)
    house.rows.plain["people.Consent"].append(row)
    payload = {"channel": key[0], "purpose": key[1]}
    house.tell("consent.given", payload, person_id=person.id, actor=INTAKE)
