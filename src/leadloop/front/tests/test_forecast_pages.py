"""The forecast page: what it shows to whom, what people say on it, and that its figures open."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user
from leadloop.selling.services import install_pipeline
from leadloop.tracking.forecast import queries
from leadloop.tracking.forecast.services import PlanIn, plan
from leadloop.tracking.forecast.taking import take
from leadloop.tracking.tests.test_forecast_kept import bring
from tests.support.cast import Cast

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MARCH = date(2026, 3, 1)


@pytest.fixture
def foreseen(db: None, cast: Cast) -> Cast:
    install_pipeline()
    bring(cast)
    plan([PlanIn(MARCH, 9_000_000)], actor=by_user(cast.user["grace"]), now=NOW)
    take(NOW, runs=400)
    return cast


def test_the_president_sees_range_plan_gap_and_record(foreseen: Cast) -> None:
    with clock.at(NOW):
        html = as_user(foreseen, "helen").get("/forecast").content.decode()
    assert "eight times in ten between" in html
    assert "below the plan" in html
    for title in ("By team", "By product", "Cash by payment terms", "How good it has been", "By fiscal quarter"):
        assert title in html
    assert 'class="chart"' in html
    assert "How is this computed?" in html
    assert 'href="/forecast/plan"' not in html


def test_figures_open_as_many_rows_as_they_say(foreseen: Cast) -> None:
    client = as_user(foreseen, "grace")
    with clock.at(NOW):
        html = client.get("/forecast").content.decode()
        found = re.findall(r'data-figure="(\d+)"[^>]*href="([^"]*)"', html)
        assert len(found) >= 3
        for value, url in found:
            rows = client.get(url.replace("&amp;", "&")).content.decode()
            total = re.search(r'data-rows-total="(\d+)"', rows)
            assert total is not None
            assert total[1] == value


def test_a_manager_sees_her_team_and_adjusts_with_a_note(foreseen: Cast) -> None:
    ruth = as_user(foreseen, "ruth")
    kim = foreseen.user["kim"]
    with clock.at(NOW):
        html = ruth.get("/forecast").content.decode()
        assert "By team" not in html
        assert "Kim Maurer" in html
        assert "Sam Reyes" not in html
        form = {"month": "2026-03-01", "who": f"user-{kim}", "delta": "-1,500.00", "note": ""}
        assert ruth.post("/forecast/adjust", form).status_code == 422
        assert ruth.post("/forecast/adjust", {**form, "note": "A tender slipped"}).status_code == 302
        other = {**form, "note": "Not mine", "who": f"user-{foreseen.user['sam']}"}
        assert ruth.post("/forecast/adjust", other).status_code == 422
        assert "A tender slipped" in ruth.get("/forecast").content.decode()
    (one,) = queries.adjusted([MARCH])
    assert (one.user_id, one.delta, one.manager_id) == (kim, -150_000, foreseen.user["ruth"])


def test_a_salesperson_says_what_they_win_and_sees_only_their_own(foreseen: Cast) -> None:
    kim = as_user(foreseen, "kim")
    with clock.at(NOW):
        assert kim.get("/forecast").headers["Location"] == "/forecast/mine"
        wrong = kim.post("/forecast/mine", {"month": "2026-03-01", "commit": "20,000", "best": "10,000"})
        assert wrong.status_code == 422
        assert "less than what is committed" in wrong.content.decode()
        right = {"month": "2026-03-01", "commit": "20,000", "best": "30,000"}
        assert kim.post("/forecast/mine", right).status_code == 302
        rows = kim.get(f"/forecast/open?owner={foreseen.user['sam']}").content.decode()
        assert "Sam Reyes" not in rows
        assert "Nobody reports to you" in kim.get("/forecast/adjust").content.decode()
        planned = {"month": "2026-03-01", "team": "", "minor": "1"}
        assert kim.post("/forecast/plan", planned).status_code == 422
    said = queries.submitted([MARCH], by=NOW)
    assert said[foreseen.user["kim"], MARCH].commit == 2_000_000
    assert queries.plans([MARCH])[None, MARCH] == 9_000_000


def test_a_deal_gets_its_category_from_its_owner(foreseen: Cast) -> None:
    mine = queries.outlooks(owner_id=foreseen.user["kim"])[0].opportunity_id
    kim, sam = as_user(foreseen, "kim"), as_user(foreseen, "sam")
    with clock.at(NOW):
        assert sam.post(f"/deals/{mine}/category", {"category": "commit"}).status_code in (403, 404)
        assert kim.post(f"/deals/{mine}/category", {"category": "commit"}).status_code == 302
    assert {one.opportunity_id: one.category for one in queries.outlooks()}[mine] == "commit"


def test_before_the_first_forecast_the_page_says_so(db: None, cast: Cast) -> None:
    install_pipeline()
    with clock.at(NOW):
        html = as_user(cast, "helen").get("/forecast").content.decode()
    assert "There is no forecast yet" in html
    assert "No month that was foreseen is over yet" in html
