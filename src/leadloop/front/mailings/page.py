"""What the pages of mailings show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from leadloop.front.mailings.words import LETTERS, STATES, reason
from leadloop.front.templatetags.ui import local, local_time
from leadloop.kernel.errors import Invalid
from leadloop.mailing.audience import count, first_wanted
from leadloop.mailing.contracts import Counted, MailingRow, Recipient, State
from leadloop.mailing.letters import around, letter, texts
from leadloop.mailing.queries import left_out, left_out_rows, mailings, occasion
from leadloop.mailing.rules import UNTYPED_UP_TO
from leadloop.outreach.contracts import Outcome
from leadloop.outreach.contracts import State as Letter
from leadloop.outreach.queries import of_occasion, outcomes
from leadloop.people.queries import people
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability as Can
from leadloop.segments.queries import segment, segment_names

PAGE = 50
LIKES = 10  # people whose letter can be looked at
WATCHED = timedelta(minutes=30)  # how long after the hold the page looks for news by itself
WAITING = (Letter.QUEUED, Letter.SENDING)


def mailings_page(viewer: Viewer) -> dict[str, Any]:
    """The list, the newest first."""
    rows = mailings()
    groups, staff = segment_names({row.segment_id for row in rows}), names({row.made_by_id for row in rows})
    labels = ("Name", "Segment", "State", "Letters", "Left out", "Made by", "Confirmed")
    return {
        "may_edit": viewer.may(Can.MAILINGS, "edit"),
        "table": {
            "caption": "Mailings",
            "columns": [{"label": label, "numeric": label in ("Letters", "Left out")} for label in labels],
            "total": len(rows),
            "rows": [
                {
                    "url": f"/mailings/{row.id}",
                    "cells": [
                        row.name,
                        groups.get(row.segment_id, ""),
                        STATES[row.state],
                        {"text": f"{row.wanted:,}" if row.confirmed_at else "–", "numeric": True},
                        {"text": f"{row.left_out:,}" if row.confirmed_at else "–", "numeric": True},
                        staff.get(row.made_by_id, ""),
                        local(row.confirmed_at, viewer.zone) or "–",
                    ],
                }
                for row in rows
            ],
        },
    }


def draft_page(viewer: Viewer, row: MailingRow, *, like: int | None, now: datetime) -> dict[str, Any]:
    """Before it is confirmed: who gets it and who doesn't, and the letter as one of them will read it."""
    chosen = segment(row.segment_id)
    counted = count(chosen, now)
    samples = first_wanted(chosen, now, LIKES)
    return {
        "segment": chosen,
        "counted": counted,
        "people": counted.wanted + counted.left_out,
        "stats": [
            {"label": "Letters", "shown": f"{counted.wanted:,}"},
            {"label": "At once", "shown": f"{counted.at_once:,}"},
            {"label": "Later", "shown": f"{sum(counted.later.values()):,}"},
            {"label": "Left out", "shown": f"{counted.left_out:,}"},
        ],
        "why": _why(counted),
        "must_type": counted.wanted > UNTYPED_UP_TO,
        **(_preview(row, samples, like, viewer.user_id, now) if samples else {}),
    }


def _why(counted: Counted) -> list[dict[str, str]]:
    later = [(code, number, "Later") for code, number in counted.later.items()]
    never = [(code, number, "Left out") for code, number in counted.never.items()]
    return [{"term": f"{what}: {reason(code)}", "value": f"{number:,}"} for code, number, what in (*later, *never)]


def sample(row: MailingRow, like: int | None, now: datetime) -> Recipient:
    """The person a test is written as. Raises Invalid where nobody would get it."""
    samples = first_wanted(segment(row.segment_id), now, LIKES)
    if not samples:
        raise Invalid("Nobody of this segment may be written to", mend="Choose another segment")
    return next((one for one in samples if one.person_id == like), samples[0])


def _preview(
    row: MailingRow, samples: Sequence[Recipient], like: int | None, user_id: int, now: datetime
) -> dict[str, Any]:
    shown = next((one for one in samples if one.person_id == like), samples[0])
    known = around(samples, user_id, now=now)
    written, language = letter(shown, known, texts(row.template_key), user_id)
    return {
        "likes": [
            {"id": one.person_id, "name": known.persons[one.person_id].name, "chosen": one is shown} for one in samples
        ],
        "like": shown.person_id,
        "letter": written,
        "language": language,
    }


def sent_page(viewer: Viewer, row: MailingRow, *, now: datetime) -> dict[str, Any]:
    """After it is confirmed: what became of every letter, each number with its rows."""
    found, skipped = outcomes(occasion(row.id)), left_out(row.id)
    waiting = sum(one.count for one in found if one.state in WAITING)
    unwritten = row.wanted - sum(one.count for one in found)
    held = row.state is not State.STOPPED and row.go_at is not None and now < row.go_at
    return {
        "segment": segment(row.segment_id),
        "state_words": STATES[row.state],
        "held": held,
        "leaves_at": local_time(row.go_at, viewer.zone) if held else "",
        "waiting": waiting + unwritten,
        "going": row.go_at is not None and waiting + unwritten > 0 and now < row.go_at + WATCHED,
        "may_stop": row.state is not State.STOPPED and waiting + unwritten > 0 and viewer.may(Can.MAILINGS, "edit"),
        "words": _said(row, found, held=held, unwritten=unwritten),
        "stats": _figures(row, found),
        "confirmed_by": names({row.confirmed_by_id or 0}).get(row.confirmed_by_id or 0, ""),
        "outcomes": _outcomes(row, found),
        "skipped": _skipped(row, skipped),
    }


