"""E-mails as people and machines write them, for the stories of this room and of others."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import count

from leadloop.capture.tests.conftest import NOW

OURS = "sales@alder-finch.example"
_numbers = count(1)


def letter(
    text: str = "We need two pumps. Please call me.",
    *,
    sender: str = "Dana Ruiz <dana@acme.example>",
    subject: str = "Two pumps",
    at: datetime = NOW,
    answers: str = "",
    html: str = "",
    **headers: str,
) -> EmailMessage:
    """A message that somebody wrote by hand, to be changed as a story needs it; `_` in header names stands for "-"."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, OURS, subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{next(_numbers)}@acme.example>"
    if answers:
        made["In-Reply-To"] = answers
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made


def report(
    message_id: str, to: str, *, status: str = "5.1.1", action: str = "failed", said: str = "550 5.1.1 User unknown"
) -> bytes:
    """A delivery report (RFC 3464) about a message of ours."""
    return f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.acme.example>
To: {OURS}
Subject: Undelivered Mail Returned to Sender
Date: Mon, 02 Mar 2026 10:00:00 +0000
Message-ID: <report-{next(_numbers)}@mx.acme.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acme.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--b1
Content-Type: text/rfc822-headers

From: {OURS}
To: <{to}>
Subject: Your inquiry
Message-ID: {message_id}

--b1--
""".replace("\n", "\r\n").encode()


def complaint(message_id: str, to: str) -> bytes:
    """A feedback report (RFC 5965): the recipient called a message of ours spam."""
    return f"""From: <feedback@isp.example>
To: <{OURS}>
Subject: FW: Your inquiry
Date: Mon, 02 Mar 2026 10:00:00 +0000
Message-ID: <arf-{next(_numbers)}@isp.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: text/plain

This is an e-mail abuse report.

--b1
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: {to}

--b1
Content-Type: message/rfc822

From: {OURS}
To: <{to}>
Subject: Your inquiry
Message-ID: {message_id}

Hello

--b1--
""".replace("\n", "\r\n").encode()
