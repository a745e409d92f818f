"""Requests about personal data: handed out, or erased, found by an address."""

from __future__ import annotations

import os
from pathlib import Path

from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.ledger.contracts import by_system
from leadloop.loop import erasing
from leadloop.loop.cli.saying import answer, say, show, table
from leadloop.people.queries import with_address
from leadloop.platform.queries import company

OPERATOR = by_system("command-line")


def export(address: str, to: Path) -> None:
    """Write the file (mode 0600). Raises Conflict where there is one already."""
    file = erasing.hand_out(_found(address), actor=OPERATOR, now=clock.now())
    try:
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(f"{to} is there already", field="to", mend="Name another file") from None
    with os.fdopen(handle, "wb") as written:
        written.write(file)
    say("The ledger notes that it was handed out.")
    answer(str(to))


def erase(address: str, reason: str, ending: str, *, do_it: bool) -> None:
    """Say what goes; with `do_it` let it go."""
    code = _reason(reason)
    about = erasing.outlook(_found(address))
    show(
        table(
            "What is kept about them", ("Rows", "What"), [(one.count, one.says) for one in about.held], right=("Rows",)
        )
    )
    ending = ending or about.usual_ending
    if about.ending:
        say(f"{len(about.ending)} of their leads are open and end: {about.endings.get(ending, 'say how by --ending')}.")
    if about.going_on:
        say(f"{len(about.going_on)} of their leads have a deal, which goes on.")
    if not do_it:
        say("Nothing was changed. Say --yes to erase them; there is no way back.")
        return
    done = erasing.erase(person_id=about.person.id, reason=code, ending=ending, actor=OPERATOR, now=clock.now())
    answer(f"Erased: {sum(done.rows.values())} rows in {sum(count > 0 for count in done.rows.values())} stores")


def _found(address: str) -> int:
    """The one person with this address."""
    found = with_address(address, company().country)
    if not found:
        raise NotFound("Nobody has this address", field="address", mend="Write it as it stands on their record")
    if len(found) > 1:
        raise Conflict("Several people have this address", field="address", mend="Merge them first, or use their page")
    return found[0]


def _reason(said: str) -> str:
    """The code that was said, or whose words were. What is noted for good holds nothing that somebody typed."""
    words = {label.casefold(): code for code, label in erasing.REASONS.items()}
    code = words.get(said.strip().casefold(), said.strip())
    if code not in erasing.REASONS:
        known = "; ".join(f"{one} ({label.lower()})" for one, label in erasing.REASONS.items())
        raise Invalid("This is not one of the reasons", field="reason", mend=f"Say {known}")
    return code
