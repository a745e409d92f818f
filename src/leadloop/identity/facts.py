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


@fact("person.unmerged", "Two that had been merged turned out to be two persons")
class PersonUnmerged(Fact):
    """`person_id` stays the survivor; from now on the old id stands for itself again."""

    loser_id: int
    journal_id: int
