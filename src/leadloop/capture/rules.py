"""Decisions of the room: what is suspicious, what counts as a way to answer, and when something happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from leadloop.capture.contracts import Code, Parsed, PortalKind, Unreadable
from leadloop.kernel.decision import Decision, Reason

QUICKEST_HUMAN = 2.0  # seconds; nobody reads and fills in a form faster
FRESH = timedelta(days=3)  # older inquiries are history: answering them now would only puzzle people
AHEAD = timedelta(hours=1)  # clocks of others go wrong by that much without being nonsense
BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)
SHORTEST_PHONE = 6
PROGRAMME = "programme"  # in the circumstances of a delivery: that of our own page it was sent from
FETCH_AGAIN = tuple(timedelta(seconds=n) for n in (5, 20, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600))

_SOUND: Decision[Code | None] = Decision(None, (Reason("sound", "Nothing speaks against it."),))


def suspicion(
    kind: PortalKind, *, trapped: bool, elapsed: float | None, disposable: bool, released: bool
) -> Decision[Code | None]:
    """Return the code under which an open form's delivery is held, None when it may pass.

    `elapsed` is the seconds between showing the form and sending it, None when not known. Only portals open to
    everyone are suspected; what a person has released passes.
    """
    if released or kind != PortalKind.BROWSER:
        return _SOUND
    if trapped:
        return _held(Code.SPAM_SUSPECTED, "trap", "A field that people can't see was filled in.")
    if elapsed is not None and elapsed < QUICKEST_HUMAN:
        text = f"The form was sent within {QUICKEST_HUMAN:.0f} seconds of being shown."
        return _held(Code.SPAM_SUSPECTED, "too_quick", text)
    if disposable:
        return _held(Code.DISPOSABLE_ADDRESS, "disposable", "The e-mail address is a throw-away one.")
    return _SOUND


def _held(code: Code, ground: str, text: str) -> Decision[Code | None]:
    return Decision(code, (Reason(ground, text),))


def held_back(parsed: Parsed) -> Unreadable:
    """Return why a row is not taken in whose person is known."""
    if parsed.on_known == "ask":
        text = "This person is known already. Send the row through again to fill what is empty, or leave it."
        return Unreadable(parsed.ref, Code.KNOWN_ASKED, text)
    return Unreadable(parsed.ref, Code.KNOWN_SKIPPED, "This person is known already, so the row was left out.")


def reachable(*, email: bool, phone_digits: int, social: bool, named: bool, firm: bool, filed: bool) -> bool:
    """Tell whether anybody could answer: an address, a number, a profile, or a named person whom one can look up.

    That is one at a named firm, or one `filed`: of a file of our own, with their number in the system it comes from.
    """
    return email or phone_digits >= SHORTEST_PHONE or social or (named and (firm or filed))


def happened(said: datetime | None, received_at: datetime) -> datetime:
    """Return when it happened, which is when it arrived unless a believable earlier moment was said."""
    if said is None or said < BEGINNING or said > received_at + AHEAD:
        return received_at
    return said


def historic(happened_at: datetime, received_at: datetime, *, imported: bool, fresh: bool) -> bool:
    """Tell whether nobody is to be written to because of it: it is from a file not marked as fresh, or old."""
    return (imported and not fresh) or happened_at < received_at - FRESH


def programme_of(context: Mapping[str, str]) -> int | None:
    """Return the programme of our own page that a delivery was sent from; its sender has no say in it."""
    text = context.get(PROGRAMME)
    return int(text) if text else None


def fetch_again(attempts: int) -> timedelta | None:
    """Return how long to wait after so many attempts to fetch a lead; None when it is given up, after some two days."""
    return FETCH_AGAIN[attempts - 1] if attempts <= len(FETCH_AGAIN) else None
