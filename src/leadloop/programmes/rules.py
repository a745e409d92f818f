"""Pure decisions about programmes: which rule fits a hint, what may be booked, how a tree hangs together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache

from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money
from leadloop.programmes.contracts import (
    Allocation,
    Correction,
    CostRow,
    Level,
    Match,
    NewProgramme,
    NewSource,
    Rule,
    Spend,
    TouchHint,
)

Matcher = Callable[[TouchHint], Match]
_Test = Callable[[str], bool]
LONGEST_HINT = 500  # what a visitor sends beyond this is cut off before matching
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_ABOVE = {Level.PROGRAMME: None, Level.CAMPAIGN: Level.PROGRAMME, Level.ACTIVITY: Level.CAMPAIGN}


@lru_cache(maxsize=8)
def matcher(rules: tuple[Rule, ...]) -> Matcher:
    """Return a function that gives the answer of the first fitting rule, in ascending order of `order`.

    For each utm_source only the rules that can fit it are looked at, and of them only the parts that ask something.
    """
    ordered = sorted(rules, key=lambda rule: rule.order)
    literal = {_fold(rule.utm_source) for rule in ordered if "*" not in rule.utm_source}
    nothing = Match()

    @cache
    def rules_for(source: str | None) -> list[tuple[list[tuple[int, _Test]], Match]]:
        chosen = [rule for rule in ordered if "*" in rule.utm_source or _fold(rule.utm_source) == source]
        return [(_tests(rule), Match(rule.source_id, rule.programme_id, rule.order)) for rule in chosen]

    @lru_cache(maxsize=4096)
    def match(hint: TouchHint) -> Match:
        parts = [_fold(part) for part in (hint.utm_source, hint.utm_medium, hint.utm_campaign, hint.referrer)]
        for tests, answer in rules_for(parts[0] if parts[0] in literal else None):
            for place, fits in tests:
                if not fits(parts[place]):
                    break
            else:
                return answer
        return nothing

    return match


def _fold(part: str | None) -> str:
    return (part or "")[:LONGEST_HINT].strip().casefold()


def _tests(rule: Rule) -> list[tuple[int, _Test]]:
    parts = (rule.utm_source, rule.utm_medium, rule.utm_campaign, rule.referrer)
    return [(place, _test(_fold(part))) for place, part in enumerate(parts) if part.strip("* ") or "*" not in part]


def _test(glob: str) -> _Test:
    """The test of one part; the common forms need no pattern."""
    before, *rest = glob.split("*")
    if not rest:
        return glob.__eq__
    if len(rest) == 1 and not rest[0]:
        return lambda text: text.startswith(before)
    if len(rest) == 2 and not before and not rest[1]:
        return lambda text: rest[0] in text
    return _pattern(before, rest)


def _pattern(before: str, rest: Sequence[str]) -> _Test:
    """Pieces around stars: each star but the last takes as little as it needs and never gives it back."""
    *middle, last = (re.escape(piece) for piece in rest)
    through = "".join(f"(?>.*?{piece})" for piece in middle if piece)
    fullmatch = re.compile(f"{re.escape(before)}{through}.*{last}", re.DOTALL).fullmatch
    return lambda text: fullmatch(text) is not None


def check_tree(new: Sequence[NewProgramme], known: Mapping[str, Level]) -> None:
    """Raise Invalid for a wrong key, name or period, a key given twice, or a parent of the wrong level.

    `known` holds the levels of the nodes that stand already, by key.
    """
    levels = dict(known)
    for node in sorted(new, key=lambda one: list(Level).index(one.level)):
        _check_key(node.key)
        if node.key in levels:
            raise Invalid(f"there is a programme {node.key} already", field="key", mend="Choose another key")
        if not node.name.strip():
            raise Invalid("the name is missing", field="name", mend="Give a name")
        if node.ends_on and node.ends_on < node.starts_on:
            raise Invalid("it would end before it starts", field="ends_on", mend="Check the two days")
        _check_parent(node, levels)
        levels[node.key] = node.level


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise Invalid(f"{key!r} can't be a key", field="key", mend="Use lower-case letters, digits, - and _")


def _check_parent(node: NewProgramme, levels: Mapping[str, Level]) -> None:
    above = _ABOVE[node.level]
    if above is None and node.parent_key:
        raise Invalid(
            "a programme stands at the top", field="parent", mend="Make it a campaign, or leave out the parent"
        )
    if above is not None and levels.get(node.parent_key) != above:
        raise Invalid(f"the {node.level} {node.key} needs a {above} above it", field="parent", mend=f"Name a {above}")


def check_sources(sources: Iterable[NewSource]) -> None:
    """Raise Invalid for a key or label of the wrong form."""
    for source in sources:
        _check_key(source.key)
        if not source.label.strip():
            raise Invalid("the label is missing", field="label", mend="Give a label")


def check_rules(rules: Iterable[Rule]) -> None:
    """Raise Invalid for a place given twice, or a rule that names neither source nor programme."""
    places = set()
    for rule in rules:
        if rule.order in places:
            raise Invalid(f"two rules stand at place {rule.order}", field="order", mend="Number them anew")
        if rule.source_id is None and rule.programme_id is None:
            raise Invalid(f"rule {rule.order} says nothing", field="rule", mend="Name a source, a programme or both")
        places.add(rule.order)


def check_spend(spends: Iterable[Spend]) -> None:
    """Raise Invalid for an amount that is not above nought, or a cost both shared and of one programme."""
    for spend in spends:
        if Money(spend.minor, spend.currency).minor <= 0:
            raise Invalid("a cost must be above nought", field="amount", mend="Book a correction to take money off")
        if spend.programme_id is None and spend.allocation == Allocation.NONE:
            raise Invalid("a shared cost needs a rule", field="allocation", mend="Say how it is spread")
        if spend.programme_id is not None and spend.allocation != Allocation.NONE:
            raise Invalid("a cost of one programme is not spread", field="allocation", mend="Leave out one of the two")


def taken_off(
    corrections: Sequence[Correction], booked: Mapping[int, CostRow], left: Mapping[int, int]
) -> list[tuple[CostRow, int, int]]:
    """Return (corrected line, minor units to take off, what is left after that) for each correction, in order.

    `left` is what remains of each line so far. Raises Invalid for an unknown line, a line that is itself a
    correction, and for taking off nothing or more than is left.
    """
    remaining = dict(left)
    steps = []
    for correction in corrections:
        line = booked.get(correction.cost_id)
        if line is None or line.corrects_id is not None:
            raise Invalid(f"{correction.cost_id} is no booked cost", field="cost", mend="Name the line to correct")
        off = remaining[line.id] if correction.minor is None else correction.minor
        if not 0 < off <= remaining[line.id]:
            raise Invalid(
                f"{remaining[line.id]} minor units of {line.currency} are left of that cost",
                field="amount",
                mend="Take off no more than that",
            )
        remaining[line.id] -= off
        steps.append((line, off, remaining[line.id]))
    return steps
