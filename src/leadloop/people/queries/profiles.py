"""Persons as they are compared with one another."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import orjson

from leadloop.ledger.sql import fetch
from leadloop.people.contracts import Place, Profile

_PROFILES = """
select p.id, p.given_name, p.family_name, p.city, p.country, p.lookalike, p.attributes::text,
       array(select c.norm from people_contactpoint c where c.person_id = p.id and c.kind = 'email' order by c.id),
       array(select c.norm from people_contactpoint c where c.person_id = p.id and c.kind = 'phone' order by c.id),
       (select json_agg(json_build_array(o.company_id, coalesce(f.name_key, ''), f.domain, o.title) order by o.id)::text
          from people_position o left join people_company f on f.id = o.company_id where o.person_id = p.id)
  from people_person p
 where p.id = any(%s) and p.merged_into_id is null and p.erased_at is null
"""
# What other systems call it, once capture has made a key of it.
_BIRTH = ("date_of_birth", "birth_date", "birthdate", "birthday", "dob", "geburtsdatum", "date_de_naissance")
_STREET = ("address_1", "address1", "street", "street_address", "address", "strasse", "adresse", "rue", "calle")
_POSTCODE = ("postcode", "postal_code", "post_code", "zip", "zip_code", "zipcode", "plz", "code_postal")
_NOT_DIGITS = re.compile(r"\D")


def profiles(ids: Collection[int]) -> dict[int, Profile]:
    """What is known of these persons; left out is who doesn't exist, was merged into another or erased. One query."""
    return {row[0]: _profile(*row) for row in fetch(_PROFILES, [list(ids)])} if ids else {}


def _profile(
    person_id: int,
    given: str,
    family: str,
    city: str,
    country: str,
    lookalike: bool,  # noqa: FBT001 - a column
    attributes: str,
    emails: list[str],
    phones: list[str],
    places: str | None,
) -> Profile:
    more = orjson.loads(attributes) if len(attributes) > len("{}") else {}
    return Profile(
        id=person_id,
        given=given,
        family=family,
        emails=tuple(emails),
        phones=tuple(phones),
        places=tuple(Place(*place) for place in orjson.loads(places)) if places else (),
        city=city,
        country=country,
        births=tuple(digits for one in _named(more, _BIRTH) if (digits := _NOT_DIGITS.sub("", one))),
        streets=_named(more, _STREET),
        postcodes=_named(more, _POSTCODE),
        lookalike=lookalike,
    )


def _named(attributes: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    found = (str(attributes[name]).strip() for name in names if name in attributes)
    return tuple(dict.fromkeys(one for one in found if one))
