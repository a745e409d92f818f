"""Paper replies and cards of a trade show: entered into a batch, compared where asked for, released as a whole.

Terms: a *batch* is one pile with a count; its *balance* is expected less entered. Guarantee: nothing of a batch is an
inquiry before it is released, and it is released when its balance is nought and no row waits for its second entry, or
with a reason that stands with it; then every row is a delivery, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
from django.db import transaction

from leadloop.capture import inbox
from leadloop.capture.contracts import Delivery
from leadloop.capture.facts import BatchOpened, BatchReleased
from leadloop.capture.imports import table as tables
from leadloop.capture.models import PaperBatch, PaperRow
from leadloop.capture.papers import NewBatch
from leadloop.capture.parse.cards import cards
from leadloop.capture.parse.clean import is_blank, lines
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.keys import field_of
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import Actor, Lane
from leadloop.ledger.services import record
from leadloop.platform.queries import company
from leadloop.programmes.queries import programmes, programmes_of

_MOST = 2_000
_FEW = 50  # beside which live inquiries need not wait
_LONGEST_NAME, _LONGEST_TEXT = 120, 1_000
# What the second entry is compared by; blanks and case don't count.
ENTERED = (
    Field.FULL_NAME, Field.GIVEN_NAME, Field.FAMILY_NAME, Field.COMPANY, Field.TITLE, Field.EMAIL, Field.PHONE,
    Field.MOBILE, Field.CITY, Field.COUNTRY, Field.WEBSITE, Field.MESSAGE, Field.INTEREST,
)  # fmt: skip
Texts = Mapping[str, str]


@transaction.atomic
def open_batch(*, batch: NewBatch, actor: Actor, now: datetime) -> int:
    """Open a batch and return its id. Invalid for a count below one, a missing name, and a key code nobody knows."""
    name = one_line(batch.name, _LONGEST_NAME)
    if not name:
        raise Invalid("the batch has no name", field="name", mend="Say what is on the pile")
    if not 1 <= batch.expected <= _MOST:
        raise Invalid(f"a batch has 1 to {_MOST:,} replies", field="expected", mend="Count the pile, or part it")
    code = one_line(batch.key_code, _LONGEST_NAME)
    programme_id = batch.programme_id
    if code:
        programme_id = programmes_of([code]).get(code, programme_id)
        if programme_id is None:
            raise Invalid(
                f"no programme has the key code {code!r}", field="key_code", mend="Choose the programme by its name"
            )
    row = PaperBatch.objects.create(
        portal_id=batch.portal_id,
        name=name,
        key_code=code,
        programme_id=programme_id,
        expected=batch.expected,
        twice=batch.twice,
        happened_on=batch.happened_on,
        opened_by=actor,
        opened_at=now,
    )
    opened = BatchOpened(
        happened_at=now, programme_id=programme_id, batch_id=row.id, portal_id=row.portal_id, expected=row.expected
    )
    record([opened], actor=actor)
    return row.id


@transaction.atomic
def enter(*, batch_id: int, rows: Sequence[Texts], actor: Actor) -> list[int]:
    """Add rows to a batch and return their numbers. Invalid for a row that says nothing; Conflict once released."""
    batch = _locked(batch_id)
    clean = [_clean(row) for row in rows]
    if not clean or not all(clean):
        raise Invalid("there is nothing on this card", field="full_name", mend="Enter a name, an address or a number")
    last = PaperRow.objects.filter(batch_id=batch.id).order_by("-number").values_list("number", flat=True).first() or 0
    if last + len(clean) > _MOST:
        raise Invalid(f"a batch has at most {_MOST:,} replies", field="file", mend="Open another batch")
    numbers = [last + place for place in range(1, len(clean) + 1)]
    PaperRow.objects.bulk_create(
        PaperRow(batch_id=batch.id, number=number, texts=texts, entered_by=actor)
        for number, texts in zip(numbers, clean, strict=True)
    )
    return numbers


@transaction.atomic
def enter_again(*, batch_id: int, number: int, texts: Texts, actor: Actor) -> list[str]:
    """Enter a row a second time; return the fields that differ, none when the two agree and it counts as checked.

    Whoever enters it a third time, knowing the two, decides: what is said then counts.
    """
    batch = _locked(batch_id)
    row = PaperRow.objects.select_for_update().filter(batch_id=batch.id, number=number).first()
    if row is None:
        raise NotFound(f"there is no row {number} in this batch", field="number")
    said = _clean(texts)
    if not said:
        raise Invalid("there is nothing on this card", field="full_name", mend="Enter what the card says")
    differ = differing(row.texts, said)
    if row.again is not None or not differ:
        row.texts, row.again, row.checked, row.checked_by = said, None, True, actor
        differ = []
    else:
        row.again, row.checked = said, False
    row.save(update_fields=["texts", "again", "checked", "checked_by"])
    return differ


@transaction.atomic
def drop_row(*, batch_id: int, number: int) -> None:
    """Take a row out that does not belong there."""
    PaperRow.objects.filter(batch_id=_locked(batch_id).id, number=number).delete()


@transaction.atomic
def release(*, batch_id: int, reason: str, actor: Actor, now: datetime) -> int:
    """Make every row of a batch a delivery and return how many. A reason is needed where the balance isn't nought.

    Conflict naming the balance without one, and for a batch that was released before.
    """
    batch = _locked(batch_id)
    rows = list(PaperRow.objects.select_for_update().filter(batch_id=batch.id).order_by("number"))
    unchecked = sum(not row.checked for row in rows) if batch.twice else 0
    why = one_line(reason, _LONGEST_TEXT)
    if against := _against(batch.expected, len(rows), unchecked):
        if not why:
            raise Conflict(against, field="reason", mend="Enter the rest, or say why it is released so")
    else:
        why = ""
    way = Lane.LIVE if len(rows) <= _FEW else Lane.BULK
    received = inbox.store([_delivery(batch, row, now) for row in rows], lane=way, received_at=now)
    for row, one in zip(rows, received, strict=True):
        row.submission_id, row.texts, row.again = one.submission_id, {}, None
    PaperRow.objects.bulk_update(rows, ["submission_id", "texts", "again"])
    batch.released_at, batch.released_by, batch.reason = now, actor, why
    batch.save(update_fields=["released_at", "released_by", "reason"])
    fact = BatchReleased(
        happened_at=now,
        programme_id=batch.programme_id,
        batch_id=batch.id,
        portal_id=batch.portal_id,
        expected=batch.expected,
        entered=len(rows),
        unchecked=unchecked,
    )
    record([fact], actor=actor)
    return len(rows)


def rows_of(text: str) -> list[dict[str, str]]:
    """What a pasted text or a scanned code says: one row for each card in it. Invalid when it holds none."""
    found = cards(text)
    if not found:
        raise Invalid("this is no card", field="card", mend="Paste what begins with BEGIN:VCARD or MECARD:")
    return found


def rows_of_file(path: Path) -> list[dict[str, str]]:
    """The rows of a file: cards, or a table whose headings name fields. Invalid when it holds neither."""
    raw = path.read_bytes()[: 5 << 20]
    if b"BEGIN:VCARD" in raw.upper() or raw.upper().startswith(b"MECARD:"):
        return rows_of(_text(raw))
    table = tables.open_table(path, has_header=True)
    fields = [field_of(header) for header in table.headers]
    if not any(field in ENTERED for field in fields):
        raise Invalid("no heading names anything of a card", field="file", mend="Call columns Name, E-mail, Company, …")
    found = []
    for _, cells in tables.rows(table):
        pairs = zip(fields, cells, strict=False)
        found.append({str(field): cell.strip() for field, cell in pairs if field in ENTERED and cell.strip()})
    return [one for one in found if one]


def differing(one: Texts, other: Texts) -> list[str]:
    """The fields in which two entries of a card differ."""
    return [field for field in ENTERED if _bare(one.get(field, "")) != _bare(other.get(field, ""))]


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


def _against(expected: int, entered: int, unchecked: int) -> str:
    if expected != entered:
        return f"{expected:,} are expected and {entered:,} entered"
    return f"{unchecked:,} wait for their second entry, or differ from it" if unchecked else ""


def _clean(texts: Texts) -> dict[str, str]:
    known = {str(field) for field in ENTERED}
    found = {name: lines(text, _LONGEST_TEXT) for name, text in texts.items() if name in known}
    return {name: text for name, text in found.items() if text and not is_blank(text)}


def _delivery(batch: PaperBatch, row: PaperRow, now: datetime) -> Delivery:
    """A row as its portal would send it; it happened at noon of the batch's day, and never later than now."""
    noon = datetime.combine(batch.happened_on, time(12), ZoneInfo(company().zone))
    key = programmes()[batch.programme_id].key if batch.programme_id else ""
    body = {**row.texts, "created_at": min(noon, now).isoformat(), **({"programme": key} if key else {})}
    return Delivery(portal_id=batch.portal_id, key=f"batch:{batch.id}:{row.number}", body=orjson.dumps(body))


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _locked(batch_id: int) -> PaperBatch:
    row = PaperBatch.objects.select_for_update().filter(id=batch_id).first()
    if row is None:
        raise NotFound(f"there is no batch {batch_id}", field="batch")
    if row.released_at is not None:
        raise Conflict("this batch was released", field="batch", mend="Open another one for what came later")
    return row
