"""The conversation with an IMAP server: look, fetch, mark. Nothing here knows what a message is for."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from itertools import pairwise
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxFolderStatusError, MailboxLoginError
from imap_tools.utils import encode_folder

from leadloop.capture.mailbox.contracts import Account
from leadloop.kernel.errors import Unavailable
from leadloop.kernel.values import dataclass

PATIENCE = 20.0  # seconds for each answer
_MARK = 100  # messages in one command


@dataclass(frozen=True, slots=True)
class State:
    """How a folder stands: the era of its numbers, and the number that the next message will get."""

    uid_validity: int
    uid_next: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as it is on the server; `size` are its bytes there, more than those here when it was cut."""

    uid: int
    raw: bytes
    size: int


class Line:
    """An open folder. Raises Unavailable by `opened` for whatever goes wrong, in words without secrets."""

    def __init__(self, box: BaseMailBox, account: Account) -> None:
        self._box, self._account = box, account
        found = box.folder.status(account.folder, ["UIDVALIDITY", "UIDNEXT"])  # asked before the folder is opened
        self.state = State(found["UIDVALIDITY"], found["UIDNEXT"])
        box.folder.set(account.folder)
        # What a server is able to do it says in full only once it knows who asks.
        self._able = b" ".join(one for one in box.client.capability()[1] if one).decode("ascii", "replace").split()

    def behind(self, uid: int) -> list[int]:
        """Numbers of messages that came after this one."""
        return [one for one in self._search(f"UID {uid + 1}:*") if one > uid]

    def unread(self) -> list[int]:
        """Numbers of messages that nobody has opened."""
        return self._search("UNSEEN")

    def since(self, day: date) -> list[int]:
        """Numbers of messages that arrived on this day or later."""
        return self._search(f"SINCE {day:%d-%b-%Y}")

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Bytes of these messages; those that are gone meanwhile are left out."""
        found = {}
        for item in self._fetch(uids, "(UID RFC822.SIZE)"):
            words = _head(item).decode("ascii", "replace").upper().replace("(", " ").replace(")", " ").split()
            said = dict(pairwise(words))
            if "UID" in said and "RFC822.SIZE" in said:
                found[int(said["UID"])] = int(said["RFC822.SIZE"])
        return found

    def fetch(self, uid: int, *, size: int, most: int) -> Fetched | None:
        """Return a message without marking it, its beginning when it is longer than `most`; None when it is gone."""
        wanted = "BODY.PEEK[]" if size <= most else f"BODY.PEEK[]<0.{most}>"
        for item in self._fetch([uid], f"({wanted})"):
            if isinstance(item, tuple) and isinstance(item[1], bytes):
                return Fetched(uid, item[1], size)
        return None

    def done(self, uids: Sequence[int]) -> None:
        """Mark messages as read, and move them where what is done is kept. Others' messages are never touched.

        The library's own calls expunge, which would take away what somebody else has marked as deleted.
        """
        place = self._account.done_folder
        if place and uids and not self._box.folder.exists(place):
            self._box.folder.create(place)
        for start in range(0, len(uids), _MARK):
            some = ",".join(map(str, uids[start : start + _MARK]))
            self._ask("STORE", some, "+FLAGS.SILENT", r"(\Seen)")
            if place:
                self._move(some, place)

    def _move(self, uids: str, place: str) -> None:
        there = encode_folder(place)
        if "MOVE" in self._able:
            self._ask("MOVE", uids, there)
            return
        self._ask("COPY", uids, there)
        self._ask("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._able:
            self._ask("EXPUNGE", uids)

    def _search(self, criteria: str) -> list[int]:
        return sorted(int(uid) for uid in self._box.uids(criteria, charset=None))

    def _fetch(self, uids: Sequence[int], what: str) -> list[Any]:
        return [item for item in self._ask("FETCH", ",".join(map(str, uids)), what) if item] if uids else []

    def _ask(self, command: str, *words: Any) -> list[Any]:
        status, found = self._box.client.uid(command, *words)
        if status != "OK":
            raise imaplib.IMAP4.error(f"{command} was refused")
        return list(found)


def _head(item: Any) -> bytes:
    return bytes(item[0] if isinstance(item, tuple) else item)


@contextmanager
def opened(account: Account) -> Iterator[Line]:
    """Sign in and open the folder for as long as the block runs.

    Raises Unavailable: what a server says may repeat what it was told, so it is put into words of our own.
    """
    box: BaseMailBox | None = None
    try:
        box = _dial(account)
        sign_in = box.login if (account.login + account.secret).isascii() else box.login_utf8
        sign_in(account.login, account.secret, None)
        yield Line(box, account)
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
        raise _problem(error, account) from None
    finally:
        if box is not None:
            with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                box.logout()
            with suppress(OSError):
                box.client.shutdown()


def _dial(account: Account) -> BaseMailBox:
    if account.tls == "none":
        return MailBoxUnencrypted(account.host, account.port, PATIENCE)
    safe = ssl.create_default_context()
    if account.tls == "starttls":
        return MailBoxStartTls(account.host, account.port, PATIENCE, ssl_context=safe)
    return MailBox(account.host, account.port, PATIENCE, ssl_context=safe)


def _problem(error: Exception, account: Account) -> Unavailable:
    where = f"{account.host}:{account.port}"
    if isinstance(error, ssl.SSLError):
        return Unavailable(
            f"{where} can't be trusted: its certificate or TLS is not sound", mend="Check the kind of TLS"
        )
    if isinstance(error, MailboxLoginError) or "AUTHENTICATIONFAILED" in str(error):
        return Unavailable("The mailbox refuses the sign-in", mend="Check user and password")
    if isinstance(error, MailboxFolderSelectError | MailboxFolderStatusError):
        return Unavailable(f"There is no folder “{account.folder}”", mend="Check the name of the folder")
    if isinstance(error, OSError):
        return Unavailable(f"{where} can't be reached ({type(error).__name__})", mend="Check server, port and TLS")
    return Unavailable(f"{where} did not do as asked ({type(error).__name__})", mend="It is tried again by itself")
