"""Setting a mailbox up, and trying it before it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.capture.contracts import PortalKind
from leadloop.capture.facts import MailboxSaved
from leadloop.capture.mailbox.contracts import PORTS, TLS, Account, MailboxIn, Trial, Way
from leadloop.capture.mailbox.line import opened
from leadloop.capture.mailbox.secret import closed, disclosed
from leadloop.capture.models import Mailbox, Portal
from leadloop.kernel.errors import Invalid, NotFound, Unavailable
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_PLACE = ("way", "host", "login", "folder")  # what else is another mailbox, whose position is another


@transaction.atomic
def save_mailbox(*, mailbox: MailboxIn, actor: Actor, now: datetime) -> None:
    """Set up or change how mail reaches a portal for mail. Invalid names the wrong field.

    Another mailbox begins anew: with what is unread in it, and what comes from then on. It is read at once.
    """
    if not Portal.objects.filter(id=mailbox.portal_id, kind=PortalKind.MAIL).exists():
        raise NotFound("there is no such portal for e-mail", field="portal")
    standing = Mailbox.objects.select_for_update().filter(portal_id=mailbox.portal_id).first()
    wanted = _checked(mailbox, standing)
    if standing is None:
        Mailbox.objects.create(portal_id=mailbox.portal_id, next_at=now, created_at=now, **wanted)
        changed = sorted(wanted)
    else:
        changed = sorted(name for name, value in wanted.items() if getattr(standing, name) != value)
        if mailbox.secret:
            changed = sorted({*changed, "secret"})
        anew = {"uid_validity": None, "last_uid": 0, "created_at": now} if set(changed) & set(_PLACE) else {}
        calm = {"next_at": now, "lease_until": None, "failures": 0, "error": "", "error_at": None}
        Mailbox.objects.filter(id=standing.id).update(**wanted, **anew, **calm)
    if changed:
        record([MailboxSaved(happened_at=now, portal_id=mailbox.portal_id, changed=changed)], actor=actor)


def try_mailbox(mailbox: MailboxIn) -> Trial:
    """Sign in, open the folder and count what is unread; nothing is marked or kept. Never inside a transaction."""
    standing = Mailbox.objects.filter(portal_id=mailbox.portal_id).first()
    try:
        wanted = _checked(mailbox, standing)
        with opened(account_of(wanted)) as line:
            unread = len(line.unread())
    except (Unavailable, Invalid) as error:
        return Trial(ok=False, says=str(error))
    waits = "No message is" if not unread else "1 message is" if unread == 1 else f"{unread:,} messages are"
    return Trial(ok=True, says=f"The mailbox opens. {waits} unread in “{wanted['folder']}”.", unread=unread)


def account_of(row: dict[str, Any]) -> Account:
    """What a connection needs, its secret opened. Raises Unavailable when that can't be read any more."""
    names = ("host", "port", "tls", "login", "folder", "done_folder")
    return Account(secret=disclosed(row["secret"]), **{name: row[name] for name in names})


def _checked(given: MailboxIn, standing: Mailbox | None) -> dict[str, Any]:
    """The columns to write; Invalid for the first thing that can't be."""
    kept = standing.secret if standing and standing.way == given.way else ""
    secret = closed(given.secret) if given.secret else kept
    common = {"way": str(given.way), "secret": secret}
    if given.way is not Way.IMAP:
        empty = {"host": "", "port": 0, "tls": "implicit", "login": "", "folder": "INBOX", "done_folder": ""}
        return {**common, **empty}
    host = one_line(given.host, 255).lower()
    if not host or any(sign in host for sign in " /@"):
        raise Invalid("a mailbox needs its server", field="host", mend="Write it like imap.example.com")
    if given.tls not in TLS:
        raise Invalid("this is no kind of TLS", field="tls", mend=f"Use one of: {', '.join(TLS)}")
    if given.tls == "none" and host not in _LOCAL:
        raise Invalid("a password would travel in clear", field="tls", mend="Without TLS only this machine is read")
    if not 0 <= given.port <= 65535:
        raise Invalid("this is no port", field="port", mend="Leave it empty for the usual one")
    if not given.login.strip() or not secret:
        raise Invalid("a mailbox needs a user and a password", field="login" if secret else "secret", mend="Enter both")
    return {
        **common,
        "host": host,
        "port": given.port or PORTS[given.tls],
        "tls": given.tls,
        "login": one_line(given.login, 255),
        "folder": one_line(given.folder, 255) or "INBOX",
        "done_folder": one_line(given.done_folder, 255),
    }
