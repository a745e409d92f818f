"""Decisions of the room: what is suspicious, what counts as a way to answer, and when something happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from leadloop.capture.contracts import HOLD, Code, Parsed, PortalKind, PortalRow, Unreadable
from leadloop.kernel.decision import Decision, Reason
from leadloop.kernel.values import dataclass

QUICKEST_HUMAN = 2.0  # seconds; nobody reads and fills in a form faster
FRESH = timedelta(days=3)  # older inquiries are history: answering them now would only puzzle people
AHEAD = timedelta(hours=1)  # clocks of others go wrong by that much without being nonsense
BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)
SHORTEST_PHONE = 6
PROGRAMME = "programme"  # in the circumstances of a delivery: that of our own page it was sent from
FETCH_AGAIN = tuple(timedelta(seconds=n) for n in (5, 20, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600))

UNPROVED = {
    Code.NOT_PROVED: "The browser did not solve the riddle that this form sets, or a program sent it.",
    Code.PROOF_TOO_OLD: "The riddle had been solved too long before the form was sent.",
    Code.PROOF_USED: "The same solution had come with another delivery.",
}

_SOUND: Decision[Code | None] = Decision(None, (Reason("sound", "Nothing speaks against it."),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for or against a delivery.

    `elapsed` is the seconds between showing the form and sending it, None when not known. `blocked` names what a block
    list says, "" for nothing, `unproved` why the riddle was not solved. `allowed` is the word of an allow list.
    """

    trapped: bool = False
    elapsed: float | None = None
    disposable: bool = False
    blocked: str = ""
    unproved: Code | None = None
    allowed: bool = False


def suspicion(portal: PortalRow, signs: Signs) -> Decision[Code | None]:
    """Return the code under which a delivery from outside is held, None when it may pass.

    Trap, clock and riddle guard what is open to everyone. Who is allowed is no more held for where they write from or
    for what they say, but a program that steps into the trap is one, whomever it claims to be.
    """
    if portal.kind == PortalKind.BROWSER:
        if signs.trapped:
            return _held(Code.SPAM_SUSPECTED, "trap", "A field that people can't see was filled in.")
        if signs.elapsed is not None and signs.elapsed < QUICKEST_HUMAN:
            text = f"The form was sent within {QUICKEST_HUMAN:.0f} seconds of being shown."
            return _held(Code.SPAM_SUSPECTED, "too_quick", text)
        if signs.unproved:
            return _held(signs.unproved, "unproved", UNPROVED[signs.unproved])
    if signs.allowed:
        return _SOUND
    if signs.blocked:
        return _held(Code.BLOCKED, "blocked", f"It is on the block list: {signs.blocked}.")
    if signs.disposable and portal.disposable == HOLD:
        return _held(Code.DISPOSABLE_ADDRESS, "disposable", "The e-mail address is a throw-away one.")
    return _SOUND


def used_before(parsed: Parsed) -> Unreadable:
    """Return why a delivery is held whose solution came with another one."""
    return Unreadable(parsed.ref, Code.PROOF_USED, UNPROVED[Code.PROOF_USED])


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
