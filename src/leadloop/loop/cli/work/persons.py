"""Requests about personal data: handed out, or erased, found by an address."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.ledger.contracts import by_system
from leadloop.loop import erasing
from leadloop.loop.cli.saying import answer, say, show, table
from leadloop.people.queries import with_address
from leadloop.platform.queries import company

OPERATOR = by_system("command-line")


def export(address: str, to: Path) -> None:
    """Write the file (mode 0600). Raises Conflict where there is one already, Invalid where none can be.

    The ledger says that it was handed out only once there is a file for it.
    """
    person_id = _found(address)
    with _new(to) as file:
        file.write(erasing.hand_out(person_id, actor=OPERATOR, now=clock.now()))
    say("The ledger notes that it was handed out.")
    answer(str(to))


@contextmanager
def _new(to: Path) -> Iterator[BinaryIO]:
    """A file of one's own that was not there; gone again when what was to be written fails."""
    try:
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(f"{to} is there already", field="to", mend="Name another file") from None
    except OSError as cause:
        raise Invalid(
            f"{to} cannot be written: {cause.strerror}", field="to", mend="Name a file you may write"
        ) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
    except BaseException:
        to.unlink(missing_ok=True)
        raise


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
