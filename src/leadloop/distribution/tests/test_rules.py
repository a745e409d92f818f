"""Whose turn it is: fair, in order, and with a reason for everybody who was passed over."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from leadloop.distribution.contracts import Rule, Seat, To
from leadloop.distribution.rules import ACCOUNT_OWNERS, Rotation, choose, in_order, joining_turns, obstacle, route
from leadloop.distribution.rules import given as after
from tests.support.cast import MONDAY

FREE = Seat(
    member_id=1,
    user_id=1,
    weight=1,
    taken=0,
    daily_cap=None,
    taken_today=0,
    open_cap=None,
    open_now=0,
    is_paused=False,
    is_active=True,
    is_absent=False,
    is_working=True,
)


def seats(*weights: int) -> list[Seat]:
    return [replace(FREE, member_id=n, user_id=n, weight=w) for n, w in enumerate(weights, start=1)]


def deal(places: list[Seat], count: int) -> list[Seat]:
    table = {seat.member_id: seat for seat in places}
    for _ in range(count):
        chosen = choose(table.values()).outcome
        assert chosen is not None
        table[chosen.member_id] = after(chosen)
    return list(table.values())


@given(people=st.integers(1, 60), leads=st.integers(0, 400))
def test_equal_weights_differ_by_at_most_one(people: int, leads: int) -> None:
    shares = [seat.taken for seat in deal(seats(*[1] * people), leads)]
    assert sum(shares) == leads
    assert max(shares) - min(shares) <= 1


@given(weights=st.lists(st.integers(1, 9), min_size=1, max_size=12), rounds=st.integers(1, 20))
def test_after_whole_rounds_shares_are_exactly_the_weights(weights: list[int], rounds: int) -> None:
    dealt = deal(seats(*weights), rounds * sum(weights))
    assert [seat.taken for seat in dealt] == [weight * rounds for weight in weights]


@given(weights=st.lists(st.integers(1, 9), min_size=2, max_size=8), leads=st.integers(0, 200))
def test_nobody_is_ever_a_turn_ahead_of_their_share(weights: list[int], leads: int) -> None:
    dealt = deal(seats(*weights), leads)
    for seat in dealt:
        assert abs(seat.taken - leads * seat.weight / sum(weights)) <= len(weights)


@given(caps=st.lists(st.integers(0, 20), min_size=1, max_size=10), leads=st.integers(0, 250))
def test_caps_are_never_passed_and_nobody_free_is_left_out(caps: list[int], leads: int) -> None:
    table = {n: replace(FREE, member_id=n, user_id=n, daily_cap=cap) for n, cap in enumerate(caps)}
    fallbacks = 0
    for _ in range(leads):
        chosen = choose(table.values()).outcome
        if chosen is None:
            fallbacks += 1
        else:
            table[chosen.member_id] = after(chosen)
    assert all(seat.taken_today <= cap for seat, cap in zip(table.values(), caps, strict=True))
    assert fallbacks == max(0, leads - sum(caps))


def test_everybody_who_is_passed_over_is_named_with_the_reason() -> None:
    places = [
        replace(FREE, member_id=1, user_id=11, is_absent=True),
        replace(FREE, member_id=2, user_id=12, is_paused=True),
        replace(FREE, member_id=3, user_id=13, open_cap=5, open_now=5),
        replace(FREE, member_id=4, user_id=14, is_active=False),
        replace(FREE, member_id=5, user_id=15),
    ]
    decision = choose(places)
    assert decision.outcome == places[-1]
    assert [reason.text for reason in decision.reasons[:4]] == [
        "user:11 is away",
        "user:12 is paused in this pool",
        "user:13 has 5 open leads",
        "user:14 no longer works here",
    ]


def test_people_at_work_go_first_and_at_night_all_are_equal() -> None:
    asleep = replace(FREE, member_id=1, user_id=1, is_working=False)
    awake = replace(FREE, member_id=2, user_id=2, taken=50)
    assert choose([asleep, awake]).outcome == awake
    night = choose([asleep, replace(awake, is_working=False)])
    assert night.outcome == asleep
    assert night.reasons[-1].code == "off_hours"


def test_nobody_gets_a_lead_they_gave_back() -> None:
    first, second = seats(1, 1)
    assert choose([first, second], refused_by={1}).outcome == second
    assert choose([first, second], refused_by={1, 2}).outcome is None


def test_a_newcomer_is_served_next_but_does_not_catch_up() -> None:
    old = deal(seats(1, 1), 100)
    newcomer = replace(FREE, member_id=9, user_id=9, taken=joining_turns(old, 1))
    shares = Counter({seat.user_id: seat.taken for seat in deal([*old, newcomer], 30)})
    assert shares[9] - newcomer.taken == 10


def test_the_first_rule_that_fits_names_the_pool() -> None:
    rules = [
        Rule(name="Swiss", when={"facet": "person.country", "op": "=", "value": "CH"}, pool="swiss"),
        Rule(name="Everything else", pool="rest"),
    ]
    swiss = route(rules, {"person.country": "CH"}, MONDAY)
    assert swiss.outcome == rules[0]
    other = route(rules, {"person.country": "FR"}, MONDAY)
    assert other.outcome == rules[1]
    assert [reason.text for reason in other.reasons] == ["Swiss: does not fit", "Everything else: takes every lead"]
    assert route(rules[:1], {"person.country": "FR"}, MONDAY).outcome is None


def test_an_account_owner_goes_before_all_rules_or_where_a_rule_says() -> None:
    rest = Rule(name="Everything else", pool="rest")
    swiss = Rule(name="Swiss", when={"facet": "person.country", "op": "=", "value": "CH"}, pool="swiss")
    owner = Rule(name="Who looks after them", to=To.ACCOUNT_OWNER)
    here = {"person.country": "CH"}
    assert [rule.to for rule in in_order([swiss, rest])] == [To.ACCOUNT_OWNER, To.POOL, To.POOL]
    assert route(in_order([swiss, rest]), here, MONDAY, has_owner=True).outcome == ACCOUNT_OWNERS
    assert route(in_order([swiss, rest]), here, MONDAY).outcome == swiss
    said = in_order([swiss, owner, rest])
    assert route(said, here, MONDAY, has_owner=True).outcome == swiss
    assert route(said, {"person.country": "FR"}, MONDAY, has_owner=True).outcome == owner
    assert route(said, {"person.country": "FR"}, MONDAY).outcome == rest


def test_a_free_person_has_no_obstacle() -> None:
    assert obstacle(FREE) == ""


PLACES = st.lists(
    st.builds(
        Seat,
        member_id=st.integers(1, 99),
        user_id=st.integers(1, 9),
        weight=st.integers(1, 5),
        taken=st.integers(0, 9),
        daily_cap=st.none() | st.integers(0, 4),
        taken_today=st.integers(0, 4),
        open_cap=st.none() | st.integers(0, 6),
        open_now=st.integers(0, 6),
        is_paused=st.sampled_from([False, False, True]),
        is_active=st.sampled_from([True, True, False]),
        is_absent=st.sampled_from([False, False, True]),
        is_working=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda seat: seat.member_id,
)


@given(places=PLACES, leads=st.lists(st.sets(st.integers(1, 9), max_size=2), max_size=30))
def test_a_rotation_decides_as_choosing_one_by_one_does(places: list[Seat], leads: list[set[int]]) -> None:
    table, rotation = {seat.member_id: seat for seat in places}, Rotation(places)
    for refused_by in leads:
        one_by_one = choose(table.values(), refused_by=refused_by)
        assert rotation.choose(refused_by=refused_by) == one_by_one
        if one_by_one.outcome is not None:
            table[one_by_one.outcome.member_id] = after(one_by_one.outcome)
