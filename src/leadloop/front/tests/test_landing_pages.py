"""Landing pages: built in the browser, nobody's before they are published, counted without telling anybody apart."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from leadloop.capture import pages
from leadloop.capture.contracts import Parsed
from leadloop.capture.models import Visit
from leadloop.capture.pages import Block, Copy, Kind, PageIn, Tally
from leadloop.capture.queries import portal, waiting
from leadloop.capture.services import PortalIn, save_portal
from leadloop.front.capture import hosted
from leadloop.front.landing import public
from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_hosted_form import LATER, arrived, hidden
from leadloop.front.tests.test_portal_pages import set_up
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import Lane, by_user
from leadloop.loop import intake
from tests.support.cast import MONDAY, Cast
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"


@pytest.fixture(autouse=True)
def fresh_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosted, "_buckets", hosted.Buckets(rate=hosted.RATE, burst=hosted.BURST))
    monkeypatch.setattr(public, "_buckets", public.Buckets(rate=public.RATE, burst=public.BURST))


@pytest.fixture
def tomas(cast: Cast) -> Client:
    return as_user(cast, "tomas")


def begun(tomas: Client, title: str = "Quiet pumps", **said: Any) -> str:
    answer = tomas.post("/pages/new", {"title": title, "language": "en", **said})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def given(*blocks: tuple[str, str], **others: Any) -> dict[str, Any]:
    """What the builder's page sends: each block with its kind and text."""
    rows = {
        f"{name}-{place}": said
        for place, one in enumerate(blocks)
        for name, said in zip(("kind", "text"), one, strict=True)
    }
    about = {"title": "Quiet pumps", "slug": "quiet-pumps", "language": "en"}
    return {"count": str(len(blocks)), **about, **rows, **others}


def a_public_page(cast: Cast, *blocks: Block, **changed: Any) -> int:
    copy = Copy(title="Quiet pumps", blocks=blocks or (Block(kind=Kind.TEXT, text="They are quiet."),))
    page_id = pages.save_page(page=PageIn(slug="quiet-pumps", copy=copy, **changed), now=MONDAY)
    pages.publish(page_id=page_id, actor=by_user(cast.user["tomas"]), now=MONDAY)
    return page_id


def with_form(cast: Cast, **changed: Any) -> int:
    set_up(cast)
    return a_public_page(cast, Block(kind=Kind.FORM, portal_id=portal("web-form").id), **changed)


def test_a_page_is_begun_built_looked_at_and_published(cast: Cast, tomas: Client) -> None:
    set_up(cast)
    address = begun(tomas, form=portal("web-form").id, programme_id=cast.programme["spring"])
    assert Client().get("/p/quiet-pumps").status_code == 404
    blocks = (
        ("heading", "Half as loud"),
        ("text", "**Quiet** as a [library](https://www.acme.example/)."),
        ("form", ""),
    )
    sent = given(*blocks, **{"portal-2": portal("web-form").id, "programme_id": cast.programme["spring"]})

    moved = tomas.post(address, sent | {"do": "down:0"}).content.decode()
    assert moved.index("**Quiet**") < moved.index('value="Half as loud"')
    assert re.search(r'aria-label="Move block 2 up" autofocus', moved)
    more = tomas.post(address, sent | {"do": "add", "more": "quote"}).content.decode()
    assert 'name="kind-3" value="quote"' in more
    assert pages.pages()[0].draft.blocks[0].text == ""  # nothing was kept yet

    assert tomas.post(address, sent | {"do": "save"})["Location"] == address
    assert Client().get("/p/quiet-pumps").status_code == 404
    preview = tomas.get(f"{address}/preview")
    assert preview["Cache-Control"] == "no-store"
    for part in ("Half as loud", "noindex", "disabled"):
        assert part in preview.content.decode()
    assert "landing.js" not in preview.content.decode()

    assert tomas.post(address, sent | {"do": "publish"}).status_code == 302
    page = Client().get("/p/quiet-pumps")
    shown = page.content.decode()
    for part in ("<h1>Quiet pumps</h1>", "<h2>Half as loud</h2>", "<strong>Quiet</strong>", 'name="email"'):
        assert part in shown
    assert '<link rel="canonical" href="http' in shown
    assert "noindex" not in shown
    assert not page.cookies
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "<script>" not in shown
    assert tomas.post(f"{address}/withdraw").status_code == 302
    assert Client().get("/p/quiet-pumps").status_code == 404


