"""Persons as others see them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from leadloop.ledger.sql import fetch
from leadloop.people.contracts import ConsentRow, ContactPointRow, PersonRow, PositionRow
from leadloop.people.rules.filling import UNKNOWN_ROLE
from leadloop.people.rules.names import ERASED, display_name

ROLE_ORDER = ("decision_maker", "influencer", "user", "gatekeeper", "unknown")  # in a buying group
_ADDRESS = """
(select c.value from people_contactpoint c where c.person_id = p.id and c.kind = '{kind}'
  order by c.bad_since is not null, c.is_primary desc, c.id limit 1)
"""
PERSON = f"""
select asked.id, p.id, p.given_name, p.family_name, {_ADDRESS.format(kind="email")}, {_ADDRESS.format(kind="phone")},
       o.title, o.company_id, f.name, p.country, p.city, p.zone, p.language, o.buying_role, p.attributes,
       p.lookalike, p.erased_at is not null,
       array(select m.id from people_person m where m.merged_into_id = p.id order by m.id),
       array(select distinct c.channel
               from (select distinct on (channel, purpose) channel, state from people_consent
                      where person_id = p.id order by channel, purpose, at desc, id desc) c
              where c.state = 'given' order by c.channel)
  from people_person asked
  join people_person p on p.id = coalesce(asked.merged_into_id, asked.id)
  left join people_position o on o.person_id = p.id and o.is_primary
  left join people_company f on f.id = o.company_id
"""
_POINTS = """
select c.id, c.person_id, c.kind, c.value, c.norm, c.is_primary, c.disposable, c.bad_since, c.bad_why
  from people_contactpoint c where c.person_id = any(%s)
 order by c.person_id, c.kind, c.is_primary desc, c.id
"""
_POSITIONS = """
select o.person_id, o.company_id, coalesce(f.name, ''), o.title, o.buying_role, o.is_primary
  from people_position o left join people_company f on f.id = o.company_id
 where o.person_id = any(%s) order by o.person_id, o.is_primary desc, o.id
"""
_ROLES = """
select asked.id, coalesce(o.buying_role, %s)
  from people_person asked
  left join people_position o on o.person_id = coalesce(asked.merged_into_id, asked.id) and o.is_primary
 where asked.id = any(%s)
"""
_MEMBERS = f"""
select o.person_id, o.company_id, '', o.title, o.buying_role, o.is_primary
  from people_position o join people_person p on p.id = o.person_id
 where o.company_id = %s and p.merged_into_id is null and p.erased_at is null
   and (%s::bigint[] is null or o.person_id = any(%s))
 order by array_position(array{list(ROLE_ORDER)}, o.buying_role), o.person_id limit %s
"""
_CONSENTS = """
select distinct on (person_id, channel, purpose) person_id, channel, purpose, state, wording, source, at
  from people_consent where person_id = any(%s)
 order by person_id, channel, purpose, at desc, id desc
"""


def people(ids: Collection[int]) -> dict[int, PersonRow]:
    """Persons by the id asked for; one that was merged shows the survivor. Unknown ids are left out. One query."""
    if not ids:
        return {}
    return {row[0]: person_row(*row[1:]) for row in fetch(f"{PERSON} where asked.id = any(%s)", [list(ids)])}


def person_row(*values: Any) -> PersonRow:
    """From a row of the query above, without the id asked for."""
    (
        person_id,
        given,
        family,
        email,
        phone,
        title,
        company_id,
        company,
        *place,
        role,
        attributes,
        lookalike,
        erased,
        merged,
        consented,
    ) = values
    country, city, zone, language = place
    return PersonRow(
        id=person_id,
        given=given,
        family=family,
        name=ERASED if erased else display_name(given, family, email or ""),
        email=email or "",
        phone=phone or "",
        title=title or "",
        company_id=company_id,
        company_name=company or "",
        country=country,
        city=city,
        zone=zone,
        language=language,
        buying_role=role or UNKNOWN_ROLE,
        attributes=attributes,
        lookalike=lookalike,
        erased=erased,
        known_as=(person_id, *merged),
        consented=tuple(consented),
    )


def old_ids(ids: Collection[int]) -> dict[int, int]:
    """For every old id of these persons the person it stands for now. One query."""
    found = fetch("select id, merged_into_id from people_person where merged_into_id = any(%s)", [list(ids)])
    return dict(found) if ids else {}


def own_names(ids: Collection[int]) -> dict[int, str]:
    """What each record says itself, also one that was merged: its own name. One query."""
    found = fetch("select id, given_name, family_name from people_person where id = any(%s)", [list(ids)])
    return {i: display_name(given, family, "") for i, given, family in found}


def family_names(ids: Collection[int]) -> dict[int, str]:
    """Family names by id, "" where it isn't known. One query."""
    return dict(fetch("select id, family_name from people_person where id = any(%s)", [list(ids)])) if ids else {}


def contact_points(person_ids: Collection[int]) -> dict[int, list[ContactPointRow]]:
    """Every address by person, by kind, the primary one first. One query."""
    found: dict[int, list[ContactPointRow]] = {person_id: [] for person_id in person_ids}
    for row in fetch(_POINTS, [list(found)]):
        found[row[1]].append(ContactPointRow(*row))
    return found


def positions(person_ids: Collection[int]) -> dict[int, list[PositionRow]]:
    """Every position by person, the primary one first. One query."""
    found: dict[int, list[PositionRow]] = {person_id: [] for person_id in person_ids}
    for row in fetch(_POSITIONS, [list(found)]):
        found[row[0]].append(PositionRow(*row))
    return found


def buying_roles(person_ids: Collection[int]) -> dict[int, str]:
    """The role in the purchase by person id, that of the main position; "unknown" where nobody has said. One query.

    An id that was merged shows the survivor's; unknown ids are left out.
    """
    return dict(fetch(_ROLES, [UNKNOWN_ROLE, list(person_ids)])) if person_ids else {}


def people_at(company_ids: Collection[int]) -> dict[int, int]:
    """How many people have a place at each firm; firms without any are left out. One query."""
    found = fetch(
        """
        select o.company_id, count(*) from people_position o join people_person p on p.id = o.person_id
         where o.company_id = any(%s) and p.merged_into_id is null and p.erased_at is null group by 1
        """,
        [list(company_ids)],
    )
    return dict(found)


def members(company_id: int, *, among: Collection[int] | None = None, limit: int | None = 200) -> list[PositionRow]:
    """Who works at a firm, or those of `among` who do: who decides first, then by how long they are known. One query.

    Merged and erased persons are left out; the firm's name stays empty.
    """
    only = None if among is None else list(among)
    return [PositionRow(*row) for row in fetch(_MEMBERS, [company_id, only, only, limit])]


def consents(person_ids: Collection[int]) -> dict[int, list[ConsentRow]]:
    """The ruling word per channel and purpose, by person. One query."""
    found: dict[int, list[ConsentRow]] = {person_id: [] for person_id in person_ids}
    for row in fetch(_CONSENTS, [list(found)]):
        found[row[0]].append(ConsentRow(*row))
    return found
