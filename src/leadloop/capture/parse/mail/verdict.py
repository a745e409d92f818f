"""Whether a letter is somebody asking, or a machine: out of office, newsletters, loops and reports are no inquiries."""

from __future__ import annotations

import re
from collections.abc import Collection

from leadloop.capture.contracts import Code
from leadloop.capture.parse.mail.letter import Letter
from leadloop.kernel.decision import Decision, Reason, because
from leadloop.kernel.text import domain_of, email
from leadloop.kernel.values import dataclass

MOST_HOPS = 40
_OWN_ID = re.compile(r"<m\d{1,19}\.[0-9a-f]{20}@(?P<domain>[^\s<>]+)>")
_AWAY = re.compile(
    r"\s*(?:auto(?:matic|mated|matische|matisk)?[ -]?(?:reply|respon\w+|answer|antwort\w*|generated)\b|auto: "
    r"|out of (?:the )?office|i(?:'m| am) (?:currently )?(?:out of (?:the )?office|away)|vacation (?:reply|notice)"
    r"|on vacation|away from|abwesenheits(?:notiz|nachricht|meldung|info|assistent)\w*|abwesenheit:|abwesend"
    r"|nicht im (?:büro|haus)|réponse automatique|absence (?:du|de)\b|je suis absent|respuesta automática"
    r"|fuera de (?:la )?oficina|risposta automatica|fuori sede|automatisch antwoord|afwezig)",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:no|not|do-?not|dont|kein(?:e)?)[-_.]?(?:reply|antwort\w*|respond|responder)\b|noreply", re.IGNORECASE
)
_FORMS = re.compile(
    r"(?:wordpress|www-data|webmaster|website|web|forms?|kontaktformular|contact-?form|mailer)$", re.IGNORECASE
)
_MACHINE_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder", "x-mail-autoreply", "auto-reply")
_LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post", "list-help", "x-mailing-list", "x-listname")

_SOUND: Decision[Code | None] = Decision(None, (Reason("sound", "A person wrote it."),))


@dataclass(frozen=True, slots=True)
class Ours:
    """What mail of our own looks like: the address we write from, and those of our people, as normal forms."""

    address: str = ""
    colleagues: Collection[str] = ()


NOT_OURS = Ours()


def verdict(letter: Letter, ours: Ours) -> Decision[Code | None]:
    """Return the code under which a letter is set aside, None for one that somebody wrote to us.

    Reports (bounces, complaints) are looked for before. Headers of RFC 3834 count before subjects, and a subject only
    where it begins with the words: "Re: Automatic reply" is a person again. A form that writes for somebody is no
    machine that answers, and what answers a message of ours is no newsletter.
    """
    for rule in (_loop, _receipt, _automatic, _bulk):
        if reason := rule(letter, ours):
            return reason
    sender = email(sender_of(letter, ours)[1]) or ""
    if sender in ours.colleagues:
        return _aside(
            Code.OWN_MAIL, "colleague", "A colleague sent it. Put in whose inquiry it is, and send it through."
        )
    if sender and _NOBODY.match(sender.partition("@")[0]):
        return _aside(Code.AUTOMATIC_MAIL, "no_reply", "It comes from an address that takes no answers.")
    return _SOUND


def sender_of(letter: Letter, ours: Ours = NOT_OURS) -> tuple[str, str]:
    """Name and address of whom to answer.

    That is the sender, unless a form writes for somebody (from our own address, or one that nobody reads, or saying
    that a program made it): then it is where answers are to go.
    """
    wrote, answer = letter.sender, letter.reply_to
    is_machine = _writes_for_others(letter, ours)
    chosen = answer if answer.address and is_machine else wrote
    return chosen.name or (wrote.name if not is_machine else ""), chosen.address


def _writes_for_others(letter: Letter, ours: Ours) -> bool:
    local = letter.sender.address.partition("@")[0]
    own = bool(ours.address) and email(letter.sender.address) == ours.address
    made = letter.says("auto-submitted") == "auto-generated"
    return not local or own or made or bool(_NOBODY.match(local) or _FORMS.match(local))


def _names_somebody(letter: Letter) -> bool:
    """Whether answers are to go to somebody else than the program that wrote it."""
    return bool(letter.reply_to.address) and email(letter.reply_to.address) != email(letter.sender.address)


def _answers_us(letter: Letter, ours: Ours) -> bool:
    found = (_OWN_ID.fullmatch(one) for one in letter.answers)
    return any(one and ours.address and one["domain"].lower() == domain_of(ours.address) for one in found)


def _loop(letter: Letter, ours: Ours) -> Decision[Code | None] | None:
    own = _OWN_ID.fullmatch(letter.message_id)
    if own and ours.address and own["domain"].lower() == domain_of(ours.address):
        return _aside(Code.MAIL_LOOP, "own_message", "It is a message of our own that came back.")
    if ours.address and email(sender_of(letter, ours)[1]) == ours.address:
        return _aside(Code.MAIL_LOOP, "own_address", "It comes from the address that we write from ourselves.")
    if letter.hops > MOST_HOPS or "x-loop" in letter.headers:
        return _aside(Code.MAIL_LOOP, "loop", "It has gone round in circles between mail servers.")
    return None


def _receipt(letter: Letter, ours: Ours) -> Decision[Code | None] | None:  # noqa: ARG001 - the rules' common form
    if letter.message.get_content_type() == "multipart/report":
        return _aside(Code.AUTOMATIC_REPLY, "report", "It is a report by a mail program, such as a receipt.")
    return None


def _automatic(letter: Letter, ours: Ours) -> Decision[Code | None] | None:  # noqa: ARG001 - the rules' common form
    submitted = letter.says("auto-submitted")
    by_form = submitted == "auto-generated" and _names_somebody(letter)
    if submitted and submitted != "no" and not by_form:
        return _aside(Code.AUTOMATIC_REPLY, "auto_submitted", "Its header says that a program sent it (RFC 3834).")
    marked = any(letter.says(name) not in ("", "no") for name in _MACHINE_HEADERS)
    if marked or "auto_reply" in (letter.says("precedence"), letter.says("x-precedence")):
        return _aside(Code.AUTOMATIC_REPLY, "marked", "Its header says that it is an automatic answer.")
    if letter.headers.get("return-path", "").strip() == "<>":
        return _aside(Code.AUTOMATIC_REPLY, "no_return", "It was sent so that nobody can be told if it fails.")
    if _AWAY.match(letter.subject):
        return _aside(Code.AUTOMATIC_REPLY, "subject", "Its subject is that of an automatic answer.")
    return None


def _bulk(letter: Letter, ours: Ours) -> Decision[Code | None] | None:
    if _answers_us(letter, ours):
        return None  # their mail program marks every message so
    if letter.says("precedence") in ("bulk", "list", "junk"):
        return _aside(Code.BULK_MAIL, "precedence", "Its header says that it went to many.")
    if any(name in letter.headers for name in _LIST_HEADERS):
        return _aside(Code.BULK_MAIL, "list", "It came by a mailing list or newsletter.")
    return None


def _aside(code: Code, ground: str, text: str) -> Decision[Code | None]:
    return because(code, Reason(ground, text))
