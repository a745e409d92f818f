"""Everything as CSV: streamed, with names beside ids, and safe to open in a spreadsheet.

What can be exported is what rooms publish as facets, and the ledger.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TextIO

import orjson
from django.db import connection, transaction

from leadloop.catalogue.queries import families
from leadloop.criteria import registry
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.kernel.money import exponent
from leadloop.kernel.text import csv_safe
from leadloop.kernel.values import dataclass
from leadloop.ledger.queries import EVENT_COLUMNS
from leadloop.platform.queries import company, teams, users
from leadloop.programmes.queries import programmes, sources

CHUNK = 2_000
_PERSON = "left join people_facet_person person on person.person_id = lead.person_id"
_COMPANY = "left join people_facet_company company on company.company_id = lead.company_id"
Clean = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be exported: the view with its rows and those joined to it, in their order, and the usual columns.

    `subjects` are the prefixes of facets that name columns; each is also its view's alias.
    """

    rows: str
    order: str
    subjects: tuple[str, ...]
    usual: tuple[str, ...]


KINDS = {
    "leads": Kind(
        f"leads_facet_lead lead {_PERSON} {_COMPANY}",
        "lead.lead_id",
        ("lead", "person", "company"),
        (
            *("lead.lead_id", "person.given_name", "person.family_name", "person.email", "person.phone"),
            *("company.name", "lead.stage", "lead.owner", "lead.grade", "lead.due_at", "lead.due_kind"),
            *("lead.expected_value", "lead.programme", "lead.source", "lead.opened_at", "lead.closed_at"),
            "lead.close_reason",
        ),
    ),
    "people": Kind(
        "people_facet_person person left join people_facet_company company on company.company_id = person.company_id",
        "person.person_id",
        ("person", "company"),
        (
            *("person.person_id", "person.given_name", "person.family_name", "person.email", "person.phone"),
            *("person.title", "company.name", "person.country", "person.city", "person.known_since"),
        ),
    ),
    "inquiries": Kind(
        f"capture_facet_inquiry inquiries left join leads_facet_lead lead on lead.lead_id = inquiries.lead_id"
        f" {_PERSON} {_COMPANY}",
        "inquiries.inquiry_id",
        ("inquiries", "lead", "person", "company"),
        (
            *("inquiries.inquiry_id", "inquiries.lead_id", "inquiries.kind", "inquiries.happened_at"),
            *("inquiries.outcome", "inquiries.portal_key", "inquiries.programme", "inquiries.source"),
        ),
    ),
    "events": Kind(
        "ledger_event e",
        "e.id",
        (),
        ("id", "kind", "happened_at", "actor", "lead_id", "person_id", "reason", "amount", "currency", "payload"),
    ),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export: its name, what people call it, its SQL, and how a value becomes text."""

    name: str
    label: str
    sql: str
    clean: Clean


def kind_of(what: str) -> Kind:
    """The kind of this name; NotFound lists what there is."""
    if what not in KINDS:
        raise NotFound(f"{what} can't be exported", field="what", mend=f"There are: {', '.join(KINDS)}")
    return KINDS[what]


def columns(what: str) -> dict[str, Column]:
    """Every column there is, by name, the usual ones among them. Six queries, for names beside ids."""
    kind = kind_of(what)
    if not kind.subjects:
        return {name: Column(name, name.replace("_", " "), f"e.{name}", _text) for name in _event_columns()}
    named = _names()
    found: dict[str, Column] = {}
    for view in {facet.view for prefix in kind.subjects for facet in registry.facets(_subject(prefix))} - {None}:
        if view is None or view.prefix not in kind.subjects:
            continue
        for name, label, type_ in ((view.key, "Number", "id"), *((c.name, c.label, c.type) for c in view.columns)):
            full = f"{view.prefix}.{name}"
            found[full] = Column(full, label, full, _cleaner(type_))
            if name in named:
                found[full.removesuffix("_id")] = Column(full.removesuffix("_id"), label, full, _namer(named[name]))
        if view.attributes:
            full = f"{view.prefix}.{view.attributes}"
            found[full] = Column(full, "Everything else", full, _text)
    return dict(sorted(found.items()))


def write(what: str, names: Sequence[str], file: TextIO) -> Iterator[int]:
    """Write CSV with these columns (none: the usual ones); yields now and then how many rows are written.

    A column may be named without its prefix, and is then the first subject's that has it: of inquiries, `person_id` is
    whom the lead is about today, also after a merge.

    Memory does not grow with the rows. Times are UTC in ISO 8601, amounts decimal in the company's currency. Raises
    Invalid for a column there is not, before anything is written.
    """
    kind, known = kind_of(what), columns(what)
    called = known | {short: replace(known[full], name=short) for short, full in _short(kind, known)}
    unknown = [name for name in names if name not in called]
    if unknown:
        raise Invalid(f"There is no column {unknown[0]}", field="columns", mend=f"There are: {', '.join(known)}")
    return _write(kind, [called[name] for name in names or kind.usual], file)


def _write(kind: Kind, chosen: Sequence[Column], file: TextIO) -> Iterator[int]:
    written = 0
    out = csv.writer(file, lineterminator="\r\n")
    out.writerow([column.name for column in chosen])
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(f"select {', '.join(column.sql for column in chosen)} from {kind.rows} order by {kind.order}")
        cleaners = [column.clean for column in chosen]
        while batch := cursor.fetchmany(CHUNK):
            out.writerows([clean(value) for clean, value in zip(cleaners, row, strict=True)] for row in batch)
            written += len(batch)
            yield written


def _short(kind: Kind, known: Mapping[str, Column]) -> Iterator[tuple[str, str]]:
    """Names without the prefix, with the column each stands for: of the first subject that has such a column."""
    for prefix in reversed(kind.subjects):
        yield from ((full.removeprefix(f"{prefix}."), full) for full in known if full.startswith(f"{prefix}."))


def _subject(prefix: str) -> str:
    """The subject under which facets of this prefix stand."""
    return "lead" if prefix == "inquiries" else prefix


def _event_columns() -> list[str]:
    return [name.strip().removeprefix("e.") for name in EVENT_COLUMNS.split(",")]


def _names() -> dict[str, Mapping[int, str]]:
    """What ids in these columns are called."""
    return {
        "owner_id": {key: row.name for key, row in users().items()},
        "team_id": {key: row.name for key, row in teams().items()},
        "interest_id": {key: row.name for key, row in families().items()},
        "programme_id": {key: row.name for key, row in programmes().items()},
        "source_id": {key: row.label for key, row in sources().items()},
    }


def _cleaner(type_: str) -> Clean:
    return _money() if type_ == "money" else _text


def _money() -> Clean:
    places = -exponent(company().currency)
    return lambda minor: "" if minor is None else str(Decimal(minor).scaleb(places))


def _namer(called: Mapping[int, str]) -> Clean:
    return lambda key: "" if key is None else csv_safe(called.get(key, str(key)))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return csv_safe(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return csv_safe(orjson.dumps(value).decode()) if isinstance(value, dict | list) else str(value)
