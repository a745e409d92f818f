"""From a delivery to what an e-mail says by field, or to why it is no inquiry."""

from __future__ import annotations

from collections.abc import Mapping

from leadloop.capture.contracts import Claimed, Code, Unreadable
from leadloop.capture.parse.body import BodyError
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.mail.letter import Letter, read_letter
from leadloop.capture.parse.mail.parts import Attachment
from leadloop.capture.parse.mail.providers import mime_of
from leadloop.capture.parse.mail.reply import last_reply
from leadloop.capture.parse.mail.returned import bounce, complaint
from leadloop.capture.parse.mail.signature import signed
from leadloop.capture.parse.mail.tracked import tracked
from leadloop.capture.parse.mail.verdict import NOT_OURS, Ours, sender_of, verdict
from leadloop.kernel.text import domain_of, email, is_free_mail
from leadloop.kernel.values import dataclass
from leadloop.outreach.contracts import Returned

_LONGEST_SAID = 9_000  # characters, so that what follows (what is attached) is kept too
_BOUNCED = "It says that a message of ours could not be delivered."
_COMPLAINED = "It says that a recipient called a message of ours spam."
_ARRIVED = "It says that a message of ours went out, arrived or was opened."
_MOST_ABOUT = 100
KILO = 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """What an e-mail says, what is kept as an attribute, and the Message-IDs it answers."""

    values: Mapping[Field, str]
    extra: Mapping[str, str]
    in_reply_to: tuple[str, ...]


def opened(claimed: Claimed, ours: Ours) -> Opened | Unreadable:
    """Read an e-mail. What a person sent through again is an inquiry, whatever it looks like. Raises BodyError."""
    try:
        letter = letter_of(claimed.body, claimed.content_type, claimed.context)
    except BodyError:
        if news := _news(claimed):
            return news
        raise
    if not claimed.released and (refused := _set_aside(claimed.submission_id, letter, ours)):
        return refused
    return Opened(values_of(letter, claimed.context, ours), _extra(letter, ours), letter.answers)


def letter_of(body: bytes, content_type: str, context: Mapping[str, str]) -> Letter:
    """Return the letter in a delivery, taken out of what a provider wrapped it in. Raises BodyError."""
    way = context.get("way", "")
    return read_letter(mime_of(body, content_type, way) if way else body)


def reports_in(body: bytes, content_type: str, context: Mapping[str, str]) -> list[Returned]:
    """What a delivery says of messages of ours: a letter about one, or a provider's post. Raises BodyError."""
    try:
        report = report_in(letter_of(body, content_type, context))
    except BodyError:
        posted = tracked(body, content_type, context.get("way", ""))
        if posted is None:
            raise
        return posted
    return [report] if report else []


def report_in(letter: Letter) -> Returned | None:
    """What a letter says of a message of ours: that it came back, or was called spam."""
    return complaint(letter) or bounce(letter)


def _news(claimed: Claimed) -> Unreadable | None:
    """A provider's post about mail of ours, None for what is none."""
    reports = tracked(claimed.body, claimed.content_type, claimed.context.get("way", ""))
    if reports is None:
        return None
    about = tuple(dict.fromkeys(norm for one in reports for norm in one.recipients))[:_MOST_ABOUT]
    if any(one.kind == "complaint" for one in reports):
        return Unreadable(claimed.submission_id, Code.COMPLAINT, _COMPLAINED, about)
    if reports:
        return Unreadable(claimed.submission_id, Code.BOUNCE, _BOUNCED, about)
    return Unreadable(claimed.submission_id, Code.AUTOMATIC_MAIL, _ARRIVED, about)


def _set_aside(submission_id: int, letter: Letter, ours: Ours) -> Unreadable | None:
    report = report_in(letter)
    if report:
        is_complaint = report.kind == "complaint"
        code, text = (Code.COMPLAINT, _COMPLAINED) if is_complaint else (Code.BOUNCE, _BOUNCED)
        return Unreadable(submission_id, code, text, (*_addresses(letter), *report.recipients))
    found = verdict(letter, ours)
    if found.outcome:
        return Unreadable(submission_id, found.outcome, found.reasons[0].text, _addresses(letter))
    return None


def _addresses(letter: Letter) -> tuple[str, ...]:
    """Whose letter it is."""
    given = (email(one.address) for one in (letter.sender, letter.reply_to))
    return tuple(dict.fromkeys(norm for norm in given if norm))


def values_of(letter: Letter, context: Mapping[str, str], ours: Ours = NOT_OURS) -> dict[Field, str]:
    """What a letter says, by field."""
    name, address = sender_of(letter, ours)
    reply = last_reply(letter.text)
    domain = domain_of(address) if "@" in address else ""
    told = signed(reply.signature, sender=name, domain="" if is_free_mail(domain) else domain)
    found = {
        **{field: text for field, text in told.items() if field is not Field.IGNORE},
        Field.FULL_NAME: _person(name) or told.get(Field.FULL_NAME, ""),
        Field.EMAIL: address,
        Field.MESSAGE: _message(letter, reply.text, context),
        Field.CREATED_AT: letter.at.isoformat() if letter.at else "",
    }
    return {field: text for field, text in found.items() if text}


def _person(name: str) -> str:
    """A display name as a name: "Ruiz, Dana (Acme)" → "Dana Ruiz"; "" for one that is an address."""
    bare = name.partition("(")[0].partition(" | ")[0].strip(" '\"")
    family, comma, given = bare.partition(",")
    if "@" in bare:
        return ""
    return f"{given.strip()} {family.strip()}".strip() if comma else bare


def _message(letter: Letter, said: str, context: Mapping[str, str]) -> str:
    """Subject, words, and what is attached. Of an answer the words alone."""
    parts = ["" if letter.answers else letter.subject, said[:_LONGEST_SAID]]
    if letter.attachments:
        parts.append("Attached: " + ", ".join(map(_attached, letter.attachments)))
    if size := context.get("cut", ""):
        parts.append(f"The whole message ({_size(int(size))}) is in the mailbox; it was too large to be taken over.")
    return "\n\n".join(part for part in parts if part.strip())


def _attached(one: Attachment) -> str:
    return f"{one.name} ({_size(one.size)})"


def _size(size: int) -> str:
    if size < KILO * KILO:
        return f"{max(1, round(size / KILO))} kB"
    return f"{size / KILO / KILO:.1f} MB"


def _extra(letter: Letter, ours: Ours) -> dict[str, str]:
    """Where answers are to go, if that is somewhere else."""
    asked, chosen = letter.reply_to.address, sender_of(letter, ours)[1]
    return {"Reply to": asked} if asked and email(asked) != email(chosen) else {}
