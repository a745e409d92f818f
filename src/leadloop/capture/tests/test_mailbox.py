"""Mailboxes, read from a real IMAP server: stored before they are marked, once, whatever breaks off in between."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadloop.capture import mailbox as mailboxes
from leadloop.capture import services
from leadloop.capture.contracts import PortalKind
from leadloop.capture.mailbox import MailboxIn, MailboxRow, Way, line, polling
from leadloop.capture.models import Mailbox, Submission
from leadloop.capture.tests.conftest import NOW
from leadloop.capture.tests.letters import letter
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, NotFound, Unavailable
from leadloop.ledger.contracts import Lane, by_system
from leadloop.ledger.models import Event
from tests.support.dovecot import DOVECOT, PASSWORD, Server, dovecot

ME = by_system("test")
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    if not DOVECOT:
        pytest.skip("dovecot is not installed: apt-get install dovecot-imapd")
    with dovecot() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    """The server with its folders empty."""
    for folder in ("INBOX", "Done"):
        client = running.client(folder=folder)
        client.uid("STORE", "1:*", "+FLAGS.SILENT", r"(\Deleted)")
        client.expunge()
        client.logout()
    return running


@pytest.fixture
def portal(db: None, save: Any) -> int:
    found: int = save("mail", kind=PortalKind.MAIL).id
    return found


def wanted(portal: int, server: Server, **changed: Any) -> MailboxIn:
    given = {"host": "127.0.0.1", "port": server.port, "tls": "none", "login": "sales", "secret": PASSWORD}
    return MailboxIn(**{"portal_id": portal, "way": Way.IMAP, **given, **changed})


def set_up(portal: int, server: Server, **changed: Any) -> None:
    mailboxes.save_mailbox(mailbox=wanted(portal, server, **changed), actor=ME, now=NOW)


def look(at: datetime = NOW) -> int:
    with clock.at(at):
        return mailboxes.poll()


def stored() -> list[str]:
    """The subjects of what is in the inbox, in order."""
    bodies = Submission.objects.order_by("id").values_list("body", flat=True)
    return [bytes(one).partition(b"Subject: ")[2].partition(b"\r\n")[0].decode() for one in bodies]


def raw(subject: str) -> bytes:
    return letter(subject=subject).as_bytes().replace(b"\n", b"\r\n")


def health(portal: int) -> MailboxRow:
    found = mailboxes.mailbox(portal)
    assert found
    return found


def test_it_begins_with_what_is_unread_and_goes_on_with_what_comes(portal: int, server: Server) -> None:
    server.deliver(raw("old, read"), seen=True)
    server.deliver(raw("old, unread"))
    set_up(portal, server)
    assert (look(), stored(), server.uids("UNSEEN")) == (1, ["old, unread"], [])
    assert look(NOW + MINUTE / 2) == 0  # not due yet
    server.deliver(raw("new"))
    server.deliver(raw("opened by a colleague before we looked"), seen=True)
    assert look(NOW + MINUTE) == 2
    assert stored() == ["old, unread", "new", "opened by a colleague before we looked"]
    row = health(portal)
    assert (row.error, row.failures, row.ok_at, row.took_at) == ("", 0, NOW + MINUTE, NOW + MINUTE)
    assert look(NOW + 2 * MINUTE) == 0
    assert bytes(Submission.objects.all()[1].body) == bytes(Submission.objects.order_by("id")[1].body)


def test_what_is_stored_is_what_was_sent_byte_by_byte(portal: int, server: Server) -> None:
    odd = b"From: a@b.example\r\nSubject: \xff\xfe\r\n\r\nGr\xfc\xdfe\x00\r\n.\r\n".replace(b"\x00", b"")
    server.deliver(odd)
    set_up(portal, server)
    look()
    held = Submission.objects.get()
    assert (bytes(held.body), held.content_type, held.portal_id) == (odd, "message/rfc822", portal)


def test_a_crash_between_storing_and_marking_doubles_nothing_and_loses_nothing(
    portal: int, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(raw("one"), raw("two"))
    set_up(portal, server)

    def die(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(line.Line, "done", die)
        with pytest.raises(SystemExit):
            look()
    assert (stored(), len(server.uids("UNSEEN"))) == (["one", "two"], 2)
    assert look(NOW + MINUTE) == 0  # whoever died still has it
    assert look(NOW + polling.LEASE) == 2
    assert (stored(), server.uids("UNSEEN")) == (["one", "two"], [])


def test_a_crash_before_storing_leaves_everything_for_the_next(
    portal: int, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(raw("one"), raw("two"))
    set_up(portal, server)

    def die(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(polling.inbox, "store", die)
        with pytest.raises(SystemExit):
            look()
    assert (stored(), len(server.uids("UNSEEN"))) == ([], 2)
    assert look(NOW + polling.LEASE) == 2
    assert stored() == ["one", "two"]


def test_what_was_taken_is_moved_where_one_wants_it(portal: int, server: Server) -> None:
    server.deliver(raw("one"), raw("two"))
    set_up(portal, server, done_folder="Done")
    look()
    assert (server.uids(), len(server.uids(folder="Done")), stored()) == ([], 2, ["one", "two"])


@pytest.mark.parametrize("done_folder", ["", "Done"])
def test_what_a_colleague_has_marked_as_deleted_is_never_taken_away(
    portal: int, server: Server, done_folder: str
) -> None:
    server.deliver(raw("old"), seen=True)
    (old,) = server.uids()
    server.flag(old, r"\Deleted")
    server.deliver(raw("new"))
    set_up(portal, server, done_folder=done_folder)
    look()
    assert stored() == ["new"]
    assert old in server.uids()


def test_a_folder_that_is_numbered_anew_is_read_again_and_nothing_doubles(portal: int, server: Server) -> None:
    server.deliver(raw("one"), raw("two"))
    set_up(portal, server)
    look()
    era = Mailbox.objects.get().uid_validity
    server.number_anew()
    server.deliver(raw("three"))
    (third,) = server.uids("UNSEEN")
    server.flag(third, r"\Seen")
    look(NOW + MINUTE)
    assert Mailbox.objects.get().uid_validity != era
    assert stored() == ["one", "two", "three"]
    server.deliver(raw("four"))
    assert look(NOW + 2 * MINUTE) == 1
    assert stored() == ["one", "two", "three", "four"]


def test_a_message_marked_as_unread_by_hand_counts_once(portal: int, server: Server) -> None:
    server.deliver(raw("one"))
    set_up(portal, server)
    look()
    server.flag(server.uids()[0], r"\Seen", "-")
    assert look(NOW + MINUTE) == 1
    assert (stored(), server.uids("UNSEEN")) == (["one"], [])


def test_of_a_message_too_large_the_beginning_is_kept_and_the_rest_stays(
    portal: int, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "LONGEST_MAIL", 2000)
    monkeypatch.setattr(polling, "CUT", 500)
    big = letter("words " * 1000, subject="big").as_bytes().replace(b"\n", b"\r\n")
    server.deliver(big, raw("small"))
    set_up(portal, server)
    look()
    first, second = Submission.objects.order_by("id")
    assert (bytes(first.body), first.context) == (big[:500], {"cut": str(len(big))})
    assert (second.context, server.uids("UNSEEN"), len(server.uids())) == ({}, [], 2)


def test_many_messages_are_taken_turn_by_turn(portal: int, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "MOST", 3)
    monkeypatch.setattr(polling, "TOGETHER", 2)
    server.deliver(*(raw(str(number)) for number in range(7)))
    set_up(portal, server)
    assert [look(), look(), look(), look()] == [3, 3, 1, 0]  # at once, as long as there is more
    assert stored() == [str(number) for number in range(7)]


def test_what_goes_wrong_stands_on_the_mailbox_and_is_tried_again_ever_later(portal: int, server: Server) -> None:
    set_up(portal, server, secret="wrong")
    server.deliver(raw("one"))
    assert look() == 0
    row = health(portal)
    assert (row.failures, row.error_at, row.next_at) == (1, NOW, NOW + MINUTE)
    assert "refuses the sign-in" in row.error
    for number in range(1, 12):
        due = health(portal).next_at
        assert due
        look(due)
        assert health(portal).failures == number + 1
    last = health(portal)
    assert last.error_at
    assert last.next_at == last.error_at + polling.LONGEST_PAUSE
    set_up(portal, server)
    assert (look(), health(portal).error, health(portal).failures) == (1, "", 0)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"secret": "wrong"}, "refuses the sign-in"),
        ({"folder": "Nowhere"}, "no folder “Nowhere”"),
        ({"port": 9}, "can't be reached"),
        ({"tls": "implicit"}, "can't be"),
    ],
)
def test_trying_says_what_is_wrong_without_any_secret(
    portal: int, server: Server, changed: dict[str, Any], says: str
) -> None:
    trial = mailboxes.try_mailbox(wanted(portal, server, **changed))
    assert not trial.ok
    assert says in trial.says
    assert "wrong" not in trial.says
    assert PASSWORD not in trial.says


def test_a_certificate_that_nobody_vouches_for_is_refused(portal: int, server: Server) -> None:
    for tls, port in (("implicit", server.tls_port), ("starttls", server.port)):
        trial = mailboxes.try_mailbox(wanted(portal, server, host="localhost", tls=tls, port=port))
        assert (trial.ok, "can't be trusted" in trial.says) == (False, True)


def test_trying_opens_the_mailbox_and_changes_nothing(portal: int, server: Server) -> None:
    server.deliver(raw("one"))
    trial = mailboxes.try_mailbox(wanted(portal, server))
    assert (trial.ok, trial.unread) == (True, 1)
    assert (server.uids("UNSEEN") != [], stored(), mailboxes.mailbox(portal)) == (True, [], None)
    set_up(portal, server)
    assert mailboxes.try_mailbox(wanted(portal, server, secret=None)).ok  # with the one that is kept


def test_the_secret_is_kept_sealed_and_shown_nowhere(portal: int, server: Server) -> None:
    set_up(portal, server)
    kept = Mailbox.objects.get()
    assert PASSWORD not in kept.secret
    assert kept.secret
    assert PASSWORD not in repr(health(portal)) + repr(wanted(portal, server)) + repr(kept.__dict__)
    fact = Event.objects.get(kind="mailbox.saved")
    assert PASSWORD not in str(fact.payload)
    set_up(portal, server, secret=None, done_folder="Done")
    assert Mailbox.objects.get().secret == kept.secret


def test_a_key_that_has_changed_is_said_so(portal: int, server: Server, settings: Any) -> None:
    set_up(portal, server)
    settings.SECRET_KEY = "another key of at least thirty-two letters"
    assert look() == 0
    assert "Enter the secret again" in health(portal).error


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"host": ""}, "host"),
        ({"host": "imap.example.com", "tls": "none"}, "tls"),
        ({"tls": "ssl3"}, "tls"),
        ({"port": 70000}, "port"),
        ({"login": " "}, "login"),
        ({"secret": None}, "secret"),
    ],
)
def test_mistakes_name_their_field(portal: int, changed: dict[str, Any], field: str) -> None:
    given = {"host": "localhost", "tls": "none", "login": "sales", "secret": "x", **changed}
    with pytest.raises(Invalid) as wrong:
        mailboxes.save_mailbox(mailbox=MailboxIn(portal_id=portal, way=Way.IMAP, **given), actor=ME, now=NOW)
    assert wrong.value.field == field


def test_only_portals_for_mail_have_a_mailbox(db: None, save: Any) -> None:
    with pytest.raises(NotFound):
        mailboxes.save_mailbox(mailbox=MailboxIn(portal_id=save().id, way=Way.POSTMARK), actor=ME, now=NOW)


def test_another_mailbox_begins_anew_and_a_closed_portal_rests(portal: int, server: Server, save: Any) -> None:
    server.deliver(raw("one"))
    set_up(portal, server)
    look()
    set_up(portal, server, folder="Done")
    assert (Mailbox.objects.get().uid_validity, Mailbox.objects.get().last_uid) == (None, 0)
    server.deliver(raw("two"), folder="Done")
    save("mail", kind=PortalKind.MAIL, is_on=False)
    assert look() == 0
    save("mail", kind=PortalKind.MAIL)
    assert (look(), stored()) == (1, ["one", "two"])


def test_each_mailbox_is_read_by_one_at_a_time(portal: int, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.deliver(raw("one"))
    set_up(portal, server)
    others: list[int] = []
    take = polling._take

    def meanwhile(*given: Any) -> Any:
        others.append(look())
        return take(*given)

    monkeypatch.setattr(polling, "_take", meanwhile)
    assert (look(), others) == (1, [0])


def test_a_server_that_says_nonsense_is_a_problem_in_words(portal: int, server: Server, monkeypatch: Any) -> None:
    set_up(portal, server)

    def odd(*_: Any) -> Any:
        raise ValueError(f"token {PASSWORD}")

    monkeypatch.setattr(line.Line, "unread", odd)
    assert look() == 0
    assert "did not do as asked" in health(portal).error
    assert PASSWORD not in health(portal).error
    with pytest.raises(Unavailable), line.opened(_account(server)):
        raise ConnectionResetError


def _account(server: Server) -> Any:
    return polling.account_of(Mailbox.objects.values().get())


def test_a_server_that_can_only_copy_loses_no_message_of_others(
    portal: int, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = line.Line.__init__

    def less_able(self: Any, *given: Any) -> None:
        made(self, *given)
        self._able = ["IMAP4rev1"]

    monkeypatch.setattr(line.Line, "__init__", less_able)
    server.deliver(raw("one"))
    set_up(portal, server, done_folder="Done")
    look()
    look(NOW + MINUTE)
    assert (len(server.uids("DELETED")), len(server.uids(folder="Done")), stored()) == (1, 1, ["one"])


def test_117_real_bounces_go_through_a_real_mailbox_and_none_is_an_inquiry(
    portal: int, server: Server, data: Path, tmp_path: Path
) -> None:
    shutil.unpack_archive(data / "bounces_flufl" / "flufl_bounce_test_data.tar.xz", tmp_path)
    texts = [_without_envelope(one.read_bytes()) for one in sorted(tmp_path.rglob("*.txt"))]
    server.deliver(*texts)
    set_up(portal, server)
    assert look() == len(texts) == 117
    parsed, held = services.read(services.claim(lane=Lane.LIVE, limit=200, now=NOW), now=NOW)
    assert [one.candidate.given for one in parsed] == ["Ivette"]  # a person wrote it
    assert Counter(str(one.code) for one in held) == {"bounce": 113, "bulk_mail": 2, "automatic_reply": 1}


def _without_envelope(message: bytes) -> bytes:
    """What a mail server takes: no line of a mailbox file before it, and CRLF."""
    text = message.replace(b"\r\n", b"\n")
    head, _, rest = text.partition(b"\n")
    return (rest if head.startswith(b"From ") else text).replace(b"\n", b"\r\n")
