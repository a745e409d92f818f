"""Whether everything runs: processes, work that waits, facts that stand aside, mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from leadloop.capture.queries import gaps, portals, waiting
from leadloop.front.system.samples import sample_panel
from leadloop.front.templatetags.due_text import length
from leadloop.front.templatetags.ui import local
from leadloop.ledger.contracts import Lane
from leadloop.ledger.facts import kinds
from leadloop.ledger.queries import backlog, parked
from leadloop.outreach.contracts import SendingState
from leadloop.outreach.queries import sending
from leadloop.platform.contracts import BeatRow, Viewer
from leadloop.platform.queries import beats, company_now
from leadloop.platform.roles import Capability, Verb

SILENT_AFTER = 30.0  # seconds
EXPECTED = {"pump-live": "Takes deliveries and hands them on", "pump-bulk": "The same for imports"}
EXPECTED |= {"worker": "Sends mail, keeps time, runs long jobs"}
MOST_PARKED = 100
LANES = {Lane.LIVE: "Live", Lane.BULK: "Imports"}


def system_page(viewer: Viewer, now: datetime) -> dict[str, Any]:
    """Everything the page needs, in a constant number of queries."""
    alive, aside = beats(), parked(MOST_PARKED)
    rows = _processes(alive, now)
    mail = sending(now)
    held = company_now().sending_held_since is not None
    return {
        **_sentence(rows, len(aside), mail),
        "tabs": tabs(viewer, "system"),
        "processes": rows,
        "waiting": waiting(),
        "gaps": _gaps(now),
        "subscriptions": _subscriptions(backlog(), now),
        "parked": [_parked(row, viewer.zone) for row in aside],
        "routes": sorted({row["subscription"] for row in aside}),
        "mail": _mail(mail, viewer.zone),
        "mail_held": mail.held,
        "may_release": held and viewer.may(Capability.SYSTEM, "edit"),
        "may_edit": viewer.may(Capability.SYSTEM, "edit"),
        "sample": sample_panel(viewer),
    }


def tabs(viewer: Viewer, current: str) -> list[dict[str, Any]]:
    """The pages of the system that the viewer may open."""
    pages: tuple[tuple[str, str, str, Capability, Verb], ...] = (
        ("system", "How it runs", "/system", Capability.SYSTEM, "see"),
        ("users", "Users", "/system/users", Capability.USERS, "see"),
        ("tokens", "Tokens", "/system/tokens", Capability.TOKENS, "see"),
        ("persons", "Personal data", "/system/persons", Capability.SYSTEM, "edit"),
    )
    return [
        {"label": label, "url": url, "current": key == current, "count": None}
        for key, label, url, right, verb in pages
        if viewer.may(right, verb)
    ]


def _processes(alive: Sequence[BeatRow], now: datetime) -> list[dict[str, Any]]:
    """Those that must run, whether they ever did or not, and others that gave a sign of life."""
    known = {one.process: one for one in alive}
    return [_process(name, known.get(name), now) for name in dict.fromkeys([*EXPECTED, *known])]


def _process(name: str, one: BeatRow | None, now: datetime) -> dict[str, Any]:
    does = EXPECTED.get(name, "")
    if one is None:
        return {"name": name, "does": does, "where": "–", "seen": "never", "state": "late", "words": "Has never run"}
    silent = (now - one.at).total_seconds()
    runs = silent <= SILENT_AFTER
    return {
        "name": name,
        "does": does,
        "where": f"{one.host}, process {one.pid}",
        "seen": _ago(one.at, now),
        "state": "ok" if runs else "late",
        "words": "Runs" if runs else "Silent",
    }


def _ago(moment: datetime, now: datetime) -> str:
    passed = (now - moment).total_seconds()
    return "just now" if passed < 60 else f"{length(passed)} ago"


def _sentence(rows: Sequence[Mapping[str, Any]], aside: int, mail: SendingState) -> dict[str, str]:
    silent = [row["name"] for row in rows if row["state"] != "ok"]
    if silent:
        words = f"{', '.join(silent)} {'does' if len(silent) == 1 else 'do'} not run."
        return {"words": words, "cause": "Start it again with leadloop up, and look into its messages."}
    if aside:
        words = f"{aside} {'fact waits' if aside == 1 else 'facts wait'} for a decision."
        return {"words": words, "cause": "Something could not be handled. Mend the cause, then hand it over again."}
    cause = mail.held or "Nothing waits for a person."
    return {"words": "Everything runs.", "cause": cause if cause.endswith(".") else f"{cause}."}


def _subscriptions(rows: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    labels = ("Route", "Lane", "Handled", "Last moved", "Stand aside")
    return {
        "caption": "Routes",
        "columns": [{"label": label, "numeric": label in ("Handled", "Stand aside")} for label in labels],
        "empty": "No route has begun yet. They begin with the pump.",
        "rows": [
            {
                "cells": [
                    row["name"],
                    LANES[Lane(row["lane"])],
                    {"text": f"{row['handled']:,}", "numeric": True},
                    _ago(row["moved_at"], now) if row["moved_at"] else "–",
                    {"text": f"{row['parked']:,}", "numeric": True},
                ]
            }
            for row in rows
        ],
    }


def _parked(row: Mapping[str, Any], zone: str) -> dict[str, Any]:
    fact = kinds().get(row["kind"])
    return {
        "event_id": row["event_id"],
        "route": row["subscription"],
        "says": fact.says if fact else row["kind"],
        "why": row["error"] or "Waits behind another one of the same person",
        "since": local(row["at"], zone),
        "failed": row["state"] == "failed",
        "attempts": row["attempts"],
    }


def _gaps(now: datetime) -> list[dict[str, str]]:
    """The portals through which fewer came within a month than their senders counted."""
    missing: dict[int, int] = {}
    for row in gaps(now=now):
        missing[row.portal_id] = missing.get(row.portal_id, 0) + row.missing
    known = portals() if missing else {}
    return [
        {"term": known[portal_id].name, "value": f"{count:,} missing", "url": f"/portals/{portal_id}#counts"}
        for portal_id, count in sorted(missing.items())
    ]


def _mail(mail: SendingState, zone: str) -> list[dict[str, str]]:
    pairs = [
        ("Waiting", f"{mail.queued:,}" + (f", {mail.due:,} of them due" if mail.due else "")),
        ("Oldest due since", local(mail.oldest_due_at, zone)),
        ("Being sent", f"{mail.sending:,}"),
        ("Not known whether they arrived", f"{mail.unknown:,}"),
        ("Failed within a day", f"{mail.failed_today:,}"),
        ("Marketing pauses for", ", ".join(domain or "everybody" for domain in mail.paused)),
    ]
    return [{"term": term, "value": value} for term, value in pairs if value]
