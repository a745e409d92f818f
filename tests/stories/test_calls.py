"""A caller's morning: an inquiry comes in, is called without having been accepted first, and taken back."""

from __future__ import annotations

import pytest

from leadloop.front.calls.queue import queue_of
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import rows
from leadloop.loop import commands
from leadloop.loop.commands import CallIn
from leadloop.selling.queries import activities
from leadloop.selling.rules import Place
from tests.stories.house import House, open_house
from tests.stories.test_first_round import DANA
from tests.support.cast import Cast


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    return open_house(cast)


def test_a_lead_that_waits_to_be_accepted_is_accepted_by_being_called(house: House) -> None:
    house.inquire(**DANA)
    house.run()
    kim = house.viewer("kim")
    (entry,) = queue_of(kim, now=house.now)
    lead_id = entry.lead.id
    assert (entry.lead.stage, entry.place) == (Stage.ASSIGNED, Place.NOW)

    given = CallIn(lead_id=lead_id, outcome="no_answer")
    done = commands.call(kim, given, now=house.now)
    house.run()
    assert rows([lead_id])[lead_id].stage is Stage.ACCEPTED
    (entry,) = queue_of(kim, now=house.now)
    assert (entry.place, entry.tried.made) == (Place.LATER, 1)
    assert house.breaches() == []

    assert done.undo_id
    house.wait(minutes=1)
    commands.undo(kim, done.undo_id, now=house.now)
    house.run()
    assert rows([lead_id])[lead_id].stage is Stage.ASSIGNED
    assert activities([lead_id])[lead_id] == []
    assert [entry.place for entry in queue_of(kim, now=house.now)] == [Place.NOW]
    assert house.breaches() == []

    commands.call(kim, CallIn(lead_id=lead_id, outcome="talked", note="Needs two pumps"), now=house.now)
    house.run()
    assert rows([lead_id])[lead_id].stage is Stage.WORKING
    assert house.breaches() == []
