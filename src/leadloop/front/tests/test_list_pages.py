"""The list of leads: views of it are kept and pinned, rows are ticked and given to somebody."""

from __future__ import annotations

import re
from typing import Any

import pytest

from leadloop.agreement.queries import in_force
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads import services as leads
from leadloop.leads.contracts import Pursuit, Stage
from leadloop.leads.queries import rows
from leadloop.ledger.contracts import by_system
from leadloop.people import services as people
from leadloop.people.contracts import NewPerson
from leadloop.platform.queries import viewer
from leadloop.segments.queries import views
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": by_system("test"), "now": MONDAY}


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


def opened(cast: Cast, count: int, stage: Stage = Stage.INQUIRY, owner: str = "mira") -> list[int]:
    known = people.remember([NewPerson(ref=ref, given=f"Dana {ref}") for ref in range(count)], **BY)
    wanted = [
        Pursuit(
            ref=ref, person_id=person, interest_id=cast.interest["pumps"], happened_at=MONDAY, stage=stage,
            owner_id=cast.user[owner],
        )
        for ref, person in known.items()
    ]  # fmt: skip
    return [one.lead_id for one in leads.open_or_join(wanted, terms=in_force(), **BY).values()]


def rail(html: str) -> dict[str, str]:
    """Names and counts of the views in the rail."""
    part = html.partition('id="pins-head"')[2].partition("</ul>")[0]
    return dict(re.findall(r"<span>([^<]+)</span><em>([^<]+)</em>", part))


def keep(client: Any, name: str, asked: str, **more: str) -> Any:
    return client.post("/leads/views", {"name": name, "asked": asked, "pinned": "1", "sharing": "private", **more})


def test_a_view_is_kept_pinned_with_its_count_and_removed(cast: Cast) -> None:
    opened(cast, 3), opened(cast, 2, Stage.WORKING, "kim")
    ines = as_user(cast, "ines")
    assert "No view is saved yet" in ines.get("/leads").content.decode()
    saved = keep(ines, "At work", "stage=working&sort=value&after=abc")
    assert saved.headers["Location"].startswith("/leads?stage=working")
    page = ines.get("/leads").content.decode()
    assert rail(page) == {"At work": "2"}
    [row] = views(viewer(cast.user["ines"]))
    assert row.asked == {"stage": "working", "sort": "value"}
    assert "“At work” is saved." in page
    shown = ines.get(f"/leads?stage=working&sort=value&view={row.id}").content.decode()
    assert 'data-rows-total="2"' in shown
    ines.post(f"/leads/views/{row.id}/remove")
    assert rail(ines.get("/leads").content.decode()) == {}


def test_everybody_counts_their_own_leads_in_a_view_of_all(cast: Cast) -> None:
    opened(cast, 3, Stage.WORKING, "sam"), opened(cast, 2, Stage.WORKING, "kim")
    keep(as_user(cast, "ines"), "At work", "stage=working", sharing="public")
    for name, count in (("ines", "5"), ("kim", "2"), ("sam", "3")):
        page = as_user(cast, name).get("/leads").content.decode()
        assert rail(page) == {"At work": count}, name
    assert "Remove view At work" not in as_user(cast, "kim").get("/leads").content.decode()


def test_what_can_not_be_kept_is_said(cast: Cast) -> None:
    ines = as_user(cast, "ines")
    for name, asked, words in (
        ("", "stage=working", "The name is missing"),
        ("Odd", "owner=nobody", "is no number"),
        ("Gone", "segment=99", ""),
    ):
        answer = keep(ines, name, asked)
        assert answer.status_code in (302, 404), name
        if words:
            assert words in ines.get("/leads").content.decode()
    assert views(viewer(cast.user["ines"])) == []


def test_a_view_of_a_search_has_no_count_in_the_rail(cast: Cast) -> None:
    keep(as_user(cast, "ines"), "Danas", "q=Dana")
    page = as_user(cast, "ines").get("/leads").content.decode()
    assert rail(page) == {}
    assert "Danas" in page


def test_ticked_rows_are_seen_assigned_and_taken_back(cast: Cast) -> None:
    new, worked = opened(cast, 2), opened(cast, 1, Stage.WORKING, "kim")
    ines = as_user(cast, "ines")
    listed = ines.get("/leads").content.decode()
    assert listed.count('name="ids"') == 3
    kim = f"user:{cast.user['kim']}"
    chosen = {"ids": [*new, *worked], "to": kim}
    page = ines.get("/leads/assign", chosen).content.decode()
    assert "Will change 2; 1 skipped" in page
    assert "They are theirs already" in page
    done = ines.post("/leads/assign", chosen).content.decode()
    assert "2 leads given to Kim Maurer" in done
    assert {row.owner_id for row in rows(new).values()} == {cast.user["kim"]}
    [undo] = re.findall(r'hx-post="(/undo/\d+)"', done)
    assert ines.post(undo).status_code == 200
    assert {row.owner_id for row in rows(new).values()} == {cast.user["mira"]}


def test_all_of_a_filter_is_assigned(cast: Cast) -> None:
    opened(cast, 60), opened(cast, 2, Stage.WORKING, "ola")
    ines = as_user(cast, "ines")
    listed = ines.get("/leads?stage=inquiry").content.decode()
    assert "Assign all 60 in this list" in listed
    asked = {"all": "1", "stage": "inquiry", "to": f"user:{cast.user['kim']}"}
    assert "Will change 60; 0 skipped" in ines.get("/leads/assign", asked).content.decode()
    assert "60 leads given to Kim Maurer" in ines.post("/leads/assign", asked).content.decode()


def test_who_may_not_change_leads_ticks_nothing(cast: Cast) -> None:
    opened(cast, 2)
    assert 'name="ids"' not in as_user(cast, "helen").get("/leads").content.decode()
    assert as_user(cast, "helen").get("/leads/assign").status_code == 403
    empty = as_user(cast, "kim").get("/leads/assign", {"ids": ["x", ""]})
    assert "No lead was chosen" in empty.content.decode()
    assert as_user(cast, "kim").post("/leads/assign", {"to": "user:1"}).status_code == 422
