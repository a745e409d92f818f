"""What reading a pasted text gives, and how it is seen to that nothing of it is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from leadloop.capture.parse.clean import line
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.profiles import ADDRESS, profile
from leadloop.kernel.text import email
from leadloop.kernel.values import dataclass

MAIL = re.compile(r"[^\s<>,;:|\"()\[\]]+@[^\s<>,;:|\"()\[\]]+\.[^\s<>,;:|\"()\[\]]+")
# What a row of a paste may fill; the rest of an import's fields is said elsewhere on the page, or not at all.
TAKEN = (
    Field.GIVEN_NAME, Field.FAMILY_NAME, Field.FULL_NAME, Field.TITLE, Field.COMPANY, Field.EMAIL, Field.PHONE,
    Field.MOBILE, Field.SOCIAL, Field.WEBSITE, Field.INDUSTRY, Field.EMPLOYEES, Field.CITY, Field.COUNTRY,
    Field.BUYING_ROLE,
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
# Words that only say what the next one is.
_SAYING_LITTLE = """
    t m p f e w tel telephone telefon fon phone mobile mob mobil handy cell direct office mail email e web website
    internet url http https www mailto at bei chez
"""
_LABELS = frozenset(_SAYING_LITTLE.split())


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody in a pasted text: texts by field, and the lines they were read from.

    `guess` is a name that only the address of a profile suggests; `rest` what no field took, line by line.
    """

    said: Mapping[Field, str]
    source: tuple[str, ...]
    guess: str = ""
    rest: str = ""


def found(said: Mapping[Field, str], source: Sequence[str], needs: Sequence[str] | None = None) -> Found:
    """Put a row together. `needs` are the texts that must not be lost; by default the lines themselves."""
    clean = {field: text for field, given in said.items() if field in TAKEN and (text := line(given))}
    named = not clean.keys().isdisjoint({Field.FULL_NAME, Field.GIVEN_NAME, Field.FAMILY_NAME})
    seen = profile(clean[Field.SOCIAL]) if Field.SOCIAL in clean else None
    if seen and seen.is_firm:
        del clean[Field.SOCIAL]  # nobody's profile
    guess = seen.name if seen and not named else ""
    rest = _rest(clean.values(), source if needs is None else needs)
    return Found(clean, tuple(source), guess, rest if rest or clean else "\n".join(source))


def _rest(taken: Iterable[str], needs: Iterable[str]) -> str:
    known = {word for text in taken for word in words(text)} | _LABELS
    return "\n".join(text.strip() for text in needs if not words(_told(text)) <= known)


def words(text: str) -> set[str]:
    """The words and numbers of a text, in small letters."""
    return set(_WORD.findall(text.casefold()))


def _told(text: str) -> str:
    """A line without what follows a profile's address for the network's own ends."""
    return ADDRESS.sub(lambda one: one[0].partition("?")[0], text)


def mail_in(text: str) -> str:
    """The first e-mail address in a text; "" for none."""
    return next((one for one in mails_in(text)), "")


def mails_in(text: str) -> list[str]:
    """Every e-mail address in a text, as it stands there."""
    bare = (one[0].removeprefix("mailto:").rstrip(".") for one in MAIL.finditer(text))
    return [one for one in bare if email(one)]


def profile_in(text: str) -> str:
    """The first address of a profile in a text, without what follows for the network's own ends."""
    one = ADDRESS.search(text)
    return one[0].partition("?")[0].rstrip("/.)") if one else ""
