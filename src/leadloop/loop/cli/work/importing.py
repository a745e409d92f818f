"""Bringing a file in from the command line: shown as it is understood, counted when it is through."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from leadloop.capture.contracts import PortalRow
from leadloop.capture.imports.contracts import Options, Reading
from leadloop.capture.imports.preview import preview
from leadloop.capture.parse.fields import label
from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import by_system
from leadloop.loop import imports
from leadloop.loop.cli.saying import ASIDE, Steps, progress, say, table
from leadloop.loop.cli.saying import as_json as say_json
from leadloop.loop.undoing_imports import take_back
from leadloop.platform.queries import names, user_by_email, user_by_name

OPERATOR = by_system("command-line")
SHOWN = 10  # refused rows on the screen
OWNERS = {"name": "by name", "email": "by address", "chosen": "as chosen", "fallback": "nobody of this name here"}


def import_file(path: Path, portal_key: str, given: Mapping[str, Any], *, dry_run: bool, as_json: bool) -> None:
    """Understand, show, and unless it is a dry run bring in and count."""
    started, now = time.monotonic(), clock.now()
    portal = imports.portal_named(portal_key)
    options = Options(**{**given, "owners": {text: user_named(who) for text, who in given["owners"].items()}})
    reading = imports.understand(path, portal, options)
    _show(reading)
    if dry_run:
        _try(path, reading, portal, as_json=as_json)
        return
    with progress() as bar:
        outcome = imports.bring_in(path, reading, portal, actor=OPERATOR, now=now, on=Steps(bar))
    found = {**asdict(outcome), "seconds": round(time.monotonic() - started, 2)}
    if as_json:
        say_json(found)
    else:
        say(
            "{rows:,} rows: {new:,} new leads, {joined:,} joined open ones, {other:,} about other things, "
            "{quarantined:,} in quarantine, {known:,} known before; {seconds} s".format(**found)
        )


def _try(path: Path, reading: Reading, portal: PortalRow, *, as_json: bool) -> None:
    """Read every row and say what would come of them."""
    found = preview(path=path, portal=portal, reading=reading.as_json(), now=clock.now())
    if as_json:
        say_json({**found.as_json(), "refused": [{"row": row, "why": why} for row, why in found.refused]})
        return
    say(
        f"{found.rows:,} rows: {found.new:,} new people, {found.known:,} known, {found.repeated:,} twice in the file, "
        f"{found.held:,} errors, {found.suppressed:,} suppressed and kept so, {found.erased:,} erased"
    )
    say("Nothing was stored")
    for row, why in found.refused[:SHOWN]:
        say(f"row {row}: {why}")


def undo_import(run_id: int, *, as_json: bool) -> None:
    """Take an import back and count."""
    counts = take_back(run_id, actor=OPERATOR, now=clock.now())
    if as_json:
        say_json({"run_id": run_id, **counts})
    else:
        say(
            "{leads:,} leads closed, {persons:,} people withdrawn, {changes:,} changes put back; "
            "{kept:,} kept, since they changed meanwhile".format(**counts)
        )


def user_named(who: str) -> int:
    """The user of this address or name. Raises NotFound."""
    found = user_by_email(who) or user_by_name(who)
    if found is None:
        raise NotFound(f"Nobody here is called {who}", field="owner", mend="See `leadloop user list`")
    return found.id


def _show(reading: Reading) -> None:
    """How the file is understood: columns, owners, statuses, and what is worth knowing."""
    columns = [
        (one.header, label(one.field) if one.field else "kept as attribute", one.how, f"{one.fill:.0%}")
        for one in reading.columns
    ]
    rows = f"{reading.file_name}: {reading.rows:,} rows, {reading.encoding}"
    ASIDE.print(table(rows, ("Column", "Goes to", "Why", "Filled"), columns, right=("Filled",)))
    if reading.owners:
        people = names({one.user_id for one in reading.owners})
        owners = [(one.text, f"{one.rows:,}", people.get(one.user_id, ""), OWNERS[one.how]) for one in reading.owners]
        ASIDE.print(table("Owners", ("In the file", "Rows", "Here", "Why"), owners, right=("Rows",)))
    standing = [*reading.statuses, *([reading.converted] if reading.converted else [])]
    if standing:
        stood = [
            (replace(one, text=one.text or "(empty)"), one.stage or one.closed_as or "inquiry") for one in standing
        ]
        ASIDE.print(
            table(
                "Statuses",
                ("In the file", "Rows", "Stands at", "Reason", "Why"),
                [(one.text, f"{one.rows:,}", stage, one.reason, one.how) for one, stage in stood],
                right=("Rows",),
            )
        )
    for note in reading.notes:
        say(note)
