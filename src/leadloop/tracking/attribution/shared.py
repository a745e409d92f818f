"""Spreading costs that no single programme caused, by the rule that stands on each, to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadloop.kernel.money import allocate

BY_INQUIRIES, BY_SPEND, EVENLY = "by_inquiries", "by_spend", "evenly"


def spread(
    shared: Mapping[str, int], *, spent: Mapping[int, int], inquiries: Mapping[int, int]
) -> tuple[dict[int, int], int]:
    """Minor units of shared cost for each programme, and what is left because there is nothing to spread it by.

    `shared` is the shared cost by rule: `by_inquiries` in proportion to the programmes' inquiries, `by_spend` to what
    was spent on each itself, `evenly` over all that had spend or inquiries. Largest remainder; parts and rest add up
    to the whole exactly. A programme whose spend is nought or less after corrections gets nothing by spend.
    """
    programmes = sorted({*spent, *inquiries})
    found = dict.fromkeys(programmes, 0)
    rest = 0
    for rule, minor in sorted(shared.items()):
        weights = _weights(rule, programmes, spent, inquiries)
        if not any(weights):
            rest += minor
            continue
        for programme, part in zip(programmes, allocate(minor, weights), strict=True):
            found[programme] += part
    return found, rest


def _weights(rule: str, programmes: Sequence[int], spent: Mapping[int, int], inquiries: Mapping[int, int]) -> list[int]:
    if rule == BY_INQUIRIES:
        return [inquiries.get(one, 0) for one in programmes]
    if rule == BY_SPEND:
        return [max(spent.get(one, 0), 0) for one in programmes]
    return [1 for _ in programmes]
