"""What an inquiry asks of leads and allows, in the words of the rooms that keep it."""

from __future__ import annotations

from leadloop.capture.contracts import Parsed, PortalKind
from leadloop.capture.parse.standing import SALES_OWNED
from leadloop.leads.contracts import Pursuit, Stage
from leadloop.outreach.contracts import Purpose
from leadloop.people.contracts import Channel, ConsentWord


def pursuit(parsed: Parsed, person_id: int, company_id: int | None) -> Pursuit:
    """What an inquiry about buying asks of leads."""
    return Pursuit(
        ref=parsed.ref,
        person_id=person_id,
        company_id=company_id,
        interest_id=parsed.interest_id,
        programme_id=parsed.programme_id,
        source_id=parsed.source_id,
        happened_at=parsed.happened_at,
        handover=parsed.portal.handover,
        owner_id=parsed.owner_id,
        stage=parsed.stage or Stage.INQUIRY,
        closed_as=parsed.closed_as,
        close_reason=parsed.close_reason,
        why=_why(parsed),
        reply_owed=not parsed.historic and not _found(parsed),
    )


def _why(parsed: Parsed) -> str:
    """What brought the lead, in a few words for its row."""
    return f"{parsed.portal.name}, with a message" if parsed.message and not _found(parsed) else parsed.portal.name


def _found(parsed: Parsed) -> bool:
    """Whether somebody of ours found them, so that nobody asked and nobody waits for an answer."""
    return parsed.portal.handover == SALES_OWNED


def allowed(parsed: Parsed, person_id: int) -> list[ConsentWord]:
    """What an inquiry allows at once."""
    if not parsed.consent or to_confirm(parsed):
        return []
    return [_word(parsed, person_id, Channel.EMAIL, parsed.consent)]


def to_confirm(parsed: Parsed) -> bool:
    """Whether what an inquiry allows counts only once it was confirmed by mail. Nobody is written to for the past."""
    return bool(parsed.consent) and parsed.portal.double_opt_in and not parsed.historic


def to_be_confirmed(parsed: Parsed, person_id: int) -> ConsentWord:
    """What the mail asks. A page that anybody may send can't bring words of its own into a mail of ours."""
    own = parsed.portal.consent_wording if parsed.portal.kind is PortalKind.BROWSER else ""
    return _word(parsed, person_id, Channel.EMAIL, own or parsed.consent)


def source_of(portal_id: int) -> str:
    """How words of consent name the portal through which they came."""
    return f"portal:{portal_id}"


def portal_of(source: str) -> int | None:
    """The portal that a source names, None for another source."""
    kind, _, number = source.partition(":")
    return int(number) if kind == "portal" and number.isdigit() else None


def refused(parsed: Parsed, person_id: int) -> list[ConsentWord]:
    """What an inquiry refuses."""
    channels = [Channel.CALL if channel == "phone" else Channel.EMAIL for channel in parsed.opted_out]
    return [_word(parsed, person_id, channel) for channel in channels]


def _word(parsed: Parsed, person_id: int, channel: Channel, wording: str = "") -> ConsentWord:
    return ConsentWord(
        person_id=person_id,
        channel=channel,
        purpose=Purpose.MARKETING,
        wording=wording,
        source=source_of(parsed.portal.id),
    )
