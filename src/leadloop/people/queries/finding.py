"""Finding persons and firms by a few letters."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from leadloop.kernel.text import email, phone
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import CompanyRow, PersonRow
from leadloop.people.queries.companies import COMPANY, company_row
from leadloop.people.queries.persons import PERSON, person_row
from leadloop.people.rules.names import folded

_MOST_WORDS = 5
_TRIGRAM = 3
_NAMESAKES = """
select n.name, p.id from unnest(%s::text[], %s::text[]) as n (name, pattern)
 cross join lateral (
       select p.id from people_person p
        where p.search like n.pattern || '%%' and (p.search || ' ') like n.pattern || ' %%'
          and p.merged_into_id is null and p.erased_at is null
        order by p.id desc limit %s) p
"""


def search(text: str, limit: int = 20) -> list[PersonRow]:
    """Persons whose name or address has every word of `text`, whatever its case and accents; the newest first.

    A word of less than three letters must begin the name. Merged and erased persons are never found. One query.
    """
    words = [_pattern(word) for word in folded(text).split()[:_MOST_WORDS]]
    if not words:
        return []
    every = " and ".join(["p.search like %s"] * len(words))
    found = fetch(
        f"""
        {PERSON}
         where asked.merged_into_id is null and asked.id in (
               select p.id from people_person p
                where {every} and p.merged_into_id is null and p.erased_at is null
                order by p.id desc limit %s)
         order by asked.id desc
        """,
        [*words, limit],
    )
    return [person_row(*row[1:]) for row in found]


def namesakes(names: Collection[str], limit: int = 3) -> dict[str, list[int]]:
    """Who is called by these names, given and family name as one, whatever case and accents; the newest first.

    Merged and erased persons are left out, and so are names without any namesake. One query.
    """
    asked = {folded(name).strip(): name for name in names}
    asked.pop("", None)
    found: dict[str, list[int]] = {}
    if asked:
        for name, person_id in fetch(_NAMESAKES, [list(asked), [_escaped(name) for name in asked], limit]):
            found.setdefault(asked[name], []).append(person_id)
    return found


def with_address(address: str, country: str | None = None) -> list[int]:
    """Ids of whoever has this e-mail address or number today; merged ones as the survivor. One query.

    `country` tells how to read a number without country code. Empty for what is neither.
    """
    norms = [norm for norm in (email(address), phone(address, country)) if norm]
    if not norms:
        return []
    found = fetch(
        """
        select distinct coalesce(p.merged_into_id, p.id)
          from people_contactpoint c join people_person p on p.id = c.person_id
         where c.norm = any(%s::text[]) and p.erased_at is null order by 1
        """,
        [norms],
    )
    return [person_id for (person_id,) in found]


def holders(norms: Collection[str]) -> dict[str, list[int]]:
    """Ids of whoever has each of these addresses or numbers, in normal form; merged ones as the survivor. One query."""
    found: dict[str, list[int]] = {}
    if norms:
        rows = fetch(
            """
            select distinct c.norm, coalesce(p.merged_into_id, p.id)
              from people_contactpoint c join people_person p on p.id = c.person_id
             where c.norm = any(%s::text[]) and p.erased_at is null order by 1, 2
            """,
            [sorted(norms)],
        )
        for norm, person_id in rows:
            found.setdefault(norm, []).append(person_id)
    return found


def by_external(system: str, numbers: Sequence[str]) -> dict[str, int]:
    """Whom another system means by these numbers, those who were merged as their survivors. One query."""
    found = fetch(
        """
        select e.external_id, coalesce(p.merged_into_id, p.id)
          from people_externalid e join people_person p on p.id = e.person_id
         where e.system = %s and e.kind = 'person' and e.external_id = any(%s)
        """,
        [system, list(numbers)],
    )
    return dict(found)


def search_companies(text: str, limit: int = 20) -> list[CompanyRow]:
    """Firms whose name has every word of `text`, whatever its case; the newest first. One query."""
    words = patterns(text)
    if not words:
        return []
    every = " and ".join(["name ilike %s"] * len(words))
    found = fetch(f"{COMPANY} where {every} and merged_into_id is null order by id desc limit %s", [*words, limit])
    return [company_row(*row) for row in found]


def patterns(text: str) -> list[str]:
    """The words of `text` as patterns for ILIKE, all of which a firm's name must match."""
    return [_pattern(word) for word in text.split()[:_MOST_WORDS]]


def _pattern(word: str) -> str:
    """A LIKE pattern the trigram index can serve: short words only at the beginning of the text."""
    literal = _escaped(word)
    return f"%{literal}%" if len(word) >= _TRIGRAM else f"{literal}%"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
