"""Landing pages: what is public, what they count, and what an inquiry by them brings along."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from leadloop.capture import pages, services
from leadloop.capture.contracts import Parsed, PortalKind, PortalRow, Settled
from leadloop.capture.forms import HostedForm, stamp
from leadloop.capture.pages import Block, Copy, Kind, PageIn, State, Tally
from leadloop.capture.pages.blocks import points, questions, read, written
from leadloop.capture.tests.conftest import NOW
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.ledger.contracts import Lane, by_system
from leadloop.ledger.models import Event
from tests.support.statements import CaptureQueriesContext, connection

ACTOR = by_system("test")
ADDRESS = "https://leads.acme.example/p/quiet-pumps?utm_source=google&utm_campaign=spring&gclid=abc"
LATER = NOW + timedelta(seconds=40)
SAYS = Block(kind=Kind.TEXT, text="They are quiet.")


@pytest.fixture
def portal(save: Any) -> PortalRow:
    return save("web", kind=PortalKind.BROWSER)


def kept(*blocks: Block, slug: str = "quiet-pumps", **changed: Any) -> int:
    page = PageIn(slug=slug, copy=Copy(title="Quiet pumps", blocks=blocks or (SAYS,)), **changed)
    return pages.save_page(page=page, now=NOW)


def published(*blocks: Block, **changed: Any) -> int:
    page_id = kept(*blocks, **changed)
    pages.publish(page_id=page_id, actor=ACTOR, now=NOW)
    return page_id


def png(size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "red").save(file, "PNG", **options)
    return file.getvalue()


def test_the_public_reads_what_was_published_and_never_a_draft(db: None, cast: Any) -> None:
    page_id = kept()
    assert pages.page_at("quiet-pumps") is None
    pages.publish(page_id=page_id, actor=ACTOR, now=NOW)
    again = PageIn(slug="quiet-pumps", copy=Copy(title="Silent pumps", blocks=(SAYS,)))
    pages.save_page(page=again, page_id=page_id, now=LATER)
    public = pages.page_at("quiet-pumps")
    assert public is not None
    assert public.live is not None
    assert (public.live.title, public.state, public.is_changed) == ("Quiet pumps", State.ON, True)
    pages.withdraw(page_id=page_id, actor=ACTOR, now=LATER)
    assert pages.page_at("quiet-pumps") is None
    assert pages.page(page_id).state is State.OFF
    pages.publish(page_id=page_id, actor=ACTOR, now=LATER)
    assert [event.kind for event in Event.objects.filter(kind__startswith="page.").order_by("id")] == [
        "page.published", "page.withdrawn", "page.published",
    ]  # fmt: skip


def test_what_is_public_keeps_its_address_and_no_two_share_one(db: None, cast: Any) -> None:
    page_id = published()
    moved = PageIn(slug="elsewhere", copy=Copy(title="Quiet pumps"))
    with pytest.raises(Conflict, match="Links lead to this address"):
        pages.save_page(page=moved, page_id=page_id, now=NOW)
    with pytest.raises(Conflict, match="Another page has this address"):
        kept()
    with pytest.raises(NotFound):
        pages.save_page(page=moved, page_id=page_id + 1, now=NOW)
    other = kept(slug="elsewhere")
    with pytest.raises(Conflict, match="not public"):
        pages.withdraw(page_id=other, actor=ACTOR, now=NOW)


@pytest.mark.parametrize(
    ("block", "field"),
    [
        (Block(kind=Kind.HEADING, text=" "), "text-1"),
        (Block(kind=Kind.QUESTIONS, text="Is it quiet?"), "text-1"),
        (Block(kind=Kind.PICTURE, note="A pump"), "file-1"),
        (Block(kind=Kind.FORM), "portal-1"),
        (Block(kind=Kind.FORM, portal_id=0), "portal-1"),
    ],
)
def test_what_a_reader_would_miss_keeps_a_page_from_the_public_but_not_from_being_kept(
    db: None, cast: Any, block: Block, field: str
) -> None:
    page_id = kept(SAYS, block)
    with pytest.raises(Invalid) as wrong:
        pages.publish(page_id=page_id, actor=ACTOR, now=NOW)
    assert wrong.value.field == field
    assert pages.page_at("quiet-pumps") is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slug": "Quiet pumps"}, "slug"),
        ({"slug": "a" * 61}, "slug"),
        ({"programme_id": 0}, "programme_id"),
        ({"copy": Copy(title=" ")}, "title"),
        ({"copy": Copy(title="x", description="x" * 301)}, "description"),
        ({"copy": Copy(title="x", language="xx")}, "language"),
        ({"copy": Copy(title="x", blocks=(SAYS,) * 41)}, "blocks"),
        ({"copy": Copy(title="x", blocks=(Block(kind=Kind.FORM),) * 2)}, "blocks"),
        ({"copy": Copy(title="x", blocks=(Block(kind=Kind.TEXT, text="x" * 5001),))}, "text-0"),
        ({"copy": Copy(title="x", blocks=(Block(kind=Kind.QUOTE, text="x", note="x" * 201),))}, "note-0"),
        ({"copy": Copy(title="x", blocks=(Block(kind=Kind.PICTURE, picture="gone"),))}, "file-0"),
    ],
)
def test_what_can_not_be_kept_is_named(db: None, cast: Any, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        pages.save_page(page=PageIn(**{"slug": "x", "copy": Copy(title="x"), **changed}), now=NOW)
    assert (wrong.value.field, bool(wrong.value.mend)) == (field, True)


def test_a_picture_is_drawn_anew_and_kept_under_a_name_nobody_guesses(db: None) -> None:
    camera = Image.Exif()
    camera[0x010F] = "Kim's camera"
    large = pages.keep_picture(raw=png((3200, 1000), exif=camera), now=NOW)
    assert (large.width, large.height, len(large.name)) == (1600, 500, 24)
    found = pages.picture(large.name)
    assert found is not None
    assert b"Kim" not in found.body
    assert Image.open(BytesIO(found.body)).format == "WEBP"
    assert pages.picture("no-such-name") is None
    block = Block(kind=Kind.PICTURE, picture=large.name, note="Two pumps")
    with pytest.raises(Invalid, match="learns nothing"):
        published(Block(kind=Kind.PICTURE, picture=large.name))
    assert published(block, slug="with-picture")


@pytest.mark.parametrize(
    "raw", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", png()[:40], b"x" * (pages.MOST_BYTES + 1)]
)
def test_what_is_no_picture_is_not_kept(db: None, raw: bytes) -> None:
    with pytest.raises(Invalid) as wrong:
        pages.keep_picture(raw=raw, now=NOW)
    assert wrong.value.field == "file"


def test_a_picture_of_too_many_pixels_is_not_even_unpacked(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadloop.capture.pages.pictures.MOST_PIXELS", 799)
    with pytest.raises(Invalid, match="too large"):
        pages.keep_picture(raw=png(), now=NOW)


def test_views_are_counted_by_the_day_of_the_company_and_nothing_else_is_kept(db: None, cast: Any) -> None:
    page_id = published()
    late = NOW.replace(hour=23, minute=30)  # past midnight in Berlin
    for moment in (NOW, NOW, late):
        pages.count_view(page_id=page_id, now=moment)
    assert pages.views_by_day(page_id) == [(date(2026, 3, 3), 1), (date(2026, 3, 2), 2)]
    assert pages.tallies() == {page_id: Tally(3, 0)}


def sent(page_id: int, portal: PortalRow, **said: str) -> int:
    form = HostedForm(portal, {}, {"email": "ann@berg.example", "started": stamp(NOW), **said})
    assert form.is_valid(), form.errors
    context = {"address": "203.0.113.9", "referrer": "https://www.search.example/"}
    return pages.send(page=pages.page(page_id), address=ADDRESS, form=form, context=context, now=LATER)


def test_an_inquiry_brings_page_codes_and_programme_and_is_counted_once_it_is_one(
    db: None, portal: PortalRow, cast: Any
) -> None:
    page_id = published(Block(kind=Kind.FORM, portal_id=portal.id), programme_id=cast.programme["spring"])
    delivery = sent(page_id, portal)
    assert pages.tallies()[page_id] == Tally(0, 0)
    parsed, _ = services.read(services.claim(lane=Lane.LIVE, limit=5, now=LATER), now=LATER)
    found = parsed[0]
    assert isinstance(found, Parsed)
    assert found.programme_id == cast.programme["spring"]
    assert found.candidate.attributes == {}
    assert found.touch == {
        "landing_page": ADDRESS, "page": ADDRESS, "referrer": "https://www.search.example/", "utm_source": "google",
        "utm_campaign": "spring", "gclid": "abc",
    }  # fmt: skip
    services.settle([(found, Settled(found.ref, 1, 2, "new"))], actor=ACTOR, now=LATER)
    assert pages.tallies()[page_id] == Tally(0, 1)
    assert pages.came_through(page_id, limit=5) == [delivery]
    assert pages.came_through(page_id, before=delivery, limit=5) == []


def test_a_bot_on_a_page_is_held_and_not_counted(db: None, portal: PortalRow) -> None:
    page_id = published(Block(kind=Kind.FORM, portal_id=portal.id))
    sent(page_id, portal, homepage="http://spam.example")
    parsed, unreadable = services.read(services.claim(lane=Lane.LIVE, limit=5, now=LATER), now=LATER)
    assert (parsed, [one.code for one in unreadable]) == ([], ["spam_suspected"])
    assert pages.tallies()[page_id] == Tally(0, 0)


def test_a_sender_can_not_choose_a_programme(db: None, portal: PortalRow, cast: Any) -> None:
    page_id = published(Block(kind=Kind.FORM, portal_id=portal.id))
    form = HostedForm(portal, {}, {"email": "ann@berg.example", "started": stamp(NOW), "programme": "spring"})
    assert form.is_valid()
    row = pages.page(page_id)
    pages.send(page=row, address=ADDRESS, form=form, context={"query": "programme=1"}, now=LATER)
    parsed, _ = services.read(services.claim(lane=Lane.LIVE, limit=5, now=LATER), now=LATER)
    assert parsed[0].programme_id is None


def test_the_list_asks_the_same_of_the_database_however_many_pages(db: None, cast: Any) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            pages.pages()
            pages.tallies()
        return len(caught)

    published()
    one = asked()
    for number in range(20):
        published(slug=f"page-{number}")
    assert asked() == one == 2


def test_points_and_questions_are_read_from_lines() -> None:
    assert points("- Quiet\n\nSmall \n-  Cheap") == ["Quiet", "Small", "Cheap"]
    assert questions("Is it quiet?\nYes.\nVery.\n\n\nIs it small?\r\nNo.") == [
        ("Is it quiet?", "Yes.\nVery."), ("Is it small?", "No."),
    ]  # fmt: skip


BLOCKS = st.builds(Block, kind=st.sampled_from(Kind), text=st.text(max_size=50), note=st.text(max_size=20))


@given(st.builds(Copy, title=st.text(min_size=1), blocks=st.lists(BLOCKS, max_size=5).map(tuple)))
def test_what_is_stored_is_read_as_it_was_written(copy: Copy) -> None:
    assert read(written(copy)) == copy
