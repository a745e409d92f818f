"""E-mail as a portal: its mailbox set up on its page, providers that post to it, and what was set aside."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from django.test import Client

from leadloop.capture import mailbox as mailboxes
from leadloop.capture.contracts import Code, PortalKind
from leadloop.capture.mailbox import MailboxIn, Way, line
from leadloop.capture.models import Mailbox, Submission
from leadloop.capture.queries import portal as portal_by_key
from leadloop.capture.services import PortalIn, claim, new_token, quarantine, read, returned, save_portal
from leadloop.capture.tests.letters import letter, report
from leadloop.front.body_limit import most
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane, by_system, by_user
from leadloop.outreach import services as outreach
from leadloop.outreach.contracts import Draft, Purpose
from leadloop.outreach.models import Message
from leadloop.people import services as people
from leadloop.people.contracts import ContactValue, NewPerson
from leadloop.people.queries import reachable
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
ME = by_system("test")
KEY = "mailgun-signing-key"


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


@pytest.fixture
def portal(cast: Cast) -> Any:
    wanted = PortalIn(
        key="mail",
        name="Sales mail",
        kind=PortalKind.MAIL,
        owner_id=cast.user["tomas"],
        interest_id=cast.interest["general"],
    )
    save_portal(portal=wanted, actor=by_user(cast.user["tomas"]), now=MONDAY)
    return portal_by_key("mail")


def typed(**changed: str) -> dict[str, str]:
    given = {
        "way": "imap",
        "host": "imap.alder-finch.example",
        "tls": "implicit",
        "port": "",
        "login": "sales",
        "secret": "Tr0ub4dor",
        "folder": "INBOX",
        "done_folder": "",
    }
    return {**given, **changed}


def posted_by(portal: Any, way: Way, *, secret: str | None = None) -> str:
    """The portal is posted to by a provider; returns its secret."""
    mailboxes.save_mailbox(mailbox=MailboxIn(portal_id=portal.id, way=way, secret=secret), actor=ME, now=MONDAY)
    return new_token(portal_id=portal.id, actor=ME, now=MONDAY)


def basic(token: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"mail:{token}".encode()).decode()}


def post(portal: Any, body: bytes, content_type: str, headers: dict[str, str]) -> Any:
    return Client().generic("POST", f"/api/mail-in/{portal.slug}", body, content_type, headers=headers)


RAW = letter("We need two pumps.").as_bytes()


def form(fields: dict[str, str], file: bytes = b"") -> tuple[bytes, str]:
    """A multipart form as providers send it."""
    parts = [
        f'--f0rm\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file:
        head = '--f0rm\r\nContent-Disposition: form-data; name="attachment-1"; filename="plan.pdf"\r\n'
        parts.append(f"{head}Content-Type: application/pdf\r\n\r\n".encode() + file + b"\r\n")
    return b"".join(parts) + b"--f0rm--\r\n", "multipart/form-data; boundary=f0rm"


def signature(moment: str = "1772442000") -> dict[str, str]:
    token = "a" * 50
    digest = hmac.new(KEY.encode(), f"{moment}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": moment, "token": token, "signature": digest}


def mailgun() -> tuple[bytes, str]:
    headers = orjson.dumps([["From", "Dana Ruiz <dana@acme.example>"], ["Subject", "Two pumps"]]).decode()
    fields = {**signature(), "message-headers": headers, "body-plain": "We need two pumps.", "attachment-count": "1"}
    return form(fields, b"%PDF" * 600)


def postmark() -> tuple[bytes, str]:
    said = {
        "FromFull": {"Email": "dana@acme.example", "Name": "Dana Ruiz"},
        "ToFull": [{"Email": "sales@alder-finch.example", "Name": ""}],
        "Subject": "Two pumps",
        "TextBody": "We need two pumps.",
        "Headers": [{"Name": "Return-Path", "Value": "<dana@acme.example>"}],
        "Attachments": [
            {"Name": "plan.pdf", "ContentType": "application/pdf", "Content": b64encode(b"%PDF" * 600).decode()}
        ],
    }
    return orjson.dumps(said), "application/json"


def sendgrid() -> tuple[bytes, str]:
    return form({"email": RAW.decode(), "envelope": '{"to": ["sales@x.example"], "from": "dana@acme.example"}'})


def amazon_ses() -> tuple[bytes, str]:
    event = {
        "notificationType": "Received",
        "receipt": {"action": {"type": "SNS", "encoding": "BASE64"}},
        "mail": {"source": "dana@acme.example", "destination": ["sales@x.example"]},
        "content": b64encode(RAW).decode(),
    }
    said = {"Type": "Notification", "MessageId": "1", "TopicArn": "arn", "Message": orjson.dumps(event).decode()}
    return orjson.dumps(said), "text/plain; charset=UTF-8"


@pytest.mark.parametrize(
    ("way", "made"),
    [
        (Way.MAILGUN, mailgun),
        (Way.POSTMARK, postmark),
        (Way.SENDGRID, sendgrid),
        (Way.AMAZON_SES, amazon_ses),
    ],
)
def test_each_provider_posts_what_comes_once(portal: Any, way: Way, made: Any) -> None:
    token = posted_by(portal, way)
    body, content_type = made()
    first = post(portal, body, content_type, basic(token))
    assert (first.status_code, first.json()["status"]) == (200, "stored")
    held = Submission.objects.get()
    assert (bytes(held.body), held.content_type) == (body, content_type)  # as it came
    assert post(portal, body, content_type, basic(token)).json()["id"] == first.json()["id"]
    (told,), refused = read(claim(lane=Lane.LIVE, limit=5, now=MONDAY), now=MONDAY)
    assert refused == []
    assert (told.candidate.email, told.candidate.family) == ("dana@acme.example", "Ruiz")
    assert told.message.startswith("Two pumps\n\nWe need two pumps.")
    assert ("plan.pdf (2 kB)" in told.message) == (way in (Way.MAILGUN, Way.POSTMARK))


def test_a_retry_that_is_signed_anew_is_the_same_message(portal: Any) -> None:
    token = posted_by(portal, Way.MAILGUN)
    for moment in ("1772442000", "1772442600"):
        body, content_type = form({**signature(moment), "body-mime": RAW.decode()})
        assert post(portal, body, content_type, basic(token)).status_code == 200
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, basic("wrong"), {"Authorization": "Basic x"}, {"Authorization": "Bearer y"}])
def test_without_the_secret_nothing_is_stored(portal: Any, headers: dict[str, str]) -> None:
    posted_by(portal, Way.POSTMARK)
    answer = post(portal, *postmark(), headers)
    assert (answer.status_code, answer["WWW-Authenticate"], Submission.objects.count()) == (
        401,
        'Basic realm="mail"',
        0,
    )


def test_mailgun_may_sign_instead(portal: Any) -> None:
    posted_by(portal, Way.MAILGUN, secret=KEY)
    assert post(portal, *mailgun(), {}).status_code == 200
    forged, content_type = form({**signature(), "signature": "0" * 64, "body-mime": RAW.decode()})
    assert post(portal, forged, content_type, {}).status_code == 401
    assert post(portal, b"{}", "application/json", {}).status_code == 401
    pairs = urlencode({**signature(), "body-mime": RAW.decode()}).encode()
    assert post(portal, pairs, "application/x-www-form-urlencoded", {}).status_code == 200


def test_what_holds_no_mail_is_stored_all_the_same_and_looked_at(portal: Any) -> None:
    token = posted_by(portal, Way.AMAZON_SES)
    asks = orjson.dumps({"Type": "SubscriptionConfirmation", "SubscribeURL": "https://sns.example/confirm"})
    assert post(portal, asks, "text/plain", basic(token)).status_code == 200
    _, (held,) = read(claim(lane=Lane.LIVE, limit=5, now=MONDAY), now=MONDAY)
    assert held.code == Code.NO_LETTER


def test_only_an_open_portal_that_is_posted_to_takes_posts(portal: Any, cast: Cast) -> None:
    token = new_token(portal_id=portal.id, actor=ME, now=MONDAY)
    assert post(portal, *postmark(), basic(token)).status_code == 404  # no mailbox yet
    client = as_user(cast, "tomas")
    client.post(f"/portals/{portal.id}/mailbox", typed())
    assert post(portal, *postmark(), basic(token)).status_code == 404  # one that we read
    assert Client().get(f"/api/mail-in/{portal.slug}").status_code == 405


def test_mail_may_be_longer_than_a_page() -> None:
    assert most("/api/mail-in/mail") > 25 * 1024 * 1024 > most("/quarantine")


def test_a_mail_larger_than_the_limit_of_pages_arrives(portal: Any, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    token = posted_by(portal, Way.SENDGRID)
    big = letter("words " * 5000).as_bytes().decode()
    assert post(portal, *form({"email": big}), basic(token)).status_code == 200
    parsed, refused = read(claim(lane=Lane.LIVE, limit=5, now=MONDAY), now=MONDAY)
    assert (len(parsed), refused) == (1, [])


def test_a_mailbox_is_set_up_on_the_portal_and_its_password_shown_nowhere(portal: Any, cast: Cast) -> None:
    client = as_user(cast, "tomas")
    assert "Nothing comes in yet" in client.get(f"/portals/{portal.id}").content.decode()
    assert client.post(f"/portals/{portal.id}/mailbox", typed())["Location"] == f"/portals/{portal.id}"
    page = client.get(f"/portals/{portal.id}").content.decode()
    assert "sales at imap.alder-finch.example, INBOX" in page
    assert "empty keeps the one there is" in page
    assert "Tr0ub4dor" not in page
    client.post(f"/portals/{portal.id}/mailbox", typed(secret="", done_folder="Done"))
    kept = Mailbox.objects.get()
    assert (kept.done_folder, bool(kept.secret), kept.port) == ("Done", True, 993)


def test_mistakes_are_said_at_their_fields_and_the_password_is_not_sent_back(portal: Any, cast: Cast) -> None:
    answer = as_user(cast, "tomas").post(f"/portals/{portal.id}/mailbox", typed(host="", tls="none"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A mailbox needs its server. Write it like imap.example.com." in page
    assert "Tr0ub4dor" not in page


def test_the_connection_is_tried_with_what_is_typed(portal: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_user(cast, "tomas")

    def away(_: Any) -> Any:
        raise ConnectionRefusedError

    monkeypatch.setattr(line, "_dial", away)
    page = client.post(f"/portals/{portal.id}/mailbox/try", typed()).content.decode()
    assert "imap.alder-finch.example:993 can&#x27;t be reached (ConnectionRefusedError)" in page
    assert Mailbox.objects.count() == 0
    page = client.post(f"/portals/{portal.id}/mailbox/try", typed(way="postmark")).content.decode()
    assert "the provider comes to us" in page


def test_trouble_with_the_mailbox_stands_on_its_page(portal: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_user(cast, "tomas")
    client.post(f"/portals/{portal.id}/mailbox", typed())
    monkeypatch.setattr(line, "_dial", lambda _: (_ for _ in ()).throw(TimeoutError()))
    mailboxes.poll()
    page = client.get(f"/portals/{portal.id}").content.decode()
    assert "can&#x27;t be reached (TimeoutError)" in page
    assert "It is tried again at" in page


def test_the_address_for_a_provider_is_shown_and_asks_for_the_secret(portal: Any, cast: Cast) -> None:
    client = as_user(cast, "tomas")
    client.post(f"/portals/{portal.id}/mailbox", typed(way="postmark", host="", login="", secret=""))
    page = client.get(f"/portals/{portal.id}").content.decode()
    assert f"/api/mail-in/{portal.slug}" in page
    assert "Make a new secret" in page


def test_who_may_only_look_sees_how_it_fares_and_no_form(portal: Any, cast: Cast) -> None:
    as_user(cast, "tomas").post(f"/portals/{portal.id}/mailbox", typed())
    client = as_user(cast, "grace")
    page = client.get(f"/portals/{portal.id}").content.decode()
    assert "Last looked" in page
    assert "mailbox/try" not in page
    assert client.post(f"/portals/{portal.id}/mailbox", typed()).status_code == 403


def set_aside(portal: Any, *raw: bytes) -> list[int]:
    """Mail that comes and is no inquiry."""
    token = posted_by(portal, Way.SENDGRID)
    ids = [post(portal, *form({"email": one.decode()}), basic(token)).json()["id"] for one in raw]
    _, held = read(claim(lane=Lane.LIVE, limit=50, now=MONDAY), now=MONDAY)
    quarantine(held, actor=ME, now=MONDAY)
    return ids


def test_what_is_no_inquiry_waits_for_nobody_and_is_there_to_be_looked_up(portal: Any, cast: Cast) -> None:
    news = letter("Our news", subject="News", Precedence="bulk").as_bytes()
    colleague = letter("See below", sender="Kim <kim@alder-finch.example>").as_bytes()
    set_aside(portal, news, colleague)
    client = as_user(cast, "ada")
    page = client.get("/quarantine").content.decode()
    assert "From a colleague" in page
    assert "<em>1</em>" in page
    assert "Newsletter or list</a>" not in page
    page = client.get("/quarantine?tab=none").content.decode()
    assert "Newsletter or list</a>" in page
    assert "From a colleague</a>" not in page
    assert "1 delivery waits in" in client.get("/portals").content.decode()


def test_a_letter_is_shown_as_people_read_one_and_sent_through_put_right(portal: Any, cast: Cast) -> None:
    text = "Please see Dana's question:\n\nWe need two pumps.\nSoon."
    (held,) = set_aside(portal, letter(text, sender="Kim <kim@alder-finch.example>").as_bytes())
    client = as_user(cast, "ada")
    page = client.get(f"/quarantine/{held}").content.decode()
    assert "We need two pumps." in page
    assert "A colleague sent it." in page
    shown = page.partition('name="value-0" value="')[2].partition('"')[0]
    assert shown
    place = page.partition('value="kim@alder-finch.example"')[0].rpartition('name="value-')[2].partition('"')[0]
    message = page.partition("<textarea")[2].partition('name="value-')[2].partition('"')[0]
    given = {
        f"value-{place}": "dana@acme.example",
        f"value-{message}": f"Two pumps\n\n{text}".replace("\n", "\r\n"),
    }
    assert client.post(f"/quarantine/{held}/replay", given).status_code == 302
    assert Submission.objects.get(id=held).corrected == {"email": "dana@acme.example"}
    (told,), _ = read(claim(lane=Lane.LIVE, limit=5, now=MONDAY), now=MONDAY)
    assert told.candidate.email == "dana@acme.example"


def test_a_bounce_can_be_taken_back_where_it_is_shown(portal: Any, cast: Cast) -> None:
    known = NewPerson(ref=1, given="Dana", emails=(ContactValue("dana@acme.example", "dana@acme.example"),))
    dana = people.remember([known], actor=ME, now=MONDAY)[1]
    draft = Draft(occasion="x:1", purpose=Purpose.TRANSACTIONAL, subject="Hello", text="Hello", person_id=dana)
    (sent,) = outreach.queue([draft], actor=ME, now=MONDAY)
    named = f"<m{sent}.0123456789abcdef0123@alder-finch.example>"
    Message.objects.filter(id=sent).update(
        state="sent", sent_at=MONDAY, begun_at=MONDAY, message_id=named, to_address="dana@acme.example"
    )
    (held,) = set_aside(portal, report(named, "dana@acme.example"))
    outreach.note_returns(returned([held]), actor=ME, now=MONDAY)
    assert reachable([dana], "email", "transactional")[dana].address is None
    client = as_user(cast, "ada")
    assert "Use the address again" in client.get(f"/quarantine/{held}").content.decode()
    page = client.post(f"/quarantine/{held}/use-again", follow=True).content.decode()
    assert "The address may be used again." in page
    assert reachable([dana], "email", "transactional")[dana].address == "dana@acme.example"
