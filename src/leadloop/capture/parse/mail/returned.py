"""Bounces and complaints: whether a letter is one, and what it says of which message of ours."""

from __future__ import annotations

import re
from email.message import Message

from flufl.bounce import all_failures

from leadloop.capture.parse.mail.charsets import decoded, decoded_header
from leadloop.capture.parse.mail.letter import Letter
from leadloop.capture.parse.mail.parts import leaves_of
from leadloop.kernel.text import email
from leadloop.outreach.contracts import Return, Returned
from leadloop.outreach.rules.returns import GRAVE, class_of

_OURS = re.compile(rb"<m\d{1,19}\.[0-9a-f]{20}@[^\s<>]{1,255}>")
_SENDERS = re.compile(
    r"(?:mailer-?daemon|post-?master|mail-?daemon|mdaemon|mail-?system|bounce\w*|ndr|mailadmin)\b", re.I
)
_SUBJECT = re.compile(
    r"undeliver|deliver\w* (?:status|fail|error|problem|notif|delay|report)|return(?:ed|ing) (?:mail|message|to sender)"
    r"|failure notice|failed (?:mail|delivery)|mail (?:delivery|error|fail|system|status|could)"
    r"|could(?: not|n't) be delivered"
    r"|not delivered|non-?deliver|nondeliver|unknown user|user unknown|unzustellbar|unbekannter|non remis|no entregado"
    r"|message (?:status|delivery)|warning: (?:message|could)|delivery has failed|permanent|rejected|bounce",
    re.I,
)
_MOST_WORDS = 20_000
Failures = tuple[frozenset[bytes], frozenset[bytes]]


def complaint(letter: Letter) -> Returned | None:
    """What a feedback report (RFC 5965) says, None for any other letter."""
    if not _is_report(letter, "feedback-report"):
        return None
    told = _fields(letter, "message/feedback-report")
    recipients = [told.get("original-rcpt-to", ""), *_headers_of_original(letter).get("to", "").split(",")]
    return Returned(kind=Return.COMPLAINT, message_id=_message_id(letter), recipients=_normal(recipients))


def bounce(letter: Letter) -> Returned | None:
    """What a report of failed or late delivery says, None for any other letter.

    A standard report (RFC 3464) is believed as such. Anything else must come from a mail system, or say so in its
    subject, and then name an address that failed, unless it says both: a person may quote an error without being one.
    """
    is_report = _is_report(letter, "delivery-status")
    if not is_report and not _may_be_bounce(letter):
        return None
    late, gone = _failures(letter.message)
    if not (late or gone):
        late, gone = _failures(_plain(letter))
    told = _fields(letter, "message/delivery-status")
    if not (is_report or late or gone or _says_twice(letter)):
        return None
    action = told.get("action", "").lower()
    if is_report and action in {"delivered", "relayed", "expanded"}:
        return None  # it arrived
    status = told.get("status", "")
    words = f"{told.get('diagnostic-code', '')} {letter.text[:_MOST_WORDS]}"
    kind = class_of(status, words, delayed=action == "delayed", permanent=bool(gone) or is_report)
    recipients = [one.decode("utf-8", "replace") for one in sorted(late | gone)]
    recipients += [told.get("original-recipient", ""), told.get("final-recipient", "")]
    return Returned(kind=kind, message_id=_message_id(letter), recipients=_normal(recipients), status=status[:20])


def _may_be_bounce(letter: Letter) -> bool:
    local = letter.sender.address.partition("@")[0]
    nobody = letter.headers.get("return-path", "").strip() == "<>"
    return nobody or not local or bool(_SENDERS.match(local) or _SUBJECT.search(letter.subject))


def _says_twice(letter: Letter) -> bool:
    """Whether sender and subject both are those of a mail system, so that it is one even if it names nobody."""
    local = letter.sender.address.partition("@")[0]
    return bool(_SENDERS.match(local) and _SUBJECT.search(letter.subject))


def _plain(letter: Letter) -> Message:
    """The letter with its text decoded: the library looks at lines as they travel."""
    plain = Message()
    plain["From"], plain["Subject"] = letter.sender.address, letter.subject
    plain.set_payload(letter.text[:_MOST_WORDS])
    return plain


def _failures(message: Message) -> Failures:
    """Addresses that failed for now and for good. The library knows many odd reports; some break it."""
    try:
        return all_failures(message)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
        return frozenset(), frozenset()


def _is_report(letter: Letter, kind: str) -> bool:
    wanted = str(letter.message.get_param("report-type") or "").lower()
    return letter.message.get_content_type() == "multipart/report" and wanted == kind


def _fields(letter: Letter, kind: str) -> dict[str, str]:
    """The fields of a report's part, those about a recipient that failed the worst before others."""
    blocks = [block for part in leaves_of(letter.message, kind) for block in _blocks(part)]
    found: dict[str, str] = {}
    for block in sorted(blocks, key=_gravity, reverse=True):
        for name, value in block.items():
            found.setdefault(name, value)
    return found


def _blocks(part: Message) -> list[dict[str, str]]:
    held = part.get_payload()
    if isinstance(held, list):
        inner = [one for one in held if isinstance(one, Message)]
        return [{name.lower(): decoded_header(value) for name, value in one.raw_items()} for one in inner]
    raw = part.get_payload(decode=True)
    text = decoded(raw, "") if isinstance(raw, bytes) else ""
    return [dict(_pairs(block)) for block in re.split(r"\r?\n\s*\r?\n", text)]


def _pairs(block: str) -> list[tuple[str, str]]:
    split = (row.partition(":") for row in re.sub(r"\r?\n[ \t]+", " ", block).splitlines() if ":" in row)
    return [(name.strip().lower(), value.strip()) for name, _, value in split]


def _gravity(block: dict[str, str]) -> int:
    if "action" not in block:
        return 0
    return 1 + GRAVE[class_of(block.get("status", ""), "", delayed=block["action"].lower() == "delayed")]


def _message_id(letter: Letter) -> str:
    """The Message-ID of the message it is about: of the original it brings, else wherever one of ours stands."""
    told = _headers_of_original(letter).get("message-id", "").strip()
    if _OURS.fullmatch(told.encode("utf-8", "replace")):
        return told
    for one in letter.answers:
        if _OURS.fullmatch(one.encode("utf-8", "replace")):
            return one
    found = _OURS.search(letter.message.as_bytes())
    return found[0].decode("ascii", "replace") if found else told


def _headers_of_original(letter: Letter) -> dict[str, str]:
    for part in leaves_of(letter.message, "message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
        held = part.get_payload()
        if isinstance(held, list) and held and isinstance(held[0], Message):
            return {name.lower(): decoded_header(value) for name, value in held[0].raw_items()}
        raw = part.get_payload(decode=True)
        if isinstance(raw, bytes):
            return dict(_pairs(decoded(raw, "").partition("\n\n")[0]))
    return {}


def _normal(given: list[str]) -> tuple[str, ...]:
    """Addresses in normal form, without what stands around them: "rfc822; a@b.example"."""
    bare = (one.rpartition(";")[2].strip().strip("<>").rpartition("<")[2] for one in given)
    return tuple(dict.fromkeys(norm for one in bare if (norm := email(one))))[:20]
