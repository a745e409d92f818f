"""What the pages that are open all day ask the database, counted: never more than a dozen statements.

Once among plain leads, where what a process keeps for a while is not counted, and once of a lead with a long history,
where nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leadloop.agreement import cache
from leadloop.distribution.queries import given_back
from leadloop.front.notices import bell
from leadloop.front.work import pins
from leadloop.kernel import clock
from leadloop.leads.contracts import Tab
from leadloop.leads.queries import worklist
from leadloop.ledger import kept
from leadloop.ledger.contracts import by_user
from leadloop.loop import commands
from leadloop.loop.commands import NewDeal
from leadloop.platform.contracts import Viewer
from leadloop.platform.models import User
from leadloop.segments import services as segments
from leadloop.segments.contracts import NewSegment, NewView, Sharing, Subject
from leadloop.selling.contracts import ActivityIn, ActivityKind
from tests.stories.house import House, open_house
from tests.stories.test_first_round import DANA
from tests.support.cast import Cast
from tests.support.statements import asked

MOST = 12
SAID = (
    *("Inquiry by Web form", "Needs two pumps.", "Handed over to Ola Novak", "Before: Kim Maurer", "Two pumps", "€40"),
    "Somebody says that the lead should not have been given back",
)


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

    browser = _signed_in(kim)
    counts = {}
    for page in ("/home", "/worklist", "/leads", f"/leads/{lead.id}", f"/leads/{lead.id}/record", "/search?q=Ruiz"):
        assert browser.get(page).status_code == 200  # labels are kept from now on
        counts[page] = asked(browser, page)
    assert max(counts.values()) <= MOST, counts


def test_a_long_history_takes_no_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "FRESH", float("inf"))  # of one page: between two everything is forgotten
    ola, lead_id = house.viewer("ola"), _long_pursued(house)
    _pinned(ola, house)
    browser, counts = _signed_in(ola), {}
    pages = [
        *(f"/worklist?tab={tab}" for tab in Tab),
        "/worklist/rows",
        f"/leads/{lead_id}",
        f"/leads/{lead_id}/record",
    ]
    with clock.at(house.now):
        for page in pages:
            browser.get(page)  # templates and the like
            with _nothing_known(), CaptureQueriesContext(connection) as queries:
                shown = browser.get(page).content.decode()
            counts[page] = len(queries)
            assert "worklist" in page or "Two pumps" in shown
    assert max(counts.values()) <= MOST, counts
    assert [said for said in SAID if said not in shown] == []


def _signed_in(viewer: Viewer) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(id=viewer.user_id), backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def _long_pursued(house: House) -> int:
    """A lead that came twice, was given back, appealed about, handed on, called, written to and made a deal of."""
    house.inquire(**DANA)
    house.run()
    kim, ola = house.viewer("kim"), house.viewer("ola")
    lead = worklist(kim, now=house.now).rows[0]
    house.wait(minutes=10)
    commands.reject(kim, [lead.id], reason="not_my_area", now=house.now)
    (back,) = given_back(house.viewer("tomas"), since=house.now - timedelta(days=1), limit=5)
    commands.appeal(house.viewer("tomas"), back.assignment_id, text="She asked for Kim.", now=house.now)
    house.inquire(**DANA)
    house.run()
    commands.accept(ola, [lead.id], now=house.now)
    tomorrow = house.now + timedelta(days=1)
    for kind, outcome in ((ActivityKind.MAIL, "sent"), (ActivityKind.CALL, "talked")):
        done = ActivityIn(
            lead_id=lead.id, kind=kind, outcome=outcome, note="Needs two pumps.",
            next_step_at=tomorrow, next_step_note="Send the offer",
        )  # fmt: skip
        commands.log(ola, done, now=house.now)
    deal = NewDeal(
        lead_ids=(lead.id,), primary=lead.id, name="Two pumps", currency="EUR", amount=4_000_000,
        close_on=(house.now + timedelta(days=30)).date(), next_step="Send the offer", next_step_at=tomorrow,
    )  # fmt: skip
    commands.open_deal(ola, deal, now=house.now)
    house.run()
    return lead.id


def _pinned(viewer: Viewer, house: House) -> None:
    """Two views in the rail, one of a segment, for everybody."""
    about = {"all": [{"facet": "lead.grade", "op": "in", "value": ["A", "B"]}]}
    segment = NewSegment(name="Good ones", subject=Subject.LEAD, criteria=about, owner_id=viewer.user_id)
    segment_id = segments.save(segment=segment, actor=by_user(viewer.user_id), now=house.now)
    for name, asked_for in (("Open", {"open": "1"}), ("Good", {"segment": str(segment_id)})):
        wanted = NewView(name=name, page=pins.PAGE, asked=asked_for, sharing=Sharing.PUBLIC)
        segments.save_view(view=wanted, viewer=viewer, now=house.now)


@contextmanager
def _nothing_known() -> Iterator[None]:
    """As at the first page after a while: nothing that a process keeps is fresh any more."""
    for one in kept.EVERY:
        one.forget()
    bell._remembered.clear()
    pins._remembered.clear()
    cache.forget()
    yield
