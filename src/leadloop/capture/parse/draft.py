"""First step of reading: the texts of a delivery, sorted into fields."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from leadloop.capture.contracts import Claimed, PortalKind, Unreadable
from leadloop.capture.parse.body import BodyError, Flat, flat, flatten
from leadloop.capture.parse.clean import BLANKS, LONGEST_BLANK, NAMES_THAT_LOOK_BLANK, is_blank
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.keys import Resolver, resolver
from leadloop.capture.parse.mail.opening import Opened, opened
from leadloop.capture.parse.mail.verdict import NOT_OURS, Ours
from leadloop.capture.parse.plan import RowPlan
from leadloop.capture.parse.platforms import reading
from leadloop.kernel.text import email

_NAMES = frozenset({Field.GIVEN_NAME, Field.FAMILY_NAME, Field.FULL_NAME})
_FIELDS = {str(field): field for field in Field}


@dataclass(slots=True)
class Draft:
    """A delivery's trimmed, not yet cleaned texts: by field, and the rest under the sender's own names."""

    claimed: Claimed
    values: dict[str, str]
    extra: dict[str, str]
    plan: RowPlan | None
    in_reply_to: tuple[str, ...] | None = None  # what an e-mail answers

    @property
    def is_ours(self) -> bool:
        """Whether our own people brought it: a row of a file, or what they entered."""
        return self.plan is not None or self.claimed.portal.kind == PortalKind.STAFF


def draft(claimed: Claimed, plan: RowPlan | None, ours: Ours = NOT_OURS) -> Draft | Unreadable:
    """Sort the texts of a delivery into fields, its corrections laid over; `plan` is given for import rows.

    An e-mail that is no inquiry comes back as one to be set aside; `ours` tells our own mail.
    """
    made = Draft(claimed, {}, {}, plan)
    try:
        if plan:
            _sort_row(made, plan)
        elif claimed.portal.kind == PortalKind.MAIL:
            found = opened(claimed, ours)
            if isinstance(found, Unreadable):
                return found
            _take(made, found)
        else:
            portal = claimed.portal
            find = resolver(portal.mapping, ours=portal.kind == PortalKind.STAFF)
            own = reading(portal.kind)
            read = own(claimed.body, claimed.content_type, find) if own else flat(claimed.body, claimed.content_type)
            _sort(made, read, find)
    except BodyError as error:
        if not claimed.corrected:
            return Unreadable(claimed.submission_id, error.code, str(error))
    if claimed.corrected:
        _correct(made, flatten(claimed.corrected))
    if Field.EMAIL not in made.values:
        _find_email(made)
    return made


def _take(made: Draft, found: Opened) -> None:
    """Take over what an e-mail says; its fields are known already."""
    made.values.update({str(field): text for field, text in found.values.items()})
    made.extra.update(found.extra)
    made.in_reply_to = found.in_reply_to


def _sort(made: Draft, pairs: Flat, find: Resolver) -> None:
    """Give each text to the field its key means; the first one that says something wins."""
    values, extra, memo = made.values, made.extra, find.memo
    for key, text in pairs:
        text = text.strip()
        if not text:
            continue
        field = memo[key] if key in memo else find(key)
        if len(text) <= LONGEST_BLANK and text.casefold() in BLANKS and not _is_name(field, text):
            continue
        if field is None or field in values:
            extra.setdefault(key, text)
        elif field != Field.IGNORE:
            values[field] = text


def _sort_row(made: Draft, plan: RowPlan) -> None:
    """Give each cell of an import's row to the field its column was mapped to."""
    row = orjson.loads(made.claimed.body)  # written by ourselves
    values, extra, width = made.values, made.extra, len(row)
    for index, field in plan.fields:
        text = row[index].strip() if index < width else ""
        if text and (not is_blank(text) or _is_name(field, text)):
            values.setdefault(field, text)
    for index, header in plan.attributes:
        text = row[index].strip() if index < width else ""
        if text and not is_blank(text):
            extra[header] = text


def _is_name(field: Field | None, text: str) -> bool:
    return field in _NAMES and text in NAMES_THAT_LOOK_BLANK


def _correct(made: Draft, pairs: Flat) -> None:
    """Lay a person's corrections over what was sent: an empty text takes a value away."""
    find = resolver(made.claimed.portal.mapping, ours=made.plan is not None)
    for key, text in pairs:
        field = _FIELDS.get(key) or find(key)
        if field is None:
            made.extra[key] = text.strip()
        elif text.strip():
            made.values[field] = text.strip()
        else:
            made.values.pop(field, None)


def _find_email(made: Draft) -> None:
    """Take an address for the e-mail address when it stands under a name that says nothing to us."""
    for key, text in made.extra.items():
        if "@" in text and email(text):
            made.values[Field.EMAIL] = made.extra.pop(key)
            return
