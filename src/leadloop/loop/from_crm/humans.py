"""Everybody of an export as rows of one import: first who they are, then their touches."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from leadloop.capture.parse.fields import Field
from leadloop.kernel.errors import Invalid
from leadloop.leads.contracts import Stage
from leadloop.loop.from_crm.shapes import Export, Human, Left, Touch

# What a row of an import is made of, in the order of its columns.
COLUMNS = (
    Field.EXTERNAL_ID, Field.PERSON_ID, Field.GIVEN_NAME, Field.FAMILY_NAME, Field.FULL_NAME, Field.EMAIL, Field.PHONE,
    Field.MOBILE, Field.TITLE, Field.COMPANY, Field.WEBSITE, Field.INDUSTRY, Field.EMPLOYEES, Field.CITY, Field.COUNTRY,
    Field.OWNER, Field.STATUS, Field.SOURCE, Field.CREATED_AT, Field.PROGRAMME, Field.MESSAGE, Field.KIND,
    Field.NO_EMAIL, Field.NO_PHONE, Field.UTM_SOURCE, Field.UTM_MEDIUM, Field.UTM_CAMPAIGN, Field.GCLID,
    Field.LANDING_PAGE,
)  # fmt: skip
# How far somebody got whose deal stands so; the furthest of several counts.
_OPEN, _WON, _LOST, _KEPT = "opportunity", "won/imported_won", "lost/imported_lost", str(Stage.NURTURING)
_FURTHEST = {_LOST: 0, _OPEN: 1, _WON: 2}
TOUCH_KEY = "touch:"  # begins the number of a row that is a touch of somebody who has a row of their own


@dataclass(frozen=True, slots=True)
class Written:
    """The rows: how many people, how many touches."""

    people: int
    touches: int


def write(path: Path, export: Export) -> Written:
    """Write everybody with their touches into a file for an import, rows of one human next to each other.

    What can't be told apart or belongs to nobody is added to what is left.
    """
    stood, wanted = _by_deals(export), _with_history(export)
    touches: dict[str, list[Touch]] = {}
    for one in export.touches:
        _sort(one, export, touches)
    people = count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, [str(field) for field in COLUMNS], restval="", extrasaction="ignore")
        out.writeheader()
        for human in export.humans.values():
            mine = touches.get(human.key, [])
            out.writerow(_row(human, export, stood.get(human.key, ""), wanted))
            people += 1
            for one in sorted(mine, key=lambda touch: (touch.at, touch.key)):
                out.writerow(_touch_row(human, one, export))
                count += 1
    if not people:
        raise Invalid("the export names nobody", field="file", mend="Add its file of leads or contacts")
    return Written(people, count)


def _by_deals(export: Export) -> dict[str, str]:
    """Where everybody stands who has a deal, by the key of the human."""
    found: dict[str, str] = {}
    for key, standing in _deals(export):
        human = export.human(key)
        if human is not None and _FURTHEST[standing] >= _FURTHEST.get(found.get(human.key, ""), -1):
            found[human.key] = standing
    return found


def _deals(export: Export) -> Iterator[tuple[str, str]]:
    of_lead = {human.deal: human.key for human in export.humans.values() if human.deal}
    for deal in export.deals.values():
        standing = _WON if deal.is_won else _LOST if deal.is_closed else _OPEN
        yield from ((key, standing) for key in (*deal.humans, of_lead.get(deal.key, "")))


def _with_history(export: Export) -> set[str]:
    """Those who need a lead so that what was done with them and where they were has its place."""
    named = [one.human for one in export.touches] + [one.human for one in export.doings]
    return {human.key for key in named if (human := export.human(key)) is not None}


def _sort(one: Touch, export: Export, touches: dict[str, list[Touch]]) -> None:
    human = export.human(one.human)
    if human is None:
        why = f"nobody in the export has the number {one.human}" if one.human else "it names nobody"
        export.left.append(Left("touches", one.key, why))
    elif one.campaign and one.campaign not in export.campaigns:
        export.left.append(Left("touches", one.key, f"the campaign {one.campaign} is not in the export"))
    else:
        touches.setdefault(human.key, []).append(one)


def _row(human: Human, export: Export, stood: str, wanted: set[str]) -> Mapping[str, str]:
    is_lead = human.is_lead or bool(stood) or human.key in wanted
    account = export.accounts.get(human.account)
    row = dict(human.values)
    if account is not None:
        row |= dict(_of_account(human, account.name, account.website, account.country))
    name, address = export.owners.get(human.owner, ("", ""))
    return {
        **row,
        Field.EXTERNAL_ID: human.key,
        Field.PERSON_ID: human.key,
        Field.OWNER: address or name or human.owner,
        Field.STATUS: stood or human.standing or ("" if human.is_lead or not is_lead else _KEPT),
        Field.CREATED_AT: human.created,
        Field.KIND: "sales" if is_lead else "other",
    }


def _of_account(human: Human, name: str, website: str, country: str) -> Iterator[tuple[str, str]]:
    """The firm as the account says it, so that it is the same firm for everybody of it."""
    yield Field.COMPANY, name
    yield Field.WEBSITE, website
    yield Field.COUNTRY, country or (human.values.get(Field.COUNTRY, "") if website else "")


def _touch_row(human: Human, one: Touch, export: Export) -> Mapping[str, str]:
    values: dict[str, str] = {
        str(field): human.values[field]
        for field in (Field.GIVEN_NAME, Field.FAMILY_NAME, Field.FULL_NAME, Field.EMAIL, Field.PHONE)
        if field in human.values
    }
    return {
        **values,
        Field.EXTERNAL_ID: f"{TOUCH_KEY}{one.key}",
        Field.PERSON_ID: human.key,
        Field.CREATED_AT: one.at,
        Field.PROGRAMME: programme_key(export.system, one.campaign) if one.campaign else "",
        Field.MESSAGE: one.says,
        Field.LANDING_PAGE: one.page,
        Field.KIND: "sales",
    }


def programme_key(system: str, campaign: str) -> str:
    """The key under which a campaign becomes a programme."""
    return f"{system}-{campaign}".casefold()
