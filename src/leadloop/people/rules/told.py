"""Date of birth, street, post code: what has no column of its own and stands among a person's attributes.

They are kept under the sender's names, which are recognised here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from leadloop.people.rules.names import folded

_SAID = {
    "birth": """
        date of birth | birth date | birthdate | birthday | dob | geburtsdatum | geburtstag | geb datum | geboren am
        | date de naissance | fecha de nacimiento
    """,
    "street": """
        street | street name | street address | address | address 1 | address line 1 | address line | street 1 |
        mailing street | billing street | mailing address | strasse | straße | anschrift | adresse | rue | calle |
        direccion | domicilio
    """,
    "house": "street number | house number | house no | street no | hausnummer | hausnr | haus nr | numero de casa",
    "postcode": """
        postcode | post code | postal code | zip | zip code | zipcode | plz | postleitzahl | code postal |
        codigo postal | mailing postal code | billing postal code | mailing zip | billing zip
    """,
    "city": "suburb | locality | ortsteil | municipality",
}
_NOT_LETTERS = re.compile(r"[\W_]+")


def told(attributes: Mapping[str, Any]) -> dict[str, list[str]]:
    """What attributes tell of birth, street, house, postcode and city: each text once, in their order."""
    found: dict[str, list[str]] = {}
    for heading, value in attributes.items():
        field = _field_of(heading)
        text = str(value).strip() if field and value else ""
        if field and text and text not in found.setdefault(field, []):
            found[field].append(text)
    return {field: texts for field, texts in found.items() if texts}


def _squashed(heading: str) -> str:
    return _NOT_LETTERS.sub("", folded(heading))


_FIELD_OF = {_squashed(word): field for field, words in _SAID.items() for word in words.split("|")}


@lru_cache(maxsize=4096)
def _field_of(heading: str) -> str | None:
    return _FIELD_OF.get(_squashed(heading))
