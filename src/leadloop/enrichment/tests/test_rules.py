"""Whether a found value may be written: the table of policies, and what holds for all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.enrichment.contracts import Overwrite, Policy
from leadloop.enrichment.rules import Stands, may_write
from tests.support.cast import MONDAY

O = Overwrite  # noqa: E741 - the table below is read by its columns
OLD, YOUNG = MONDAY - timedelta(days=200), MONDAY - timedelta(days=20)


def code(overwrite: Overwrite, stands: Stands, *, over_people: bool = False, found: str = "250") -> str:
    policy = Policy(field="employees", overwrite=overwrite, over_people=over_people)
    return may_write(policy, stands, found, MONDAY).reasons[0].code


@pytest.mark.parametrize(
    ("overwrite", "stands", "over_people", "says"),
    [
        (O.NEVER, Stands(""), False, "never"),
        (O.EMPTY, Stands(""), False, "filled"),
        (O.EMPTY, Stands("10", by_people=False, since=OLD), False, "only_empty"),
        (O.OLDER, Stands("10", by_people=False, since=OLD), False, "renewed"),
        (O.OLDER, Stands("10", by_people=False, since=YOUNG), False, "young"),
        (O.OLDER, Stands("10", since=OLD), False, "said_by_people"),
        (O.OLDER, Stands("10", since=OLD), True, "replaced"),
        (O.OLDER, Stands("10", since=YOUNG), True, "young"),
        (O.OLDER, Stands("10"), True, "replaced"),  # stands since the first
        (O.ALWAYS, Stands("10", by_people=False, since=YOUNG), False, "renewed"),
        (O.ALWAYS, Stands("10", since=YOUNG), False, "said_by_people"),
        (O.ALWAYS, Stands("10", since=YOUNG), True, "replaced"),
        (O.ALWAYS, Stands("250"), True, "same"),
    ],
)
def test_the_table(overwrite: Overwrite, stands: Stands, over_people: bool, says: str) -> None:
    assert code(overwrite, stands, over_people=over_people) == says


POLICIES = st.builds(
    Policy,
    field=st.just("employees"),
    overwrite=st.sampled_from(Overwrite),
    days=st.integers(1, 400),
    over_people=st.booleans(),
)
STANDING = st.builds(
    Stands,
    st.sampled_from(["", "10", "250"]),
    by_people=st.booleans(),
    since=st.one_of(st.none(), st.integers(0, 800).map(lambda days: MONDAY - timedelta(days=days))),
)


@given(POLICIES, STANDING, st.sampled_from(["10", "250"]))
def test_what_holds_for_every_policy(policy: Policy, stands: Stands, found: str) -> None:
    writes = may_write(policy, stands, found, MONDAY).outcome
    if policy.overwrite is Overwrite.NEVER or stands.value == found:
        assert not writes
    if stands.value and stands.by_people and not policy.over_people:
        assert not writes  # what people said or entered stands
    if stands.value and policy.overwrite is Overwrite.EMPTY:
        assert not writes
    if not stands.value and policy.overwrite is not Overwrite.NEVER:
        assert writes
    if writes and policy.overwrite is Overwrite.OLDER and stands.value and stands.since is not None:
        assert MONDAY - stands.since >= timedelta(days=policy.days)


@given(POLICIES, STANDING, st.sampled_from(["10", "250"]))
def test_a_wider_policy_never_writes_less(policy: Policy, stands: Stands, found: str) -> None:
    order = [Overwrite.NEVER, Overwrite.EMPTY, Overwrite.OLDER, Overwrite.ALWAYS]
    written = [
        may_write(Policy(field="employees", overwrite=one, days=policy.days, over_people=policy.over_people), stands,
                  found, MONDAY).outcome
        for one in order
    ]  # fmt: skip
    assert written == sorted(written)
