"""What an inquiry asks of leads and allows, in the words of the rooms that keep it."""

from __future__ import annotations

from leadloop.capture.contracts import Parsed
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
    """What an inquiry allows."""
    if not parsed.consent:
        return []
    return [_word(parsed, person_id, Channel.EMAIL, parsed.consent)]


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
        source=f"portal:{parsed.portal.id}",
    )
