"""Persons as they are compared with one another."""

from __future__ import annotations

import re
from collections.abc import Collection

import orjson

from leadloop.ledger.sql import fetch
from leadloop.people.contracts import Place, Profile
from leadloop.people.rules.told import told

_PROFILES = """
select p.id, p.given_name, p.family_name, p.city, p.country, p.lookalike, p.attributes::text,
       array(select c.norm from people_contactpoint c where c.person_id = p.id and c.kind = 'email' order by c.id),
       array(select c.norm from people_contactpoint c where c.person_id = p.id and c.kind = 'phone' order by c.id),
       (select json_agg(json_build_array(o.company_id, coalesce(f.name_key, ''), f.domain, o.title) order by o.id)::text
          from people_position o left join people_company f on f.id = o.company_id where o.person_id = p.id)
  from people_person p
 where p.id = any(%s) and p.merged_into_id is null and p.erased_at is null
"""
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
    more = told(orjson.loads(attributes)) if len(attributes) > len("{}") else {}
    return Profile(
        id=person_id,
        given=given,
        family=family,
        emails=tuple(emails),
        phones=tuple(phones),
        places=tuple(Place(*place) for place in orjson.loads(places)) if places else (),
        city=city,
        country=country,
        births=tuple(digits for one in more.get("birth", ()) if (digits := _NOT_DIGITS.sub("", one))),
        streets=tuple(more.get("street", ())),
        postcodes=tuple(more.get("postcode", ())),
        lookalike=lookalike,
    )
