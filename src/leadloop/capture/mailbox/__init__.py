"""Mailboxes of portals: set up, tried, and read by a worker into the one inbox."""

from leadloop.capture.mailbox.contracts import LONGEST_POST, TLS, WAYS, MailboxIn, MailboxRow, Trial, Way
from leadloop.capture.mailbox.polling import poll
from leadloop.capture.mailbox.posting import Post, authenticate, take_in
from leadloop.capture.mailbox.queries import mailbox, mailboxes
from leadloop.capture.mailbox.saving import save_mailbox, try_mailbox

__all__ = [
    "LONGEST_POST",
    "TLS",
    "WAYS",
    "MailboxIn",
    "MailboxRow",
    "Post",
    "Trial",
    "Way",
    "authenticate",
    "mailbox",
    "mailboxes",
    "poll",
    "save_mailbox",
    "take_in",
    "try_mailbox",
]
