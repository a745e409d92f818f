"""Many leads change hands in one step: seen beforehand, done by sets, taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.agreement.queries import in_force
from leadloop.distribution.queries import assignments
from leadloop.kernel.errors import Conflict, Invalid, NotFound, Refused
from leadloop.leads import services as leads
from leadloop.leads.contracts import Pursuit, Stage
from leadloop.leads.queries import rows
from leadloop.loop import commands
from leadloop.loop.commands import Plan, Target
from leadloop.outreach import queries as outbox
from leadloop.outreach import services as outreach
from leadloop.outreach.contracts import Draft, Purpose
from leadloop.people import services as people
from leadloop.people.contracts import NewPerson
from tests.stories.house import SETUP, House, open_house
from tests.support.cast import Cast
from tests.support.statements import count

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(cast: Cast) -> House:
    return open_house(cast)


def waiting(house: House, count: int, stage: Stage = Stage.INQUIRY, owner: str | None = None) -> list[int]:
    """Leads at this stage, owned by its keeper unless somebody is named."""
    known = people.remember(
        [NewPerson(ref=ref, given=f"Dana {ref}") for ref in range(count)], actor=SETUP, now=house.now
    )
    wanted = [
        Pursuit(
            ref=ref, person_id=person, interest_id=house.cast.interest["pumps"], happened_at=house.now, stage=stage,
            owner_id=house.cast.user[owner] if owner else None,
        )
        for ref, person in known.items()
    ]  # fmt: skip
    opened = leads.open_or_join(wanted, terms=in_force(), actor=SETUP, now=house.now)
    return [one.lead_id for one in opened.values()]


def owners(house: House, lead_ids: list[int]) -> dict[str, int]:
    by_id = {user_id: name for name, user_id in house.cast.user.items()}
    found: dict[str, int] = {}
    for row in rows(lead_ids).values():
        found[by_id[row.owner_id]] = found.get(by_id[row.owner_id], 0) + 1
    return found


def kim(house: House) -> Target:
    return Target(user_id=house.cast.user["kim"])


def pool() -> Target:
    with connection.cursor() as cursor:
        cursor.execute("select id from distribution_pool")
        return Target(pool_id=cursor.fetchone()[0])


def test_what_would_change_is_said_beforehand(house: House) -> None:
    new, worked = waiting(house, 3), waiting(house, 2, Stage.WORKING, "kim")
    closed = waiting(house, 1)
    commands.disqualify(house.viewer("ines"), closed, reason="junk", now=house.now)
    every = [*new, *worked, *closed, 10**9]
    plan = commands.plan_assign(house.viewer("ines"), every, target=kim(house))
    skipped = {"same": tuple(worked), "closed": tuple(closed), "unseen": (10**9,)}
    assert plan == Plan(tuple(new), skipped)
    shared = commands.plan_assign(house.viewer("ines"), every, target=pool())
    assert shared.skipped["with_sales"] == tuple(worked)
    manager = commands.plan_assign(house.viewer("tomas"), every, target=kim(house))
    assert manager.skipped["barred"] == tuple(sorted([*new, *worked, *closed]))
    hidden = commands.plan_assign(house.viewer("sam"), every, target=kim(house))
    assert hidden == Plan((), {"unseen": tuple(sorted(every))})


def test_leads_go_to_a_person_and_come_back(house: House) -> None:
    new, worked = waiting(house, 3), waiting(house, 2, Stage.WORKING, "ola")
    done = commands.assign_many(house.viewer("ines"), [*new, *worked], target=kim(house), now=house.now)
    assert done.label == "5 leads given to Kim Maurer"
    assert owners(house, [*new, *worked]) == {"kim": 5}
    assert {row.stage for row in rows(new).values()} == {Stage.ASSIGNED}
    assert done.undo_id is not None
    commands.undo(house.viewer("ines"), done.undo_id, now=house.now + timedelta(minutes=29))
    assert owners(house, worked) == {"ola": 2}
    assert {row.stage for row in rows(new).values()} == {Stage.INQUIRY}
    assert house.breaches() == []


def test_a_pool_takes_them_in_its_turn(house: House) -> None:
    new = waiting(house, 5)
    done = commands.assign_many(house.viewer("ines"), new, target=pool(), now=house.now)
    assert done.label == "5 leads shared out over Sales"
    assert sorted(owners(house, new).values()) == [2, 3]
    assert owners(house, new).keys() == {"kim", "ola"}
    [one] = assignments([new[0]])[new[0]]
    assert "chose the pool sales" in one.log[0]["text"]
    assert done.undo_id is not None
    commands.undo(house.viewer("ines"), done.undo_id, now=house.now)
    assert {row.stage for row in rows(new).values()} == {Stage.INQUIRY}
    assert house.breaches() == []


def test_after_half_an_hour_it_stays(house: House) -> None:
    done = commands.assign_many(house.viewer("ines"), waiting(house, 2), target=kim(house), now=house.now)
    assert done.undo_id is not None
    with pytest.raises(Conflict):
        commands.undo(house.viewer("ines"), done.undo_id, now=house.now + timedelta(minutes=31))


def test_the_notices_that_wait_are_taken_back_too(house: House) -> None:
    new = waiting(house, 2)
    other = waiting(house, 1)[0]
    done = commands.assign_many(house.viewer("ines"), new, target=kim(house), now=house.now)
    notices = [
        Draft(
            occasion=f"notify:assign:{lead_id}:1", purpose=Purpose.INTERNAL, user_id=house.cast.user["kim"],
            lead_id=lead_id, subject="New lead", text="Dana",
        )
        for lead_id in (*new, other)
    ]  # fmt: skip
    queued = outreach.queue(notices, actor=SETUP, now=house.now)
    assert done.undo_id is not None
    commands.undo(house.viewer("ines"), done.undo_id, now=house.now)
    states = [str(found.state) for one in queued if one and (found := outbox.message(one))]
    assert states == ["cancelled", "cancelled", "queued"]


def test_nothing_happens_where_nothing_can(house: House) -> None:
    worked = waiting(house, 1, Stage.WORKING, "kim")
    ines = house.viewer("ines")
    with pytest.raises(Refused):
        commands.assign_many(ines, worked, target=kim(house), now=house.now)
    for target, error in ((Target(), Invalid), (Target(user_id=0), NotFound), (Target(pool_id=0), NotFound)):
        with pytest.raises(error):
            commands.assign_many(ines, worked, target=target, now=house.now)
    with pytest.raises(Invalid):
        commands.plan_assign(ines, range(1, commands.MOST + 2), target=kim(house))


@pytest.mark.parametrize("to", ["person", "pool"])
def test_a_hundred_cost_as_many_statements_as_ten(house: House, to: str) -> None:
    target = kim(house) if to == "person" else pool()
    ines = house.viewer("ines")
    spent = []
    for many in (2, 10, 100):
        new = waiting(house, many)
        with CaptureQueriesContext(connection) as doing:
            done = commands.assign_many(ines, new, target=target, now=house.now)
        assert done.undo_id is not None
        with CaptureQueriesContext(connection) as undoing:
            commands.undo(ines, done.undo_id, now=house.now)
        spent.append((count(doing), count(undoing)))
    assert spent[1] == spent[2]
