"""System: what is silent is red, what stands aside can be decided on, nobody leaves with leads in their name."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from leadloop.agreement.queries import in_force
from leadloop.capture.queries import portal as portal_by_key
from leadloop.front.system import samples
from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_portal_pages import set_up
from leadloop.kernel import clock
from leadloop.leads import services as leads
from leadloop.leads.contracts import Pursuit
from leadloop.leads.queries import open_count_by_owner
from leadloop.ledger import parking
from leadloop.ledger.contracts import Lane, by_system
from leadloop.ledger.queries import events_by_id, parked
from leadloop.loop import repair, routes, sample
from leadloop.loop.cli import signins
from leadloop.loop.cli.signins import Kept, SignIn
from leadloop.people import services as people
from leadloop.people.contracts import NewPerson
from leadloop.platform.config import load as config
from leadloop.platform.queries import tokens, user_by_email, users
from leadloop.platform.services import add_user, beat, hold_sending
from tests.support.cast import MONDAY, Cast
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
SYSTEM = by_system("test")


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


def open_leads(owner_id: int, interest_id: int, count: int = 1) -> list[int]:
    persons = people.remember([NewPerson(ref=n, given=f"Ann {n}") for n in range(count)], actor=SYSTEM, now=MONDAY)
    pursuits = [
        Pursuit(ref=n, person_id=person_id, interest_id=interest_id, happened_at=MONDAY, owner_id=owner_id)
        for n, person_id in persons.items()
    ]
    opened = leads.open_or_join(pursuits, terms=in_force(), actor=SYSTEM, now=MONDAY)
    return [one.lead_id for one in opened.values()]


def park(name: str = "escalate") -> int:
    """A fact that the route could not handle; returns the fact's id."""
    with connection.cursor() as cursor:
        cursor.execute("select max(id) from ledger_event")
        (event_id,) = cursor.fetchone()

    def fails(_events: Any) -> None:
        raise ValueError("no such template")

    parking.handle_or_park(name, Lane.LIVE, events_by_id([event_id]), fails)
    return int(event_id)


def test_what_never_ran_or_fell_silent_is_red(cast: Cast) -> None:
    beat(process="pump-live", now=MONDAY)
    beat(process="worker", now=MONDAY - timedelta(seconds=31))
    page = as_user(cast, "ada").get("/system").content.decode()
    assert "pump-bulk, worker do not run." in page
    assert re.search(r"pump-live</th>.*?data-state=\"ok\"", page, re.DOTALL)
    assert "Has never run" in page
    assert "Silent" in page


def test_when_all_is_well_it_says_so(cast: Cast) -> None:
    for process in ("pump-live", "pump-bulk", "worker"):
        beat(process=process, now=MONDAY)
    page = as_user(cast, "ada").get("/system").content.decode()
    assert "Everything runs." in page
    assert "No mail server is set" in page


def test_facts_that_stand_aside_are_handed_over_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    open_leads(cast.user["kim"], cast.interest["general"])
    park()
    client = as_user(cast, "ada")
    for process in ("pump-live", "pump-bulk", "worker"):
        beat(process=process, now=MONDAY)
    page = client.get("/system").content.decode()
    assert "1 fact waits for a decision." in page
    assert "ValueError: no such template" in page
    handled: list[Any] = []
    route = routes.Route("escalate", ("promise.broken",), handled.extend)
    monkeypatch.setattr(repair, "EVERY", (route,))
    answer = client.post("/system/replay", {"route": "escalate"}, follow=True)
    assert "1 handled." in answer.content.decode()
    assert len(handled) == 1
    assert parked() == []


def test_a_fact_can_be_let_go(cast: Cast) -> None:
    open_leads(cast.user["kim"], cast.interest["general"])
    event_id = park()
    client = as_user(cast, "ada")
    assert client.post("/system/skip", {"route": "escalate", "event": "x"}).status_code == 422
    client.post("/system/skip", {"route": "escalate", "event": event_id})
    assert parked() == []
    assert client.post("/system/replay", {"route": "nobody"}).status_code == 404


def test_held_mail_is_released_by_a_button(cast: Cast) -> None:
    hold_sending(why="Restored from a backup", actor=SYSTEM, now=MONDAY)
    assert "Restored from a backup" in as_user(cast, "viktor").get("/system").content.decode()
    assert "go out again" not in as_user(cast, "viktor").get("/system").content.decode()
    page = as_user(cast, "ada").get("/system").content.decode()
    assert "Let messages go out again" in page
    after = as_user(cast, "ada").post("/system/release", follow=True).content.decode()
    assert "Messages go out again." in after
    assert "Restored from a backup" not in after


