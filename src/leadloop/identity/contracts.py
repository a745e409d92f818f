"""What crosses the door of `identity`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from leadloop.kernel.decision import Reason
from leadloop.kernel.values import dataclass
from leadloop.people.apart import Question
from leadloop.people.contracts import CompanyRow, ConsentWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody as an inquiry names them; `ref` comes back in the answer.

    `email` and `phone` are normal forms or None; `email_given` and `phone_given` what was typed. `domain` is the
    firm's where the portal knows it, else it is taken from website or e-mail address. `external` are pairs of
    another system's name and its id for this person. `overwrite`: what is said here counts more than what is known.
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
    overwrite: bool = False


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


class FoundBy(StrEnum):
    """What found two persons alike: matching of who has just become known, or the pass over the whole base."""

    ON_LINE = "on_line"
    BATCH = "batch"


class Verdict(StrEnum):
    """How a suggestion stands: waiting for somebody, or what was decided of the two."""

    OPEN = "open"
    MERGED = "merged"
    NEVER = "never"  # they can't be merged from now on
    RELATED = "related"  # not the same, but they belong together: a family, a shared mailbox
    DISMISSED = "dismissed"  # nothing was said of them; they leave the queue


class Alike(StrEnum):
    """What is to become of somebody new who looks like a known person."""

    JOIN = "join"  # one with them unseen where that is all but certain, else as below
    SUGGEST = "suggest"  # somebody is asked
    NEW = "new"  # somebody new


@dataclass(frozen=True, slots=True)
class Suggested:
    """Two persons who may be one; `person_a` is the lower id.

    `weight` is the base-2 logarithm of the odds that they are one human, all told: 0 means as likely as not, 7 that
    128 of 129 such pairs are. A reason's `code` is the field that was compared, its `text` says in plain words how it
    compares, without the values, and its `weight` is what it added.
    """

    person_a: int
    person_b: int
    weight: float
    reasons: tuple[Reason, ...] = ()
    found_by: FoundBy = FoundBy.ON_LINE


@dataclass(frozen=True, slots=True)
class Likened:
    """What came of comparing new persons: survivors by the ids that were joined, and suggestions written."""

    joined: Mapping[int, int]
    suggested: int


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion as it stands; `reasons` as `Reason.as_json` gives them."""

    id: int
    person_a: int
    person_b: int
    weight: float
    reasons: list[dict[str, Any]]
    found_by: FoundBy
    state: Verdict
    found_at: datetime
    decided_by: str
    decided_at: datetime | None


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


@dataclass(frozen=True, slots=True)
class AlikeCompany:
    """A company that may be the one asked about, with the weight of it and what speaks for and against."""

    row: CompanyRow
    weight: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class HeardOfFirm:
    """An inquiry since two companies were merged, read again; `candidate` None where it can't be read any more."""

    inquiry_id: int
    at: datetime
    person_id: int
    candidate: Candidate | None


@dataclass(frozen=True, slots=True)
class UnmergedCompany:
    """What parting two companies did, or would do: open `questions`, and the company by inquiry since."""

    survivor_id: int
    loser_id: int
    questions: tuple[Question, ...]
    inquiries: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A pass over the whole base for duplicates that went through; `compared` candidates gave so many `pairs`."""

    began_at: datetime
    ended_at: datetime
    people: int
    fresh: int
    compared: int
    pairs: int
    merged: int
