"""What the columns of a HubSpot export mean: exports of its lists, and what connectors make of its objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from leadloop.capture.imports import statuses
from leadloop.loop.from_crm.files import Row, each_in_order, first, moment, rows, yes
from leadloop.loop.from_crm.hubspot_tables import NO_PLACE, PERSON
from leadloop.loop.from_crm.shapes import Account, Campaign, Deal, Doing, Export, Human, Left, Touch

_LIFE = {
    "salesqualifiedlead": "working",
    "opportunity": "opportunity",
    "customer": "won/imported_won",
    "evangelist": "won/imported_won",
    "marketingqualifiedlead": "qualified",
}
_CALLS = {"connected": "talked", "voicemail": "voicemail", "noanswer": "no_answer", "wrongnumber": "wrong_number"}
_NUMBER = ("id", "recordid", "contactid", "companyid", "dealid", "engagementid", "ownerid", "guid")


def read(files: list[tuple[str, Path, str]], export: Export) -> None:
    """Read the files, given as (kind, path, name to show), into the export."""
    links = _Links()
    readers: dict[str, Callable[[Row], object]] = {
        "owners": lambda row: export.owners.__setitem__(first(row, "ownerid", "id"), _owner(row)),
        "accounts": lambda row: export.accounts.__setitem__(_key(row, "companyid"), _account(row)),
        "contacts": lambda row: export.humans.__setitem__(_key(row, "contactid"), _contact(row)),
        "campaigns": lambda row: export.campaigns.__setitem__(_key(row, "campaignid"), _campaign(row)),
        "members": lambda row: export.touches.append(_member(row)),
        "forms": lambda row: links.forms.__setitem__(first(row, "guid", "id"), first(row, "name")),
        "submissions": lambda row: export.touches.append(_submission(row, links)),
        "stages": lambda row: links.stages.__setitem__(first(row, "stageid"), _stage(row)),
        "deal contacts": lambda row: links.humans.setdefault(first(row, "dealid"), []).append(first(row, "contactid")),
        "deal companies": lambda row: links.accounts.__setitem__(first(row, "dealid"), first(row, "companyid")),
        "deals": lambda row: export.deals.__setitem__(_key(row, "dealid"), _deal(row, links)),
        "activity contacts": lambda row: links.whom.setdefault(first(row, "engagementid"), first(row, "contactid")),
        "activity deals": lambda row: links.about.setdefault(first(row, "engagementid"), first(row, "dealid")),
        "calls": lambda row: _doing(row, "call", export, links),
        "mails": lambda row: _doing(row, "mail", export, links),
        "meetings": lambda row: _doing(row, "meeting", export, links),
        "notes": lambda row: _doing(row, "note", export, links),
        "tasks": lambda row: export.left.append(
            Left("tasks", _key(row, "engagementid"), "what is still to do: enter it as a next step")
        ),
    }
    each_in_order(files, readers, _sound, export, NO_PLACE)  # links before what they join


class _Links:
    """What joins one object with another, by the number of the one."""

    def __init__(self) -> None:
        self.forms: dict[str, str] = {}
        self.stages: dict[str, tuple[str, bool, bool]] = {}  # label, is closed, is won
        self.humans: dict[str, list[str]] = {}
        self.accounts: dict[str, str] = {}
        self.whom: dict[str, str] = {}
        self.about: dict[str, str] = {}


def _sound(path: Path, name: str, export: Export) -> Iterator[Row]:
    for row in rows(path):
        if yes(row, "fivetrandeleted", "isdeleted", "archived"):
            export.left.append(Left(name, first(row, *_NUMBER), "it was deleted there"))
        else:
            yield row


def _key(row: Row, *names: str) -> str:
    return first(row, *names, "id", "recordid", "objectid")


def _owner(row: Row) -> tuple[str, str]:
    return f"{first(row, 'firstname')} {first(row, 'lastname')}".strip(), first(row, "email")


def _account(row: Row) -> Account:
    return Account(
        key=_key(row, "companyid"),
        name=first(row, "name", "companyname"),
        website=first(row, "domain", "companydomainname", "website", "websiteurl"),
        industry=first(row, "industry"),
        employees=first(row, "numberofemployees"),
        city=first(row, "city"),
        country=first(row, "country", "countryregion"),
        parent=first(row, "parentcompanyid"),
        owner=first(row, "ownerid", "hubspotownerid", "companyowner"),
    )


def _contact(row: Row) -> Human:
    values = {str(field): text for field, names in PERSON.items() if (text := first(row, *names))}
    life = first(row, "lifecyclestage").replace(" ", "").casefold()
    stood = statuses.row(first(row, "leadstatus"), 0, None)
    standing = _LIFE.get(life, "")
    if not standing:
        standing = stood.stage or (f"{stood.closed_as}/{stood.reason}" if stood.closed_as else "")
    return Human(
        key=_key(row, "contactid"),
        is_lead=life in ("lead", *_LIFE) or bool(first(row, "leadstatus")),
        values=values,
        created=first(row, "createdate", "createdat"),
        standing=standing,
        account=first(row, "associatedcompanyid", "associatedcompanyids").split(";")[0],
        owner=first(row, "ownerid", "hubspotownerid", "contactowner"),
        known_as=tuple(
            pair.partition(":")[0] for pair in first(row, "calculatedmergedvids", "mergedvids").split(";") if pair
        ),
    )


def _campaign(row: Row) -> Campaign:
    starts, ends = moment(first(row, "startdate", "createdat", "createdate")), moment(first(row, "enddate"))
    return Campaign(
        key=_key(row, "campaignid"),
        name=first(row, "name", "campaignname"),
        starts=starts.date() if starts else None,
        ends=ends.date() if ends else None,
        owner=first(row, "ownerid"),
    )


def _member(row: Row) -> Touch:
    campaign, human = first(row, "campaignid"), first(row, "contactid")
    return Touch(
        key=first(row, "id") or f"{campaign}:{human}",
        human=human,
        campaign=campaign,
        at=first(row, "timestamp", "addedat", "createdate", "createdat"),
        says=first(row, "status"),
    )


def _submission(row: Row, links: _Links) -> Touch:
    form, human, at = first(row, "formid"), first(row, "contactid"), first(row, "timestamp", "submittedat")
    return Touch(
        key=first(row, "conversionid") or f"{form}:{human}:{at}",
        human=human,
        campaign="",
        at=at,
        says=first(row, "title") or links.forms.get(form, ""),
        page=first(row, "pageurl"),
    )


def _stage(row: Row) -> tuple[str, bool, bool]:
    chance = first(row, "probability")
    is_won = yes(row, "closedwon") or chance in ("1", "1.0")
    return first(row, "label"), is_won or yes(row, "isclosed") or chance in ("0", "0.0"), is_won


def _deal(row: Row, links: _Links) -> Deal:
    key, at = _key(row, "dealid"), first(row, "dealpipelinestageid", "dealstage")
    label, is_closed, is_won = links.stages.get(at, (at, False, False))
    plain = "".join(filter(str.isalpha, label.casefold()))
    is_won = is_won or plain == "closedwon"
    is_closed = is_closed or is_won or plain == "closedlost"
    closing, told = moment(first(row, "closedate")), first(row, "associatedcontactids").split(";")
    return Deal(
        key=key,
        name=first(row, "dealname"),
        account=links.accounts.get(key) or first(row, "associatedcompanyids", "associatedcompanyid").split(";")[0],
        humans=tuple(one.strip() for one in dict.fromkeys([*links.humans.get(key, []), *told]) if one.strip()),
        owner=first(row, "ownerid", "hubspotownerid", "dealowner"),
        stage=label,
        is_closed=is_closed,
        is_won=is_won,
        amount=first(row, "amount"),
        currency=first(row, "dealcurrencycode", "currency"),
        opened=moment(first(row, "createdate", "createdat")),
        closed=closing if is_closed else None,
        close_on=closing.date() if closing else None,
    )


def _doing(row: Row, kind: str, export: Export, links: _Links) -> None:
    key = _key(row, "engagementid")
    at = moment(first(row, "timestamp", "starttime", "activitydate", "meetingstarttime", "createdate"))
    if at is None:
        export.left.append(Left(f"{kind}s", key, "it has no date"))
        return
    said = "".join(filter(str.isalpha, first(row, "calldisposition", "calloutcome", "meetingoutcome").casefold()))
    outcome = {"mail": "sent", "meeting": "no_show" if "noshow" in said else "held"}.get(kind, "")
    if kind == "call":
        outcome = next((code for word, code in _CALLS.items() if word in said), "")
    words = (
        first(row, "emailsubject", "calltitle", "meetingtitle", "title"),
        first(row, "bodypreview", "notebody", "emailtext", "callbody", "meetingbody", "body"),
    )
    export.doings.append(
        Doing(
            key=key,
            kind=kind if outcome or kind == "note" else "note",
            outcome=outcome,
            human=links.whom.get(key) or first(row, "associatedcontactids", "contactid").split(";")[0],
            deal=links.about.get(key) or first(row, "associateddealids", "dealid").split(";")[0],
            owner=first(row, "ownerid", "hubspotownerid"),
            at=at,
            says="\n".join(dict.fromkeys(text for text in words if text)),
        )
    )
