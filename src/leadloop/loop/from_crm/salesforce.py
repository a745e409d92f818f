"""What the columns of a Salesforce export mean: the weekly export, Data Loader, and what connectors make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from leadloop.capture.imports import statuses
from leadloop.capture.parse.fields import Field
from leadloop.loop.from_crm.files import Kind, Row, each_in_order, first, moment, rows, yes
from leadloop.loop.from_crm.shapes import Account, Campaign, Deal, Doing, Export, Human, Left, Touch

KINDS = (
    Kind("owners", ("user", "users")),
    Kind("accounts", ("account", "accounts")),
    Kind("leads", ("lead", "leads")),
    Kind("contacts", ("contact", "contacts")),
    Kind("campaigns", ("campaign", "campaigns")),
    Kind("members", ("campaignmember", "campaignmembers")),
    Kind("deals", ("opportunity", "opportunities")),
    Kind("roles", ("opportunitycontactrole", "opportunitycontactroles")),
    Kind("tasks", ("task", "tasks")),
    Kind("events", ("event", "events")),
    Kind("history", ("history", "fieldhistory")),
    Kind("other", ("lineitem", "product2", "product", "order", "userrole", "recordtype", "pricebookentry")),
)
_PERSON = {
    Field.GIVEN_NAME: ("firstname",),
    Field.FAMILY_NAME: ("lastname",),
    Field.FULL_NAME: ("name",),
    Field.EMAIL: ("email",),
    Field.PHONE: ("phone",),
    Field.MOBILE: ("mobilephone",),
    Field.TITLE: ("title",),
    Field.COMPANY: ("company", "accountname"),
    Field.WEBSITE: ("website",),
    Field.INDUSTRY: ("industry",),
    Field.EMPLOYEES: ("numberofemployees",),
    Field.CITY: ("city", "mailingcity"),
    Field.COUNTRY: ("countrycode", "country", "mailingcountrycode", "mailingcountry"),
    Field.SOURCE: ("leadsource",),
    Field.MESSAGE: ("description",),
    Field.NO_EMAIL: ("hasoptedoutofemail",),
    Field.NO_PHONE: ("donotcall",),
    Field.UTM_SOURCE: ("utmsourcec",),
    Field.UTM_MEDIUM: ("utmmediumc",),
    Field.UTM_CAMPAIGN: ("utmcampaignc",),
    Field.GCLID: ("gclidc",),
}
_CALLS = {"voicemail": "voicemail", "noanswer": "no_answer", "connected": "talked", "wrongnumber": "wrong_number"}
_DELETED = "it was deleted there"


def read(files: list[tuple[str, Path, str]], export: Export) -> None:
    """Read the files, given as (kind, path, name to show), into the export."""
    converted: dict[str, str] = {}
    roles: dict[str, list[str]] = {}
    readers: dict[str, Callable[[Row], object]] = {
        "owners": lambda row: export.owners.__setitem__(row["id"], (_name(row), first(row, "email"))),
        "accounts": lambda row: export.accounts.__setitem__(row["id"], _account(row)),
        "leads": lambda row: _lead(row, export, converted),
        "contacts": lambda row: _contact(row, export, converted),
        "campaigns": lambda row: export.campaigns.__setitem__(row["id"], _campaign(row)),
        "members": lambda row: export.touches.append(_touch(row)),
        "roles": lambda row: roles.setdefault(first(row, "opportunityid"), []).append(first(row, "contactid")),
        "deals": lambda row: export.deals.__setitem__(row["id"], _deal(row, roles)),
        "tasks": lambda row: _task(row, export),
        "events": lambda row: _event(row, export),
    }
    # Leads before the contacts that they became, roles before deals.
    each_in_order(files, readers, _sound, export, {"history": "changes of single fields"})


def _sound(path: Path, name: str, export: Export) -> Iterator[Row]:
    for row in rows(path):
        if "id" not in row:
            export.left.append(Left(name, "", "a row without an Id"))
        elif yes(row, "isdeleted", "fivetrandeleted"):
            export.left.append(Left(name, row["id"], _DELETED))
        else:
            yield row


def _name(row: Row) -> str:
    return first(row, "name") or f"{first(row, 'firstname')} {first(row, 'lastname')}".strip()


def _account(row: Row) -> Account:
    return Account(
        key=row["id"],
        name=first(row, "name"),
        website=first(row, "website"),
        industry=first(row, "industry"),
        employees=first(row, "numberofemployees"),
        city=first(row, "billingcity"),
        country=first(row, "billingcountrycode", "billingcountry"),
        parent=first(row, "parentid"),
        owner=first(row, "ownerid"),
    )


def _values(row: Row) -> dict[str, str]:
    found = {str(field): first(row, *names) for field, names in _PERSON.items()}
    if found[Field.GIVEN_NAME] or found[Field.FAMILY_NAME]:
        found[Field.FULL_NAME] = ""
    return {field: text for field, text in found.items() if text}


def _lead(row: Row, export: Export, converted: dict[str, str]) -> None:
    became = first(row, "convertedcontactid")
    if became:
        converted[became] = row["id"]
    stood = statuses.row(first(row, "status"), 0, None)
    standing = stood.stage or (f"{stood.closed_as}/{stood.reason}" if stood.closed_as else "")
    if yes(row, "isconverted"):
        standing = "opportunity" if first(row, "convertedopportunityid") else "working"
    export.humans[row["id"]] = Human(
        key=row["id"],
        is_lead=True,
        values=_values(row),
        created=first(row, "createddate"),
        standing=standing,
        account=first(row, "convertedaccountid"),
        owner=first(row, "ownerid"),
        deal=first(row, "convertedopportunityid"),
        known_as=(became,) if became else (),
    )


def _contact(row: Row, export: Export, converted: dict[str, str]) -> None:
    """A contact that was a lead fills that one in; any other is somebody of an account."""
    values = _values(row)
    lead = export.humans.get(converted.get(row["id"], ""))
    if lead is not None:
        lead.values = {**lead.values, **values}
        lead.account = first(row, "accountid") or lead.account
        return
    export.humans[row["id"]] = Human(
        key=row["id"],
        is_lead=False,
        values=values,
        created=first(row, "createddate"),
        account=first(row, "accountid"),
        owner=first(row, "ownerid"),
    )


def _campaign(row: Row) -> Campaign:
    starts, ends = moment(first(row, "startdate", "createddate")), moment(first(row, "enddate"))
    return Campaign(
        key=row["id"],
        name=first(row, "name"),
        starts=starts.date() if starts else None,
        ends=ends.date() if ends else None,
        owner=first(row, "ownerid"),
    )


def _touch(row: Row) -> Touch:
    return Touch(
        key=row["id"],
        human=first(row, "contactid", "leadid", "leadorcontactid"),
        campaign=first(row, "campaignid"),
        at=first(row, "firstrespondeddate", "createddate"),
        says=first(row, "status"),
    )


def _deal(row: Row, roles: dict[str, list[str]]) -> Deal:
    closing = moment(first(row, "closedate"))
    is_closed = yes(row, "isclosed") or first(row, "stagename").casefold().startswith("closed")
    is_won = yes(row, "iswon") or first(row, "stagename").casefold() == "closed won"
    mine = first(row, "contactid")
    return Deal(
        key=row["id"],
        name=first(row, "name"),
        account=first(row, "accountid"),
        humans=tuple(one for one in dict.fromkeys([mine, *roles.get(row["id"], [])]) if one),
        owner=first(row, "ownerid"),
        stage=first(row, "stagename"),
        is_closed=is_closed,
        is_won=is_won,
        amount=first(row, "amount"),
        currency=first(row, "currencyisocode"),
        opened=moment(first(row, "createddate")),
        closed=closing if is_closed else None,
        close_on=closing.date() if closing else None,
    )


def _task(row: Row, export: Export) -> None:
    done = yes(row, "isclosed") or first(row, "status").casefold() == "completed"
    at = moment(first(row, "completeddatetime", "activitydate", "createddate"))
    if not done or at is None:
        why = "it has no date" if done else "it is not done yet: enter it as a next step"
        export.left.append(Left("tasks", row["id"], why))
        return
    subtype = (first(row, "tasksubtype") + first(row, "type")).casefold()
    said = "".join(filter(str.isalpha, first(row, "calldisposition", "calldispositionc").casefold()))
    kind, outcome = "note", ""
    if "call" in subtype:
        outcome = next((code for word, code in _CALLS.items() if word in said), "")
        kind = "call" if outcome else "note"
    elif "email" in subtype:
        kind, outcome = "mail", "sent"
    seconds = first(row, "calldurationinseconds")
    minutes = round(float(seconds) / 60) if seconds.replace(".", "", 1).isdigit() else None
    export.doings.append(_doing(row, kind, outcome, at=at, minutes=minutes))


def _event(row: Row, export: Export) -> None:
    at = moment(first(row, "startdatetime", "activitydatetime", "activitydate"))
    if at is None:
        export.left.append(Left("events", row["id"], "it has no date"))
        return
    minutes = first(row, "durationinminutes")
    outcome = "no_show" if yes(row, "noshowc") else "held"
    export.doings.append(_doing(row, "meeting", outcome, at=at, minutes=int(minutes) if minutes.isdigit() else None))


def _doing(row: Row, kind: str, outcome: str, *, at: datetime, minutes: int | None) -> Doing:
    what = first(row, "whatid")
    return Doing(
        key=row["id"],
        kind=kind,
        outcome=outcome,
        human=first(row, "whoid"),
        deal=what if what.startswith("006") else "",
        owner=first(row, "ownerid"),
        at=at,
        says="\n".join(text for text in (first(row, "subject"), first(row, "description")) if text),
        minutes=minutes,
    )
