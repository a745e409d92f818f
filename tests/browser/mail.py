"""What e-mail looks like at work: a mailbox in trouble, a bounce, and a letter that waits to be put right."""

from __future__ import annotations

from django.db import connection

from leadloop.capture import inbox, services
from leadloop.capture.contracts import Delivery, PortalKind
from leadloop.capture.mailbox import MailboxIn, Way, save_mailbox
from leadloop.capture.mailbox.key import key_of
from leadloop.capture.queries import portal
from leadloop.capture.services import PortalIn
from leadloop.capture.tests.letters import letter, report
from leadloop.catalogue.queries import families
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane, by_system
from leadloop.platform.queries import users

ME = by_system("test")


def with_mail() -> None:
    """Set it up in the database that is in use."""
    now, somebody = clock.now(), min(users(active=True))
    wanted = PortalIn(
        key="mail",
        name="Sales mail",
        kind=PortalKind.MAIL,
        owner_id=somebody,
        interest_id=min(families()),
    )
    services.save_portal(portal=wanted, actor=ME, now=now)
    held = portal("mail").id
    save_mailbox(
        mailbox=MailboxIn(portal_id=held, way=Way.IMAP, host="imap.example.com", login="sales", secret="secret"),
        actor=ME,
        now=now,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "update capture_mailbox set failures = 3, error = 'The mailbox refuses the sign-in. Check the password',"
            " error_at = now(), ok_at = now(), took_at = now(), next_at = now() + interval '4 minutes'"
        )
    own = users(active=True)[somebody].email
    text = "Please see Dana's question:\n\nWe need two pumps for Munich.\nWhen could you deliver?"
    raw = (
        report("<m1.0123456789abcdef0123@example.com>", "dana@acme.example"),
        letter(text, sender=f"A colleague <{own}>").as_bytes(),
    )
    made = [Delivery(portal_id=held, key=key_of(one), body=one, content_type="message/rfc822") for one in raw]
    inbox.store(made, lane=Lane.LIVE, received_at=now)
    _, refused = services.read(services.claim(lane=Lane.LIVE, limit=50, now=now), now=now)
    services.quarantine(refused, actor=ME, now=now)
