"""The letter of the week: what it says to whom, when it is written, and how it arrives."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from leadloop.agreement.queries import in_force
from leadloop.kernel import clock
from leadloop.leads.contracts import Stage
from leadloop.loop.digest.figures import Figure, week_of
from leadloop.loop.digest.picture import picture
from leadloop.loop.digest.sending import choose, write_due
from leadloop.outreach import services as outreach
from leadloop.outreach.models import Message
from leadloop.outreach.tests.post import post_office
from leadloop.platform.models import User
from leadloop.platform.queries import company
from leadloop.selling.services import install_pipeline, win
from leadloop.selling.tests.desk import Desk
from tests.support.cast import Cast

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 3, 9, 7, 5, tzinfo=BERLIN)  # the Monday after the story's week
READERS = {"ines", "paul", "grace", "ruth", "helen"}


@pytest.fixture
def desk(db: None, cast: Cast) -> Iterator[Desk]:
    """A week with three leads of Kim's and one of Sam's, of which one was won and one is a deal."""
    install_pipeline()
    desk = Desk(cast)
    first, second, _ = desk.leads_in(Stage.WORKING, ["kim", "kim", "kim"])
    desk.deal(first.id, amount=1_250_000)
    won = desk.deal(second.id, amount=300_000)
    win(won, closed_on=desk.now.date(), **desk.acting)
    desk.lead_in(Stage.WORKING, "sam")
    with clock.at(MORNING):
        yield desk


def written() -> dict[str, Message]:
    who = dict(User.objects.values_list("id", "email"))
    return {who[one.user_id].partition("@")[0]: one for one in Message.objects.filter(template_key="digest")}


def figures(desk: Desk, name: str, weeks: int = 0) -> dict[str, tuple[str, str]]:
    week = week_of(
        desk.viewer(name), MORNING.date() + timedelta(days=7 * weeks), us=company(), terms=in_force(), now=MORNING
    )
    return {one.label: (one.now_words, one.before_words) for one in week.figures}


def test_each_reads_of_what_they_see(desk: Desk) -> None:
    assert figures(desk, "ines") == {
        "New leads": ("4", "0"), "New pipeline": ("€15.5k", "€0"), "Won": ("€3k", "€0"), "Promises broken": ("0", "0"),
    }  # fmt: skip
    assert figures(desk, "ruth")["New leads"] == ("3", "0")  # Sam is of another team
    assert figures(desk, "ines", weeks=1)["New leads"] == ("0", "4")


def test_it_is_written_once_on_monday_morning_where_the_reader_is(desk: Desk) -> None:
    assert write_due(MORNING - timedelta(hours=1)) == 0
    assert write_due(MORNING + timedelta(days=1)) == 0
    User.objects.filter(id=desk.user("helen")).update(zone="America/New_York")
    choose(desk.user("paul"), wanted=False, now=MORNING)
    assert write_due(MORNING) == len(READERS) - 2
    assert set(written()) == {"ines", "grace", "ruth"}
    assert write_due(MORNING + timedelta(minutes=15)) == 0
    assert write_due(MORNING + timedelta(hours=6)) == 1  # seven in the morning in New York
    assert write_due(MORNING + timedelta(days=7)) == 3
    first = Message.objects.filter(user_id=desk.user("ruth")).order_by("id")[0]
    assert first.subject == "Alder & Finch: the week of 2 March to 8 March 2026"


def test_it_arrives_with_its_picture_and_the_same_numbers_as_text(desk: Desk) -> None:
    write_due(MORNING)
    with post_office() as office:
        assert outreach.deliver(limit=50, now=MORNING, sender=office.sender).sent == len(READERS)
    to = {address: message_from_bytes(body, policy=policy.default) for address, body in office.arrived}
    letter: Any = to["ines@alder-finch.example"]
    text, html = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    for words in ("New pipeline", "€15.5k", "Where money leaks now", "2 March to 8 March 2026"):
        assert words in text, words
        assert words in html, words
    assert "/me" in text
    (shown,) = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{shown["Content-ID"][1:-1]}"' in html
    assert "data:image" not in html
    image = Image.open(io.BytesIO(shown.get_content()))
    assert image.size[0] == 1120
    assert len(shown.get_content()) < 60_000
    assert "Where money leaks now" in html


def test_the_picture_stands_nothing_and_much() -> None:
    for now, before in ((0, 0), (1, 0), (10**12, 3)):
        made = picture([Figure("Won", now, before, f"€{now}", f"€{before}")] * 2)
        assert Image.open(io.BytesIO(made)).format == "PNG"
