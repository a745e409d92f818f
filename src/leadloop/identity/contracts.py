"""What crosses the door of `identity`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from leadloop.kernel.values import dataclass
from leadloop.people.apart import Question
from leadloop.people.contracts import ConsentWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody as an inquiry names them; `ref` comes back in the answer.

    `email` and `phone` are normal forms or None; `email_given` and `phone_given` what was typed. `domain` is the
    firm's where the portal knows it, else it is taken from website or e-mail address. `external` are pairs of
    another system's name and its id for this person.
    """

    ref: int
    given: str = ""
    family: str = ""
    email: str | None = None
    email_given: str = ""
    phone: str | None = None
    phone_given: str = ""
    company_name: str = ""
    domain: str | None = None
    website: str = ""
    industry: str = ""
    employees: int | None = None
    country: str = ""
    city: str = ""
    title: str = ""
    buying_role: str = "unknown"
    external: tuple[tuple[str, str], ...] = ()
    language: str = ""
    zone: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    lookalike: bool = False
    disposable: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who a candidate is. `is_new` is True for the first of a person; `keys` are the kinds of key that decided."""

    ref: int
    person_id: int
    company_id: int | None
    is_new: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge in a person's history."""

    id: int
    survivor_id: int
    loser_id: int
    reasons: list[dict[str, Any]]
    actor: str
    at: datetime
    undone_at: datetime | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """Why an inquiry was taken for a person: `outcome` is "new" or "known", `keys` the kinds that decided."""

    inquiry_id: int
    person_id: int
    outcome: str
    keys: tuple[str, ...]
    reasons: list[dict[str, Any]]
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """Everything that was decided about who a person is; the newest first."""

    survivor_id: int
    known_as: tuple[int, ...]
    decisions: list[DecisionRow]
    merges: list[MergeRow]
    never_with: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HeldMerge:
    """A merge that may be taken back, its persons locked; `moved` is its journal."""

    journal_id: int
    survivor_id: int
    loser_id: int
    moved: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """An inquiry since a merge, read again: who they said they are, and what they allowed and refused.

    `candidate` None where it can't be read any more; `at` is when it came in.
    """

    inquiry_id: int
    at: datetime
    candidate: Candidate | None
    given: tuple[ConsentWord, ...] = ()
    withdrawn: tuple[ConsentWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmerged:
    """What taking a merge back did, or would do: open `questions`, and the person by inquiry since.

    `passed_over` are leads that stay as the merge closed them, since too much has changed.
    """

    survivor_id: int
    loser_id: int
    questions: tuple[Question, ...]
    inquiries: Mapping[int, int] = field(default_factory=dict)
    passed_over: tuple[int, ...] = ()
