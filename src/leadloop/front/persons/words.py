"""Persons and merges in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from leadloop.front.templatetags.ui import local_date
from leadloop.identity.contracts import MergeRow
from leadloop.ledger.contracts import user_of
from leadloop.people.apart import BOTH, LOSER, SURVIVOR, Question
from leadloop.people.contracts import Asked, ConfirmationRow, ConsentRow, PersonRow
from leadloop.people.rules.changing import ATTRIBUTE
from leadloop.people.rules.survivorship import COMPLETE, MAIN, NEWEST, TRUSTED, USUAL, Offer, Said

RULES = {
    USUAL: "What suits each field",
    NEWEST: "The newest value",
    COMPLETE: "The fullest value",
    TRUSTED: "The most trusted source",
    MAIN: "What the main record says",
}
_ONE = {
    "addresses": "address",
    "positions": "position",
    "words of consent": "word of consent",
    "leads": "lead",
    "inquiries": "inquiry",
    "programmes they answered": "programme they answered",
    "deals": "deal",
    "people": "person",
    "companies below": "company below",
}
_FIELDS = {
    "name": "Name",
    "given_name": "First name",
    "family_name": "Family name",
    "email": "Main e-mail address",
    "phone": "Main number",
    "position": "Main position",
    "zone": "Time zone",
    "title": "Title",
    "buying_role": "Buying role",
}


def field_label(name: str) -> str:
    """What a field is called."""
    return _FIELDS.get(name) or name.removeprefix(ATTRIBUTE).replace("_", " ").capitalize()


def offer_row(offer: Offer, zone: str) -> dict[str, Any]:
    """A line of the table of fields: both values, each with when and from where, and the one that stays."""
    sides = ((SURVIVOR, offer.survivor), (LOSER, offer.loser))
    return {
        "name": f"field:{offer.field}",
        "label": field_label(offer.field),
        "why": offer.why,
        "asked": bool(offer.survivor.value and offer.loser.value and offer.survivor.value != offer.loser.value),
        "sides": [
            {"key": key, "value": said.value, "from": _from(said, zone), "wins": key == offer.wins}
            for key, said in sides
        ],
    }


def _from(said: Said, zone: str) -> str:
    return f"{said.source}, {local_date(said.at, zone)}" if said.value else ""


def merge_line(merge: MergeRow, staff: Mapping[int, str], zone: str, url: str) -> dict[str, Any]:
    """A merge of somebody's history; `url` "" where it can't be taken back."""
    by = staff.get(user_of(merge.actor) or 0, "Leadloop")
    why = "; ".join(str(reason["text"]) for reason in merge.reasons)
    title = f"Record {merge.loser_id} was merged into {merge.survivor_id}"
    if merge.undone_at is not None:
        note = f"Taken back on {local_date(merge.undone_at, zone)}"
    elif merge.erased_at is not None:
        note = "For good, since they were erased"
    else:
        note = "" if url else "A later merge builds on it"
    detail = f"{local_date(merge.at, zone)} by {by}{f': {why}' if why else ''}"
    return {"title": title, "detail": detail, "note": note, "url": url}


def question_row(question: Question, labels: Mapping[str, str], staff: Mapping[int, str], zone: str) -> dict[str, Any]:
    """A question of the conflict screen: what stands, who said it when, and what each would have otherwise."""
    by = staff.get(user_of(question.actor) or 0, "") if question.actor else ""
    when = local_date(question.at, zone) if isinstance(question.at, datetime) else ""
    told = ", ".join(part for part in (by or question.source, when) if part)
    otherwise = {SURVIVOR: question.of_survivor, LOSER: question.of_loser}
    options = [
        {
            "key": key,
            "label": labels[key],
            "otherwise": f"would have “{otherwise[key]}” otherwise" if otherwise.get(key) else "",
            "proposed": key == question.proposed,
        }
        for key in question.options
    ]
    return {
        "name": question.key,
        "title": field_label(question.says) if question.key.startswith("edit:") else question.says,
        "value": question.value,
        "told": told,
        "options": options,
    }


def answered(row: dict[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """A question with the answer that was given before, if any."""
    if given := answers.get(row["name"]):
        for option in row["options"]:
            option["proposed"] = option["key"] == given
    return row


def labels_of(names: Mapping[int, str], survivor_id: int, loser_id: int) -> dict[str, str]:
    """How the two are called on the conflict screen."""
    return {
        SURVIVOR: f"{names.get(survivor_id, '')} (record {survivor_id}, the main one)",
        LOSER: f"{names.get(loser_id, '')} (record {loser_id})",
        BOTH: "Both",
    }


_CHANNELS = {"email": "e-mail", "call": "telephone"}
_RULING = {"given": "Allowed", "withdrawn": "Taken back"}
_ASKED = {
    Asked.WAITING: "Asked by mail, not confirmed yet",
    Asked.CONFIRMED: "Confirmed by mail",
    Asked.EXPIRED: "Asked by mail, never confirmed",
}


def consent_lines(
    ruling: Sequence[ConsentRow], asked: Sequence[ConfirmationRow], zone: str, now: datetime
) -> list[dict[str, str]]:
    """What rules by channel and purpose, and which mails asked for it: each with its day and its words."""
    rules = [_consent_line(_RULING[one.state], one.at, one, zone) for one in ruling]
    return [
        *rules,
        *(_consent_line(_ASKED[one.state(now)], one.confirmed_at or one.asked_at, one, zone) for one in asked),
    ]


def _consent_line(title: str, at: datetime, said: ConsentRow | ConfirmationRow, zone: str) -> dict[str, str]:
    return {
        "icon": "check" if title == _RULING["given"] else "x" if title == _RULING["withdrawn"] else "mail",
        "title": f"{title}: {said.purpose} by {_CHANNELS.get(said.channel, said.channel)}",
        "detail": " · ".join(part for part in (local_date(at, zone), said.wording) if part),
    }


def address_line(row: PersonRow) -> str:
    """Firm, e-mail address and number."""
    return " · ".join(part for part in (row.company_name, row.email, row.phone) if part)


def moves_line(moves: Sequence[tuple[str, int]]) -> list[str]:
    """What moves, for a list."""
    return [f"{count} {words if count > 1 else _ONE.get(words, words)}" for words, count in moves]