def user_form(**changes: Any) -> dict[str, Any]:
    given = {"name": "Nina Falk", "email": "nina@alder-finch.example", "zone": "Europe/Berlin", "language": "en"}
    return {**given, "roles": ["salesperson"], **changes}


def test_somebody_is_added_and_signs_in_with_the_password_shown_once(cast: Cast) -> None:
    page = as_user(cast, "ada").post("/system/users/new", user_form(team_id=cast.team["dach"])).content.decode()
    (plain,) = re.findall(r"<pre[^>]*>([a-z2-9-]+)</pre>", page)
    added = user_by_email("nina@alder-finch.example")
    assert added is not None
    assert (added.roles, added.team_id) == (("salesperson",), cast.team["dach"])
    guest = Client()
    answer = guest.post("/account/login/", {"login": "nina@alder-finch.example", "password": plain})
    assert answer.status_code == 302
    assert guest.get("/me").status_code == 200
    assert plain not in as_user(cast, "ada").get(f"/system/users/{added.id}").content.decode()


def test_mistakes_about_a_user_are_said_at_their_fields(cast: Cast) -> None:
    client = as_user(cast, "ada")
    page = client.post("/system/users/new", user_form(zone="Mars/Olympus", roles=["agency"]))
    assert page.status_code == 422
    taken = client.post("/system/users/new", user_form(email="kim@alder-finch.example"))
    assert taken.status_code == 422
    assert "Somebody signs in with this address already. Use another address." in taken.content.decode()
    last = client.post(
        f"/system/users/{cast.user['ada']}", user_form(name="Ada Quist", email="ada@alder-finch.example")
    )
    assert last.status_code == 422
    assert "Nobody would be left as administrator." in last.content.decode()


def test_nobody_leaves_before_their_leads_are_handed_over(cast: Cast) -> None:
    kim, ola, client = cast.user["kim"], cast.user["ola"], as_user(cast, "ada")
    open_leads(kim, cast.interest["general"], 3)
    set_up(cast, "shop", owner_id=kim, mapping={"firma": "company"})
    page = client.get(f"/system/users/{kim}").content.decode()
    assert re.search(r"Open leads</dt><dd>3", page)
    refused = client.post(f"/system/users/{kim}/close")
    assert refused.status_code == 409
    assert (
        "They still answer for 3 open leads" in refused.content.decode() or "3 open leads" in refused.content.decode()
    )
    given = client.post(f"/system/users/{kim}/hand-over", {"to_user": ola}, follow=True).content.decode()
    assert "Handed over: 3 open leads, 1 portal." in given
    assert open_count_by_owner([kim, ola]) == {kim: 0, ola: 3}
    assert portal_by_key("shop").owner_id == ola
    assert portal_by_key("shop").mapping == (("firma", "company"),)
    client.post(f"/system/users/{kim}/close")
    assert not users([kim])[kim].is_active
    assert as_user(cast, "kim").get("/me").status_code in (302, 403)
    client.post(f"/system/users/{kim}/reopen")
    assert users([kim])[kim].is_active


def test_a_keeper_of_a_stage_is_replaced_by_signing_not_by_a_button(cast: Cast) -> None:
    page = as_user(cast, "ada").get(f"/system/users/{cast.user['mira']}").content.decode()
    assert "propose a change" in page
    client = as_user(cast, "ada")
    client.post(f"/system/users/{cast.user['mira']}/hand-over", {"to_user": cast.user["ola"]})
    assert client.post(f"/system/users/{cast.user['mira']}/close").status_code == 409


def test_a_manager_sees_their_own_team_only(cast: Cast) -> None:
    page = as_user(cast, "ruth").get("/system/users").content.decode()
    assert "Kim Maurer" in page
    assert "Sam Reyes" not in page
    assert "/system/users/new" not in page


def test_the_list_of_users_takes_the_same_number_of_queries_however_many_there_are(cast: Cast) -> None:
    client, counts = as_user(cast, "ada"), []
    for new in (0, 30):
        for number in range(new):
            email = f"n{number}@alder-finch.example"
            add_user(email=email, name=f"N {number}", roles=["salesperson"], actor=SYSTEM, now=MONDAY)
        client.get("/system/users")
        counts.append(asked(client, "/system/users"))
    assert counts[0] == counts[1] <= 9  # in a transaction pinned views and waiting notices are counted each time


