"""The page of notices: what waits, where it leads, and how it is put away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from leadloop.distribution.facts import LeadPulledBack
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.contracts import Stage
from leadloop.leads.tests.world import World, world
from leadloop.loop.notices.reading import notices
from leadloop.loop.notices.writing import tell
from leadloop.loop.tests.test_notices import assigned, facts
from tests.support.cast import Cast


@pytest.fixture
def office(db: None, cast: Cast) -> Iterator[World]:
    office = world(cast)
    with clock.at(office.now):
        yield office


def rail_count(html: str) -> str:
    return "".join(re.findall(r'href="/notifications"[^>]*>.*?<span>Notices</span>(?:<em>(\d+)</em>)?</a>', html)[:1])


def test_what_waits_stands_in_the_rail_and_on_the_page_until_it_is_read(office: World) -> None:
    lead, other = office.leads_in(Stage.ASSIGNED, ["kim", "ola"])
    tell(facts(assigned(office, lead)))
    pulled = LeadPulledBack(happened_at=office.now, lead_id=other.id, assignment_id=9, user_id=office.user("kim"))
    tell(facts(pulled))
    kim = as_user(office.cast, "kim")
    page = kim.get("/notifications").content.decode()
    assert rail_count(page) == "2"
    assert f'href="/leads/{lead.id}">New lead: Person 0' in page
    assert "Pulled back: a lead" in page  # it is Ola's now, and not Kim's to see
    assert f"/leads/{other.id}" not in page
    newest = notices(office.user("kim"))[0]
    assert kim.post(f"/notifications/{newest.id}/read").headers["Location"] == "/notifications"
    assert rail_count(kim.get("/leads").content.decode()) == "1"
    kim.post("/notifications/read")
    page = kim.get("/notifications").content.decode()
    assert rail_count(page) == ""
    assert "nothing waits" in page
    assert "Mark all read" not in page


def test_what_runs_out_within_the_hour_is_told_before_it_is_late(office: World) -> None:
    lead = office.lead_in(Stage.ASSIGNED)
    assert lead.due_at is not None
    kim = as_user(office.cast, "kim")
    assert "Nothing yet." in kim.get("/notifications").content.decode()
    with clock.at(lead.due_at - timedelta(minutes=20)):
        page = kim.get("/notifications").content.decode()
    assert "Runs out within the hour" in page
    assert "in 20 min" in page
    assert f'href="/leads/{lead.id}"' in page


def test_older_ones_stand_on_further_pages(office: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadloop.front.notices.page.PAGE", 2)
    for number, lead in enumerate(office.leads_in(Stage.ASSIGNED, ["kim"] * 3)):
        tell(facts(assigned(office, lead, number=number)))
    kim = as_user(office.cast, "kim")
    page = kim.get("/notifications").content.decode()
    assert page.count("New lead:") == 2 * 2  # a link and the name of its button
    [older] = re.findall(r'class="more" href="([^"]+)"', page)
    assert kim.get(older).content.decode().count("New lead:") == 2
