"""What happens to who is who."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("person.merged", "Two records turned out to be one person")
class PersonMerged(Fact):
    """`person_id` is the survivor; history under the old id resolves through the alias."""

    loser_id: int
    journal_id: int


@fact("pair.judged", "Somebody said whether two records are one person")
class PairJudged(Fact):
    """Of `person_id` and `other_id`: `verdict` is never, related, dismissed, or open where that was taken back."""

    other_id: int
    verdict: str


@fact("company.merged", "Two records turned out to be one company")
class CompanyMerged(Fact):
    """`company_id` is the survivor; the old id leads to it."""

    loser_id: int
    journal_id: int


@fact("company.unmerged", "Two that had been merged turned out to be two companies")
class CompanyUnmerged(Fact):
    """`company_id` stays the survivor; from now on the old id stands for itself again."""

    loser_id: int
    journal_id: int


@fact("company_pair.judged", "Somebody said how two companies belong together")
class CompanyPairJudged(Fact):
    """Of `company_id` and `other_id`: `verdict` is never, related or dismissed."""

    other_id: int
    verdict: str


@fact("person.unmerged", "Two that had been merged turned out to be two persons")
class PersonUnmerged(Fact):
    """`person_id` stays the survivor; from now on the old id stands for itself again."""

    loser_id: int
    journal_id: int