def test_what_is_missing_is_said_at_its_block_and_the_draft_is_kept(cast: Cast, tomas: Client) -> None:
    address = begun(tomas)
    wrong = tomas.post(address, given(("heading", ""), ("quote", "Wonderful"), do="publish"))
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "This block says nothing. Write something, or remove it." in page
    assert ">Wonderful</textarea>" in page
    assert [one.text for one in pages.pages()[0].draft.blocks] == ["", "Wonderful"]
    refused = tomas.post(address, given(("heading", "Hello"), slug="Not an address"))
    assert refused.status_code == 422
    assert "Use small letters, digits and hyphens between." in refused.content.decode()
    assert pages.pages()[0].slug == "quiet-pumps"


def test_nobody_builds_who_only_reads_portals(cast: Cast, tomas: Client) -> None:
    address = begun(tomas)
    grace = as_user(cast, "grace")
    assert grace.get("/pages").status_code == 200
    assert grace.get(f"{address}/preview").status_code == 200
    assert "Make a page" not in grace.get("/pages").content.decode()
    for closed in ("/pages/new", address):
        assert grace.get(closed).status_code == 403
    assert grace.post(f"{address}/withdraw").status_code == 403
    assert as_user(cast, "kim").get("/pages").status_code == 403


def picture_file(name: str = "pump.png", body: bytes | None = None) -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (30, 20), "blue").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue() if body is None else body, content_type="image/png")