def test_everybody_sets_their_own_page(cast: Cast) -> None:
    client = as_user(cast, "kim")
    page = client.get("/me").content.decode()
    assert 'value="Kim Maurer"' in page
    assert "/account/password/change/" in page
    assert "/account/2fa/" in page
    client.post("/me", {"name": "Kim Maurer-Bell", "zone": "Europe/Vienna", "language": "de"})
    assert users([cast.user["kim"]])[cast.user["kim"]].zone == "Europe/Vienna"
    assert 'name="shortcuts"' in client.get("/me").content.decode()
    assert 'name="shortcuts" id="id_shortcuts" checked' not in client.get("/me").content.decode()
    wrong = client.post("/me", {"name": "Kim", "zone": "Nowhere", "language": "en"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(("chosen", "kept"), [("dark", "dark"), ("light", "light"), ("", ""), ("<b>", "")])
def test_light_or_dark_is_chosen_for_this_device(cast: Cast, chosen: str, kept: str) -> None:
    answer = as_user(cast, "kim").post("/me/theme", {"theme": chosen})
    assert answer.cookies["theme"].value == kept


def test_a_token_is_made_shown_once_and_revoked(cast: Cast) -> None:
    client = as_user(cast, "kim")
    asked = {"name": "Reporting", "days": "30", "scopes": ["leads:see"]}
    page = client.post("/me/token", asked).content.decode()
    (plain,) = re.findall(r"<pre[^>]*>(ll_[\w-]+)</pre>", page)
    (made,) = tokens(cast.user["kim"])
    assert made.scopes == ("leads:see",)
    assert plain not in client.get("/me").content.decode()
    assert "people:see" in page
    assert "system:edit" not in page
    assert client.post(f"/system/tokens/{made.id}/revoke", {"from": "me"})["Location"] == "/me"
    assert tokens(cast.user["kim"])[0].revoked_at is not None


def test_a_token_gives_no_more_than_its_owner_has(cast: Cast) -> None:
    answer = as_user(cast, "kim").post("/me/token", {"name": "X", "days": "30", "scopes": ["system:edit"]})
    assert answer.status_code == 422
    assert tokens(cast.user["kim"]) == []
    assert (
        as_user(cast, "pia").post("/me/token", {"name": "X", "days": "30", "scopes": ["leads:see"]}).status_code == 403
    )


def test_only_an_administrator_revokes_the_tokens_of_others(cast: Cast) -> None:
    as_user(cast, "kim").post("/me/token", {"name": "Reporting", "days": "30", "scopes": ["leads:see"]})
    (made,) = tokens(cast.user["kim"])
    assert "Reporting" not in as_user(cast, "ola").get("/system/tokens").content.decode()
    assert as_user(cast, "ola").post(f"/system/tokens/{made.id}/revoke").status_code == 404
    assert "Reporting" in as_user(cast, "ada").get("/system/tokens").content.decode()
    as_user(cast, "ada").post(f"/system/tokens/{made.id}/revoke")
    assert tokens(cast.user["kim"])[0].revoked_at is not None


def test_sample_data_is_asked_for_watched_and_removed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours = config().model_copy(update={"home": tmp_path, "demo": False})
    monkeypatch.setattr(samples, "config", lambda: ours)
    ada = as_user(cast, "ada")
    assert "Sample data" not in ada.get("/system").content.decode()  # nobody is here to run it
    monkeypatch.setattr(sample, "running_supervisor", lambda _: 4711)
    assert "Load sample data" in ada.get("/system").content.decode()
    assert "being built" in ada.post("/system/sample/load", follow=True).content.decode()
    assert "here already" in ada.post("/system/sample/load", follow=True).content.decode()
    signins.say_share(tmp_path / sample.FOLDER, 0.25)
    panel = ada.get("/system/sample").content.decode()
    assert "25%" in panel
    assert "every 2s" in panel
    kim = SignIn("Salesperson", "Kim Maurer", "kim@alder.example", "abcd-efgh")
    signins.write(tmp_path / sample.FOLDER, Kept(built=True, people=(kim,)))
    panel = ada.get("/system/sample").content.decode()
    assert "every 2s" not in panel
    assert f"http://127.0.0.1:{sample.port_of(tmp_path / sample.FOLDER)}" in panel
    assert ("kim@alder.example" in panel, "abcd-efgh" in panel) == (True, True)
    assert "being removed" in ada.post("/system/sample/remove", follow=True).content.decode()
