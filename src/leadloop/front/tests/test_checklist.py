"""First steps of a newcomer: they tick themselves, cost the page nothing, and can be put away."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leadloop.agreement.queries import in_force
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads import services as leads
from leadloop.leads.contracts import Pursuit, Stage
from leadloop.ledger.contracts import by_system
from leadloop.people import services as people
from leadloop.people.contracts import NewPerson
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:300]
    return unescape(answer.content.decode())


def test_only_who_may_set_up_gets_to_the_steps(cast: Cast) -> None:
    assert as_user(cast, "ada").get("/setup").status_code == 200
    assert as_user(cast, "kim").get("/setup").status_code == 403
    assert as_user(cast, "ada").get("/setup/agreement").status_code == 403


def test_first_steps_tick_themselves_for_thirty_days_or_until_put_away(cast: Cast) -> None:
    User = get_user_model()  # noqa: N806 - a class
    with clock.at(MONDAY):
        User.objects.update(created_at=MONDAY - timedelta(days=1))
        kim = as_user(cast, "kim")
        assert 'hx-get="/home/checklist"' in text(kim, "/home")
        html = text(kim, "/home/checklist")
        assert "0 of 4 done" in html
        person = people.remember([NewPerson(ref=1, given="Dana")], actor=by_system("test"), now=MONDAY)[1]
        wanted = Pursuit(
            ref=1, person_id=person, interest_id=cast.interest["pumps"], happened_at=MONDAY, stage=Stage.WORKING,
            owner_id=cast.user["kim"],
        )  # fmt: skip
        leads.open_or_join([wanted], terms=in_force(), actor=by_system("test"), now=MONDAY)
        html = text(kim, "/home/checklist")
        assert "1 of 4 done" in html
        assert "Done: </span>Take a lead on" in html
        assert kim.post("/home/checklist/put-away").headers["Location"] == "/home"
        assert "/home/checklist" not in text(kim, "/home")
        assert "First steps" not in text(kim, "/home/checklist")
    with clock.at(MONDAY + timedelta(days=31)):
        assert "/home/checklist" not in text(as_user(cast, "mira"), "/home")


@pytest.mark.parametrize("name", ["kim", "mira", "tomas", "ruth", "ines", "helen", "viktor", "ada", "grace", "paul"])
def test_every_role_has_at_most_six_first_steps_at_little_cost(cast: Cast, name: str) -> None:
    with clock.at(MONDAY):
        get_user_model().objects.update(created_at=MONDAY)
        client = as_user(cast, name)
        with CaptureQueriesContext(connection) as seen:
            html = text(client, "/home/checklist")
        assert 3 <= html.count("<li") <= 6
        assert sum("agreement_agreement" not in one["sql"] for one in seen) <= 16
