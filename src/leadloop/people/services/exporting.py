"""Everything that is held about a person, for them to see."""

from __future__ import annotations

from typing import Any

from leadloop.kernel.errors import NotFound
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import Held
from leadloop.people.services.erasing import all_ids
from leadloop.people.stores import stores

_PARTS = {
    "names": "select * from people_person where id = any(%s)",
    "addresses": "select * from people_contactpoint where person_id = any(%s)",
    "positions": """
        select o.*, c.name as company from people_position o left join people_company c on c.id = o.company_id
         where o.person_id = any(%s)""",
    "consents": "select * from people_consent where person_id = any(%s)",
    "confirmations": "select * from people_confirmation where person_id = any(%s)",
    "external_ids": "select * from people_externalid where person_id = any(%s)",
    "field_history": "select * from people_fieldhistory where subject = 'person' and subject_id = any(%s)",
}
_SAYS = {
    "names": "records with their name, place and language",
    "addresses": "e-mail addresses and numbers",
    "positions": "places of work",
    "consents": "words of consent; they stay as proof, without a name",
    "confirmations": "consents they were asked by mail to confirm",
    "external_ids": "ids by which other systems know them",
    "field_history": "changes of these",
}


def held(person_id: int) -> list[Held]:
    """What is held about a person, under all their ids, counted: what has no rows is left out.

    Raises NotFound for an unknown person.
    """
    found = export(person_id)
    words = _SAYS | {store.name: store.says for store in stores()}
    counted = [Held(name, words[name], len(rows)) for name, rows in found.items() if name in words]
    return [one for one in counted if one.count]


def export(person_id: int) -> dict[str, Any]:
    """Return all that is held about a person, under all their ids, as JSON-ready values by store.

    Raises NotFound for an unknown person.
    """
    ids = all_ids(person_id)
    if not ids:
        raise NotFound("There is no such person.")
    own = {
        name: [row for (row,) in fetch(f"select to_jsonb(t) from ({query} order by id) as t", [ids])]
        for name, query in _PARTS.items()
    }
    others = {store.name: store.export(ids) for store in stores() if store.export}
    return {"person_id": person_id, "known_as": ids, **own, **others}
