"""What an e-mail says, for whoever looks at one that was set aside."""

from __future__ import annotations

from datetime import UTC

from leadloop.capture.models import Submission
from leadloop.capture.parse.body import BodyError
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.mail.letter import read_letter
from leadloop.capture.parse.mail.opening import letter_of, values_of
from leadloop.kernel.text import one_line

_HEADERS = ("from", "to", "subject", "date", "reply-to", "message-id", "in-reply-to", "auto-submitted", "precedence")
_LONGEST = 20_000


def letter_values(submission_id: int) -> dict[Field, str]:
    """What would be taken over if it were an inquiry, by field; empty for what is no e-mail. One query."""
    found = Submission.objects.filter(id=submission_id).values_list("body", "content_type", "context").first()
    if found is None:
        return {}
    body, content_type, context = found
    try:
        return values_of(letter_of(bytes(body), content_type, context), context)
    except BodyError:
        return {}


def letter_shown(raw: bytes) -> str:
    """An e-mail as people read one: its telling headers and its text. Of the beginning of one, that much."""
    try:
        letter = read_letter(raw)
    except BodyError:
        return raw.decode("utf-8", "replace")
    said = {**letter.headers, "date": letter.at.astimezone(UTC).strftime("%-d %B %Y %H:%M UTC") if letter.at else ""}
    head = [f"{name.capitalize()}: {one_line(said[name], 300)}" for name in _HEADERS if said.get(name)]
    return "\n".join([*head, "", letter.text])[:_LONGEST]