def _said(row: MailingRow, found: Sequence[Outcome], *, held: bool, unwritten: int) -> str:
    if row.state is State.STOPPED:
        return "The mailing was stopped. What had not gone out never will."
    if held:
        return "Nothing has left yet, and all of it can be stopped."
    if unwritten:
        return "The letters are being written."
    if any(one.state in WAITING for one in found):
        return "Letters are going out. What waits for the contact policy goes when it may."
    return "Every letter has been dealt with."


def _figures(row: MailingRow, found: Sequence[Outcome]) -> list[dict[str, Any]]:
    def stat(label: str, value: int, **asked: str) -> dict[str, Any]:
        return {"label": label, "value": value, "shown": f"{value:,}", "url": _url(row.id, **asked)}

    sent = sum(one.count for one in found if one.state is Letter.SENT)
    refused = sum(one.count for one in found if one.state is Letter.REFUSED)
    return [
        stat("Sent", sent, state="sent"),
        stat("Waiting", sum(one.count for one in found if one.state in WAITING), state="waiting"),
        stat("Refused", refused, state="refused"),
        stat("Unsubscribed", sum(one.unsubscribed for one in found), unsubscribed="1"),
    ]


def _outcomes(row: MailingRow, found: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "caption": "What became of the letters",
        "columns": [{"label": "Letters that were"}, {"label": "Why"}, {"label": "Number", "numeric": True}],
        "empty": "No letter is in the outbox yet.",
        "rows": [
            {
                "cells": [
                    LETTERS[one.state],
                    reason(one.detail) if one.detail else "",
                    {
                        "value": one.count,
                        "url": _url(row.id, state=str(one.state), why=one.detail or "none"),
                        "text": "",
                        "numeric": True,
                    },
                ]
            }
            for one in found
        ],
    }


def _skipped(row: MailingRow, skipped: Mapping[str, int]) -> dict[str, Any]:
    return {
        "caption": "Who was left out",
        "columns": [{"label": "Why"}, {"label": "Number", "numeric": True}],
        "empty": "Everybody of the segment gets a letter.",
        "rows": [
            {
                "cells": [
                    reason(code),
                    {"value": number, "url": _url(row.id, left_out=code), "text": "", "numeric": True},
                ]
            }
            for code, number in skipped.items()
        ],
    }


def _url(mailing_id: int, **asked: str) -> str:
    return f"/mailings/{mailing_id}/rows?{urlencode(asked)}"


def rows_page(viewer: Viewer, row: MailingRow, asked: Mapping[str, str], *, after: int) -> dict[str, Any]:
    """The people behind a number of a mailing. Raises Invalid for an address that is off."""
    if code := asked.get("left_out"):
        total = left_out(row.id).get(code, 0)
        found: list[Any] = left_out_rows(row.id, code, after=after, limit=PAGE)
        title = f"Left out: {reason(code)}"
    else:
        title, total, found = _letters(row, asked, after)
    persons = people({one.person_id for one in found})
    return {
        "title": title,
        "total": total,
        "mailing": row,
        "next_url": _url(row.id, **{**asked, "after": str(found[-1].id)}) if len(found) == PAGE else "",
        "table": {
            "caption": title,
            "columns": [{"label": label} for label in ("Name", "Company", "Sent", "Why")],
            "total": total,
            "empty": "There is nobody.",
            "rows": [_person(one, persons, viewer) for one in found],
        },
    }


def _letters(row: MailingRow, asked: Mapping[str, str], after: int) -> tuple[str, int, list[Any]]:
    found = outcomes(occasion(row.id))
    if asked.get("unsubscribed"):
        rows = of_occasion(occasion(row.id), unsubscribed=True, after=after, limit=PAGE)
        return "Unsubscribed", sum(one.unsubscribed for one in found), list(rows)
    state, why = asked.get("state", ""), asked.get("why")
    if state != "waiting" and state not in set(Letter):
        raise Invalid(f"“{state}” is no state of a letter", field="state", mend="Open the number again")
    states = [str(one) for one in WAITING] if state == "waiting" else [state]
    detail = "" if why == "none" else why
    total = sum(one.count for one in found if one.state in states and detail in (None, one.detail))
    rows = of_occasion(occasion(row.id), states=states, detail=detail, after=after, limit=PAGE)
    return "Waiting" if state == "waiting" else LETTERS[Letter(state)], total, list(rows)


def _person(one: Any, persons: Mapping[int, Any], viewer: Viewer) -> dict[str, Any]:
    who = persons.get(one.person_id)
    code = (getattr(one, "reason", "") or getattr(one, "detail", "")).partition(":")[0]
    return {
        "url": f"/leads/{one.lead_id}" if one.lead_id else "",
        "cells": [
            who.name if who else "",
            who.company_name if who else "",
            local(getattr(one, "sent_at", None), viewer.zone) or "–",
            reason(code) if code else "",
        ],
    }
