"""What crosses the door when two persons that were merged are parted again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from leadloop.kernel.values import dataclass
from leadloop.people.contracts import NewPerson

SURVIVOR, LOSER, BOTH = "survivor", "loser", "both"


@dataclass(frozen=True, slots=True)
class SaidWord:
    """A word of consent that came with an inquiry; `state` is "given" or "withdrawn"."""

    channel: str
    purpose: str
    state: str
    wording: str
    source: str
    at: datetime

    def is_kept_as(self, row: Mapping[str, Any]) -> bool:
        """Whether this is the word that a stored row keeps."""
        return self.as_row() == {name: row[name] for name in self.as_row()}

    def as_row(self) -> dict[str, Any]:
        """Return the word as a row of consent, without its id and its person."""
        names = ("channel", "purpose", "state", "wording", "source", "at")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Told:
    """What an inquiry told since the merge, and whose it is: "survivor" or "loser"."""

    id: int
    who: str
    at: datetime
    person: NewPerson
    words: tuple[SaidWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """A change by hand since the merge; `id` is that of its entry in the field history, `who` "" where it is not known.

    `old` and `new` are texts as the history keeps them, `value` is the new one itself.
    """

    id: int
    field: str
    old: str
    new: str
    value: Any
    at: datetime
    actor: str
    source: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to the one person since two were merged. `via` says whose an old id is."""

    told: tuple[Told, ...] = ()
    edits: tuple[Edit, ...] = ()
    via: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that can't be decided by its source: whose is it? Answered with one of `options`, under `key`.

    `value` is what stands today, `of_survivor` and `of_loser` what each would have otherwise. `proposed` is "" where
    nothing speaks for one more than for the other.
    """

    key: str
    says: str
    options: tuple[str, ...]
    value: str = ""
    at: datetime | None = None
    actor: str = ""
    source: str = ""
    of_survivor: str = ""
    of_loser: str = ""
    proposed: str = ""
