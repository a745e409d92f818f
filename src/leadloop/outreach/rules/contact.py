"""May this person be contacted, on this channel, for this purpose, now?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from leadloop.kernel.decision import Decision, Reason, because
from leadloop.kernel.values import dataclass
from leadloop.outreach.contracts import Limits, Purpose, Verdict
from leadloop.outreach.rules.quiet import awake_at

DAY, WEEK = timedelta(days=1), timedelta(days=7)
NO_ADDRESS = Reason("no_address", "There is no address that works")
SUPPRESSED = Reason("suppressed", "The address may not be used for this")
NO_CONSENT = Reason("no_consent", "The person has not agreed to this")
WITHDRAWN = Reason("consent_withdrawn", "The person has withdrawn their consent")
ANSWERED = Reason("answered_today", "The person has had an automatic answer within a day")
SWITCHED_OFF = Reason("marketing_off", "The contact policy allows no marketing at all")
PAUSED = Reason("paused", "The recipient's mail server refuses us at the moment")
DAILY = Reason("daily_limit", "The person has been contacted as often as the policy allows in a day")
WEEKLY = Reason("weekly_limit", "The person has been contacted as often as the policy allows in a week")
QUIET = Reason("quiet_hours", "It is night where the person may be")
NO_NUMBER = Reason("no_number", "There is no number that works")
DO_NOT_CALL = Reason("do_not_call", "The number may not be called")
NEVER_AWAKE = Reason("always_quiet", "There is no time outside the quiet hours everywhere the person may be")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a recipient when the question is asked.

    `suppressed` is for the purpose in question. `zones` are all in which the person may be. `contacts` are the times of
    earlier marketing contacts on any channel; `answered_at` when the last automatic answer went out.
    """

    address: str | None
    consent: str = ""
    suppressed: bool = False
    zones: tuple[str, ...] = ("UTC",)
    contacts: tuple[datetime, ...] = ()
    answered_at: datetime | None = None
    paused_until: datetime | None = None


def may_contact(
    standing: Standing, purpose: Purpose, limits: Limits, now: datetime, *, auto_answer: bool = False
) -> Decision[Verdict]:
    """Decide, with the reason for a no or a later.

    Everybody needs an address. Suppression binds everything but internal messages. What a person asked for goes at
    any hour and without consent, an automatic answer once in 24 hours. Marketing needs consent, stays within the
    limits over all channels, and keeps to hours that are quiet in none of the zones the person may be in.
    """
    if standing.address is None:
        return _never(NO_ADDRESS)
    if purpose == Purpose.INTERNAL:
        return because(Verdict(may=True))
    if standing.suppressed:
        return _never(SUPPRESSED)
    if purpose == Purpose.TRANSACTIONAL:
        answered = auto_answer and standing.answered_at is not None and standing.answered_at > now - DAY
        return _never(ANSWERED) if answered else because(Verdict(may=True))
    return _marketing(standing, limits, now)


def may_call(standing: Standing, limits: Limits, now: datetime) -> Decision[Verdict]:
    """Decide whether somebody who asked may be telephoned now, whatever the stage of their lead.

    A call needs a number that works, is barred by suppression and by consent taken back, and keeps to hours that are
    quiet in none of the zones the person may be in: unlike a letter, it rings.
    """
    if standing.address is None:
        return _never(NO_NUMBER)
    if standing.suppressed:
        return _never(DO_NOT_CALL)
    if standing.consent == "withdrawn":
        return _never(WITHDRAWN)
    awake = awake_at(now, standing.zones, limits)
    if awake is None:
        return _never(NEVER_AWAKE)
    return because(Verdict(may=True)) if awake == now else because(Verdict(may=False, later_at=awake), QUIET)


def _marketing(standing: Standing, limits: Limits, now: datetime) -> Decision[Verdict]:
    if standing.consent != "given":
        return _never(WITHDRAWN if standing.consent == "withdrawn" else NO_CONSENT)
    if not (limits.per_day and limits.per_week):
        return _never(SWITCHED_OFF)
    waits = [
        (free_at(standing.contacts, limits.per_day, DAY, now), DAILY),
        (free_at(standing.contacts, limits.per_week, WEEK, now), WEEKLY),
        (max(standing.paused_until or now, now), PAUSED),
    ]
    reasons = [reason for at, reason in waits if at > now]
    free = max(at for at, _ in waits)
    awake = awake_at(free, standing.zones, limits)
    if awake is None:
        return _never(NEVER_AWAKE)
    if awake > free:
        reasons.append(QUIET)
    return Decision(Verdict(may=True) if awake == now else Verdict(may=False, later_at=awake), tuple(reasons))


def free_at(contacts: Sequence[datetime], limit: int, window: timedelta, now: datetime) -> datetime:
    """The first moment from now on at which fewer than `limit` of the contacts lie within the window before it."""
    within = sorted((at for at in contacts if at > now - window), reverse=True)
    return within[limit - 1] + window if len(within) >= limit else now


def _never(reason: Reason) -> Decision[Verdict]:
    return because(Verdict(may=False), reason)
