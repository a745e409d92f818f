"""Random zoos and random conditions about them, drawn from few values so that they often meet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from leadloop.criteria.contracts import OPERATORS
from leadloop.criteria.tests.zoo import COLOURS

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORDS = [
    "a",
    "A",
    "ab",
    "AB",
    "a%b",
    "a_b",
    "a\\b",
    "b",
    "é",
    "É",
    "İ",
    "i",
    "ß",
    "Σ",
    "ς",
    "σ",
    "Ж",
    "ж",
    "ǅ",
    "ǆ",
    "'",
]
NUMBERS = [-1, 0, 1, 2, 2.5, 0.1, 1e-7, 10**15, -(10**15)]
DAYS = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3), date(2024, 2, 29)]
MOMENTS = [NOW + timedelta(seconds=s) for s in (-86_400 * 2, -86_400, -1, 0, 1, 86_400, 86_400 * 2)]
MOMENTS += [datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)]

words = st.sampled_from(WORDS)
numbers = st.sampled_from(NUMBERS) | st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
whole = st.sampled_from([-1, 0, 1, 2, 10**15])
days = st.sampled_from(DAYS)
moments = st.sampled_from(MOMENTS)
colours = st.sampled_from([*COLOURS, "blue"])
iso_days = days.map(date.isoformat)
iso_moments = moments.map(datetime.isoformat)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


own_values = st.fixed_dictionaries(
    {},
    optional={
        "nick": words,
        "teeth": numbers,
        "tame": st.booleans(),
        "weighed": iso_days,
        "diet": st.sampled_from(["meat", "hay"]),
    },
)
animals = st.fixed_dictionaries(
    {
        "enclosure_id": st.sampled_from([None, 1, 2]),
        "name": maybe(words | st.just("")),
        "weight": maybe(numbers),
        "legs": maybe(st.sampled_from([-1, 0, 1, 2])),
        "worth": maybe(whole),
        "is_wild": maybe(st.booleans()),
        "born": maybe(days),
        "fed_at": maybe(moments),
        "colour": maybe(colours | st.just("")),
        "tricks": maybe(st.lists(words, max_size=3)),
        "keeper_id": maybe(whole),
        "attributes": own_values,
    }
)
sightings = st.fixed_dictionaries({"channel": maybe(st.sampled_from(["eye", "camera"])), "seen_at": maybe(moments)})
enclosures = st.fixed_dictionaries(
    {
        "country": maybe(words | st.just("")),
        "area": maybe(numbers),
        "attributes": st.fixed_dictionaries({}, optional={"roof": words}),
    }
)

FACETS = {
    "animal.name": ("text", words),
    "animal.weight": ("number", numbers),
    "animal.legs": ("number", numbers),
    "animal.worth": ("money", whole),
    "animal.is_wild": ("boolean", st.booleans()),
    "animal.born": ("date", iso_days),
    "animal.fed_at": ("datetime", iso_moments | iso_days),
    "animal.colour": ("choice", colours),
    "animal.tricks": ("list", words),
    "animal.keeper_id": ("id", whole),
    "animal.custom.nick": ("text", words),
    "animal.custom.teeth": ("number", numbers),
    "animal.custom.tame": ("boolean", st.booleans()),
    "animal.custom.weighed": ("date", iso_days),
    "animal.custom.diet": ("text", words | st.just("Meat")),
    "enclosure.country": ("text", words),
    "enclosure.area": ("number", numbers),
    "enclosure.custom.roof": ("text", words),
    "sighting.channel": ("choice", st.sampled_from(["eye", "camera"])),
    "sighting.seen_at": ("datetime", iso_moments),
    "visit.guests": ("number", whole),
}


@st.composite
def leaves(draw: Any) -> dict[str, Any]:
    key = draw(st.sampled_from(sorted(FACETS)))
    type_, values = FACETS[key]
    op = draw(st.sampled_from(OPERATORS[type_]))
    if op in ("is_set", "is_empty"):
        return {"facet": key, "op": op}
    if op in ("in", "not_in", "has_any"):
        return {"facet": key, "op": op, "value": draw(st.lists(values, min_size=1, max_size=3))}
    if op == "between":
        return {"facet": key, "op": op, "value": sorted([draw(values), draw(values)])}
    if op.endswith("_days"):
        return {"facet": key, "op": op, "value": draw(st.integers(0, 3))}
    return {"facet": key, "op": op, "value": draw(values)}


conditions = st.recursive(
    leaves(),
    lambda inner: st.builds(
        lambda how, members: {how: members},
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)

# Anything at all that JSON can say, with the words of conditions among it.
_keys = st.sampled_from(["facet", "op", "value", "all", "any", "none", "x"]) | st.text(max_size=5)
_atoms = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(sorted(FACETS))
    | st.sampled_from([*OPERATORS["any"], "'; drop table zoo_animal; --", "animal.name) or (1=1", "%s", "%(x)s"])
    | iso_days
    | iso_moments
)
anything = st.recursive(
    _atoms,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=20,
)


def _spoilt(condition: dict[str, Any]) -> st.SearchStrategy[Any]:
    """The same condition with one part of its first leaf replaced by anything."""
    return st.builds(
        lambda part, value: {"all": [{**condition, part: value}]}, st.sampled_from(["facet", "op", "value"]), anything
    )


spoilt = leaves().flatmap(_spoilt)
