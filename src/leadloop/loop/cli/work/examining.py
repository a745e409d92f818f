"""What `leadloop doctor` asks of the installed company."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles import finders

from leadloop.capture.door.spool import standing
from leadloop.capture.queries import waiting
from leadloop.kernel import clock
from leadloop.ledger.queries import parked
from leadloop.platform.health import health
from leadloop.platform.queries import company_now

Found = tuple[str, str, str, str]
STYLES = "dist/app.css"


def findings() -> Iterator[Found]:
    """Part, state (well, note, ill), what was found, what to do."""
    now = clock.now()
    yield "pages", *_pages()
    for process, state in sorted(health(now=now)["processes"].items()):
        yield process, *_process(state)
    yield "sending", *_sending()
    facts, deliveries = len(parked()), waiting()
    if facts:
        yield "facts", "ill", f"{facts} could not be handled", "Mend the cause, then run `leadloop replay`"
    if deliveries:
        yield "inbox", "note", f"{deliveries} deliveries wait to be processed", "The pump takes them while it runs"
    if settings.SPOOL:
        yield "spool", *_spool(*standing(settings.SPOOL))


def _pages() -> tuple[str, str, str]:
    if finders.find(STYLES):
        return "well", "styles and scripts are built", ""
    return "ill", "styles and scripts are not built", "Run `python -m leadloop.front.build`"


def _spool(kept: int, aside: int) -> tuple[str, str, str]:
    if aside:
        return "ill", f"{aside} files can't be stored", "See the log for why; they lie in `spool` below the home folder"
    if kept:
        return "note", f"{kept} files wait to be stored", "The web process stores them while it runs"
    return "well", "nothing is kept on disk", ""


def _process(state: dict[str, object]) -> tuple[str, str, str]:
    if state["ok"]:
        return "well", f"lives, process {state['pid']} on {state['host']}", ""
    return "note", f"silent for {state['silent_seconds']:.0f} s", "Run `leadloop up` if it should run"


def _sending() -> tuple[str, str, str]:
    firm = company_now()
    if firm.sending_held_since is None:
        return "well", "nothing holds messages back", ""
    return "note", f"held: {firm.sending_held_why}", "Run `leadloop db release-sending`"
