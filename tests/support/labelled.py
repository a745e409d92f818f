"""Open sets of records of which it is known who is whom, as an import would leave them; for judging.

The numbers of social security in two of them are left out: nobody tells those to a salesperson.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from leadloop.kernel.text import email
from leadloop.people.contracts import Comparable

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
FEBRL = {f"febrl{number}": DATA / "rl_febrl" / f"dataset{number}.csv" for number in (1, 2, 3)}
FAKE = DATA / "rl_splink" / "fake_1000.csv"
SETS = (*FEBRL, "fake_1000")
Pair = tuple[int, int]  # the lower id first


def there() -> bool:
    """Whether the sets are beside this checkout."""
    return FAKE.exists() and all(path.exists() for path in FEBRL.values())


def labelled(name: str) -> tuple[list[Comparable], set[Pair]]:
    """The records of a set, numbered from 1, and the pairs of them that are one person."""
    people, truth = [], {}
    rows = _rows(FAKE if name == "fake_1000" else FEBRL[name])
    for number, row in enumerate(rows, start=1):
        if name == "fake_1000":
            truth[number] = row.pop("cluster")
            people.append(_person(number, row, "first_name", "surname"))
        else:
            truth[number] = row["rec_id"].split("-")[1]
            del row["soc_sec_id"]
            people.append(_person(number, row, "given_name", "surname"))
    return people, pairs(truth)


def pairs(group_of: Mapping[int, object]) -> set[Pair]:
    """Every two of a group."""
    groups: dict[object, list[int]] = {}
    for one, group in sorted(group_of.items()):
        groups.setdefault(group, []).append(one)
    return {pair for members in groups.values() for pair in combinations(members, 2)}


def connected(found: Iterable[Pair], people: Sequence[Comparable]) -> set[Pair]:
    """Every two whom a chain of pairs connects."""
    group = {one.id: one.id for one in people}

    def root(one: int) -> int:
        while group[one] != one:
            group[one] = group[group[one]]
            one = group[one]
        return one

    for one, other in found:
        group[root(one)] = root(other)
    return pairs({one: root(one) for one in group})


def judged(found: set[Pair], true: set[Pair]) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs."""
    right = len(found & true)
    precision, recall = right / max(1, len(found)), right / max(1, len(true))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return [
            {heading: value.strip() for heading, value in row.items()}
            for row in csv.DictReader(file, skipinitialspace=True)
        ]


def _person(number: int, row: Mapping[str, str], given: str, family: str) -> Comparable:
    more = {heading: value for heading, value in row.items() if value}
    return Comparable(
        id=number,
        fresh=True,
        lookalike=False,
        given=more.pop(given, ""),
        family=more.pop(family, ""),
        email=email(more.pop("email", "")) or "",
        phone="",
        firm_key="",
        domain="",
        city=more.pop("city", ""),
        attributes=more,
    )