def test_a_picture_is_kept_whatever_button_brought_it(cast: Cast, tomas: Client) -> None:
    address = begun(tomas)
    page = tomas.post(address, given(("picture", ""), **{"file-0": picture_file()}, do="add", more="text"))
    name = hidden(page.content.decode(), "picture-0")
    published = given(("picture", ""), **{"picture-0": name, "note-0": "A blue pump"}, do="publish")
    assert tomas.post(address, published).status_code == 302
    assert (
        f'src="/pictures/{name}" width="30" height="20" alt="A blue pump"'
        in Client().get("/p/quiet-pumps").content.decode()
    )
    served = Client().get(f"/pictures/{name}")
    assert (served["Content-Type"], served["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "immutable" in served["Cache-Control"]
    assert not served.cookies
    assert Client().get("/pictures/nothing").status_code == 404


def test_a_file_that_is_no_picture_is_refused_at_its_block(cast: Cast, tomas: Client) -> None:
    address = begun(tomas)
    page = tomas.post(address, given(("picture", ""), **{"file-0": picture_file(body=b"<svg/>")}, do="save"))
    assert page.status_code == 422
    assert "This is no picture that can be shown. Choose a PNG" in page.content.decode()


def test_what_somebody_writes_is_text_and_never_a_program(cast: Cast) -> None:
    bad = "<script>alert(1)</script> [go](javascript:alert(1))"
    kinds = (Kind.HEADING, Kind.TEXT, Kind.POINTS, Kind.QUOTE)
    blocks = [Block(kind=kind, text=bad, note='"><script>x') for kind in kinds]
    a_public_page(cast, *blocks, Block(kind=Kind.QUESTIONS, text=f"{bad}\n{bad}"))
    page = Client().get("/p/quiet-pumps").content.decode()
    assert "<script>" not in page
    assert 'href="javascript' not in page


def test_what_holds_no_form_may_be_kept_for_everybody_and_what_does_only_by_its_reader(cast: Cast) -> None:
    a_public_page(cast)
    page = Client().get("/p/quiet-pumps", headers={"cookie": "theme=dark"})
    assert page["Cache-Control"] == Client().head("/p/quiet-pumps")["Cache-Control"] == "public, max-age=300"
    assert "data-theme" not in page.content.decode()
    set_up(cast)
    copy = Copy(title="Ask us", blocks=(Block(kind=Kind.FORM, portal_id=portal("web-form").id),))
    other = pages.save_page(page=PageIn(slug="ask", copy=copy), now=MONDAY)
    pages.publish(page_id=other, actor=by_user(cast.user["tomas"]), now=MONDAY)
    assert Client().get("/p/ask")["Cache-Control"] == Client().head("/p/ask")["Cache-Control"] == "private, max-age=60"


def opened(address: str, **headers: str) -> str:
    with clock.at(MONDAY):
        return Client().get(address, headers=headers).content.decode()


def send(page: str, address: str, **changed: str) -> Any:
    said = {"email": "ann@berg.example", "started": hidden(page, "started"), "referrer": hidden(page, "referrer")}
    with clock.at(LATER):
        return Client().post(address, {**said, **changed})


def test_an_inquiry_by_a_page_knows_page_campaign_and_programme(cast: Cast) -> None:
    with_form(cast, programme_id=cast.programme["spring"])
    address = "/p/quiet-pumps?utm_source=news&utm_campaign=may&msclkid=k1"
    page = opened(address, referer="https://www.search.example/")
    assert send(page, address)["Location"] == "/f/web-form/thanks"
    found = arrived()
    assert isinstance(found, Parsed)
    assert found.programme_id == cast.programme["spring"]
    assert found.touch["landing_page"] == f"{settings.PUBLIC_URL}{address}"
    assert found.touch["referrer"] == "https://www.search.example/"
    assert (found.touch["utm_source"], found.touch["msclkid"]) == ("news", "k1")


def test_the_form_of_a_page_is_guarded_as_the_hosted_one(cast: Cast) -> None:
    with_form(cast)
    page = opened("/p/quiet-pumps")
    assert send(page, "/p/quiet-pumps", email="").status_code == 422
    assert Client().post("/p/quiet-pumps", {}, headers={"origin": "https://evil.example"}).status_code == 403
    assert waiting() == 0
    assert send(page, "/p/quiet-pumps", homepage="http://spam.example").status_code == 302
    assert getattr(arrived(), "code", "") == "spam_suspected"


def test_what_was_typed_while_the_page_was_taken_down_is_taken(cast: Cast, tomas: Client) -> None:
    page_id = with_form(cast)
    page = opened("/p/quiet-pumps")
    tomas.post(f"/pages/{page_id}/withdraw")
    assert Client().get("/p/quiet-pumps").status_code == 404
    assert send(page, "/p/quiet-pumps").status_code == 302
    assert isinstance(arrived(), Parsed)


def test_nothing_is_sent_to_a_draft(cast: Cast) -> None:
    set_up(cast)
    copy = Copy(title="x", blocks=(Block(kind=Kind.FORM, portal_id=portal("web-form").id),))
    pages.save_page(page=PageIn(slug="draft", copy=copy), now=MONDAY)
    assert Client().post("/p/draft", {"email": "ann@berg.example"}).status_code == 404
    assert waiting() == 0


def test_a_page_whose_form_was_closed_is_still_read(cast: Cast, tomas: Client) -> None:
    with_form(cast)
    row = portal("web-form")
    closed = PortalIn(
        key=row.key, name=row.name, kind=row.kind, owner_id=row.owner_id, interest_id=row.interest_id, is_on=False
    )
    save_portal(portal=closed, actor=by_user(cast.user["ada"]), now=MONDAY)
    page = Client().get("/p/quiet-pumps")
    assert page.status_code == 200
    assert 'name="email"' not in page.content.decode()
    assert Client().post("/p/quiet-pumps", {"email": "ann@berg.example"}).status_code == 404
    assert "Public, its form is closed" in tomas.get("/pages").content.decode()


def test_a_view_is_counted_in_browsers_on_our_page_and_opens_its_days(cast: Cast, tomas: Client) -> None:
    page_id = a_public_page(cast)

    def seen(**headers: str) -> int:
        return Client().post("/p/quiet-pumps/seen", headers=headers).status_code

    assert [seen(origin=settings.PUBLIC_URL, user_agent=FIREFOX) for _ in range(3)] == [204] * 3
    assert seen(origin=settings.PUBLIC_URL, user_agent="Googlebot/2.1") == 204
    assert seen(origin="https://evil.example", user_agent=FIREFOX) == 204
    assert Client().post("/p/nothing/seen", headers={"origin": settings.PUBLIC_URL}).status_code == 204
    assert pages.tallies()[page_id] == Tally(3, 0)
    assert f'href="/pages/{page_id}/views">3</a>' in tomas.get("/pages").content.decode()
    assert "Views of Quiet pumps: 3" in tomas.get(f"/pages/{page_id}/views").content.decode()


VISITOR = "6f1c1e0a-8f6b-4f0e-9a58-0f8f4f6f2a11"


def test_a_reader_is_a_visitor_only_where_the_page_asks_and_they_said_yes(cast: Cast) -> None:
    with_form(cast)
    page = opened("/p/quiet-pumps")
    assert "visits.js" not in page
    send(page, "/p/quiet-pumps", visitor=VISITOR)
    silent = arrived()
    assert isinstance(silent, Parsed)
    assert silent.visitor is None

    blocks = (Block(kind=Kind.FORM, portal_id=portal("web-form").id),)
    asking = PageIn(slug="asking", copy=Copy(title="Ask", blocks=blocks, asks=True, language="de"))
    page_id = pages.save_page(page=asking, now=MONDAY)
    pages.publish(page_id=page_id, actor=by_user(cast.user["tomas"]), now=MONDAY)
    page = opened("/p/asking")
    assert '<script defer src="/f/web-form/visits.js">' in page
    assert "Ganz ohne Cookie" in page
    send(page, "/p/asking", visitor=VISITOR)
    allowed = arrived()
    assert isinstance(allowed, Parsed)
    assert str(allowed.visitor) == VISITOR


def test_our_own_pages_may_tell_of_visits_and_others_only_from_the_list(cast: Cast) -> None:
    set_up(cast)
    body = orjson.dumps({"visitor": VISITOR, "page": f"{settings.PUBLIC_URL}/p/quiet-pumps"})
    for origin in ("https://evil.example", settings.PUBLIC_URL):
        headers = {"origin": origin, "user-agent": FIREFOX}
        assert Client().post("/f/web-form/seen", body, content_type="text/plain", headers=headers).status_code == 204
    assert Visit.objects.count() == 1


def test_a_page_without_a_form_can_not_ask(cast: Cast) -> None:
    copy = Copy(title="x", blocks=(Block(kind=Kind.TEXT, text="x"),), asks=True)
    page_id = pages.save_page(page=PageIn(slug="x", copy=copy), now=MONDAY)
    with pytest.raises(Invalid, match="Visits belong to the portal"):
        pages.publish(page_id=page_id, actor=by_user(cast.user["tomas"]), now=MONDAY)


def test_views_of_one_address_are_counted_so_many_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    page_id = a_public_page(cast)
    monkeypatch.setattr(public, "monotonic", lambda: 0.0)
    for _ in range(public.BURST + 5):
        Client().post("/p/quiet-pumps/seen", headers={"origin": settings.PUBLIC_URL, "user-agent": FIREFOX})
    assert pages.tallies()[page_id].views == public.BURST


def test_the_inquiries_of_a_page_open_and_name_those_whose_lead_one_sees(cast: Cast, tomas: Client) -> None:
    page_id = with_form(cast)
    pages.count_view(page_id=page_id, now=MONDAY)
    send(opened("/p/quiet-pumps"), "/p/quiet-pumps", name="Ann Berg")
    with clock.at(LATER):
        assert intake.take(Lane.LIVE, limit=5) == 1
    listed = tomas.get("/pages").content.decode()
    assert f'data-figure="1" href="/pages/{page_id}/inquiries"' in listed
    assert "100.0%" in listed
    rows = tomas.get(f"/pages/{page_id}/inquiries").content.decode()
    assert 'data-rows-total="1"' in rows
    assert re.search(r'<a href="/leads/\d+">Ann Berg</a>', rows)
    assert tomas.get("/pages?format=csv").status_code == 403  # portals are no table that a marketer may take out


def test_the_pages_of_a_programme_stand_together(cast: Cast, tomas: Client) -> None:
    spring = cast.programme["spring"]
    page_id = a_public_page(cast, programme_id=spring)
    pages.save_page(page=PageIn(slug="other", copy=Copy(title="Loud pumps")), now=MONDAY)
    for _ in range(2):
        pages.count_view(page_id=page_id, now=MONDAY)
    assert f'<a href="/pages?programme={spring}">Spring</a>' in tomas.get("/pages").content.decode()
    page = tomas.get(f"/pages?programme={spring}").content.decode()
    assert "Loud pumps" not in page
    assert "In all 2 views and 0 inquiries." in page


def test_the_list_asks_as_little_for_many_pages(cast: Cast, tomas: Client) -> None:
    a_public_page(cast)
    tomas.get("/pages")
    one = asked(tomas, "/pages")
    for number in range(10):
        pages.save_page(page=PageIn(slug=f"page-{number}", copy=Copy(title="x")), now=MONDAY)
    assert asked(tomas, "/pages") == one
