"""What the pages that are open all day ask the database, counted: never more than a dozen statements.

Not counted is what a process keeps for a while.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from leadloop.leads.queries import worklist
from leadloop.ledger import kept
from leadloop.loop import commands
from leadloop.platform.models import User
from leadloop.selling.contracts import ActivityIn, ActivityKind
from tests.stories.house import House, open_house
from tests.stories.test_first_round import DANA
from tests.support.cast import Cast
from tests.support.statements import asked

MOST = 12


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    return open_house(cast)


def test_pages_ask_little_however_much_they_show(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "FRESH", float("inf"))  # labels are not read anew between two looks, however slow
    for number in range(12):
        house.inquire(**DANA | {"name": f"Dana Ruiz {number}", "email": f"dana.{number}@acme-pumps.example"})
    house.run()
    kim = house.viewer("kim")
    lead = worklist(kim, now=house.now).rows[0]
    commands.accept(kim, [lead.id], now=house.now)
    call = ActivityIn(
        lead_id=lead.id, kind=ActivityKind.CALL, outcome="talked", note="Needs two pumps.",
        next_step_at=house.now + timedelta(days=1), next_step_note="Send the offer",
    )  # fmt: skip
    commands.log(kim, call, now=house.now)

    browser = Client()
    browser.force_login(User.objects.get(id=kim.user_id), backend=settings.AUTHENTICATION_BACKENDS[0])
    counts = {}
    for page in ("/home", "/worklist", "/leads", f"/leads/{lead.id}", f"/leads/{lead.id}/record", "/search?q=Ruiz"):
        assert browser.get(page).status_code == 200  # labels are kept from now on
        counts[page] = asked(browser, page)
    assert max(counts.values()) <= MOST, counts
