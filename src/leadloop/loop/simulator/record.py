"""The truth of a story as a file, so that scores, attribution, follow-up, leaks and forecasts can be judged by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from leadloop.leads.contracts import CLOSED_STAGES, Stage
from leadloop.loop.simulator import market
from leadloop.loop.simulator.company import DOMAIN
from leadloop.loop.simulator.conduct import Pursued
from leadloop.loop.simulator.house.state import Deal, Lead
from leadloop.loop.simulator.leaking import leaking
from leadloop.loop.simulator.story import Story
from leadloop.loop.simulator.truth import Inquirer, Intent, buys

VERSION = 1
PROMPT = 0.5  # days to a contact that nobody would call late
DAY = timedelta(days=1)


def truth_of(story: Story) -> dict[str, Any]:
    """Everything that was true, ready for JSON; see docs/demo.md for what each part says. Ids are the database's."""
    return {
        "version": VERSION,
        "seed": story.truth.seed,
        "start": story.truth.start.isoformat(),
        "end": story.truth.end.isoformat(),
        "currency": story.house.around.currency,
        "programmes": list(_programmes(story)),
        "sellers": list(_sellers(story)),
        "people": list(_people(story)),
        "leads": [_lead(story, lead) for lead in story.house.rows.leads],
        "deals": [_deal(story, deal) for deal in story.house.rows.deals],
        "leaks": _leaks(story),
        "leaking": leaking(story, lambda lead: _prompted(story, lead)),
    }


def _programmes(story: Story) -> Iterator[dict[str, Any]]:
    """What each programme truly did: a win is incremental when it would not be there without the programme."""
    brought = Counter(one.programme for one in story.truth.inquirers)
    anyway = Counter(one.programme for one in story.truth.inquirers if one.anyway)
    touches = Counter(hand.programme for hand in story.truth.hands if hand.inquirer >= 0)
    for key, effect in market.EFFECTS.items():
        wins, won, worth = 0, 0, 0
        for deal in story.house.rows.deals:
            change = _difference(story, deal, key)
            wins += change
            won += deal.state == "won" and _founder(story, deal).programme == key
            worth += change * _base(story, deal)
        yield {
            "key": key,
            "programme_id": story.desk.demo.programmes[key],
            "would_come_anyway": effect.anyway,
            "lift": effect.lift,
            "touches": touches[key],
            "people": brought[key],
            "people_anyway": anyway[key],
            "won_deals_begun": won,
            "incremental_wins": wins,
            "incremental_base_minor": worth,
        }


def _difference(story: Story, deal: Deal, key: str) -> int:
    """1 when this deal was won because of the programme, -1 when it was lost because of it, else 0."""
    if deal.closed_at is None:
        return 0
    founder = _founder(story, deal)
    won = deal.state == "won"
    if founder.programme == key and not founder.anyway:
        return int(won)
    if key not in story.desk.met(deal.primary, deal.closed_at):
        return 0
    return int(won) - int(story.desk.outcome(deal.primary, deal.closed_at, without=key))


def _founder(story: Story, deal: Deal) -> Inquirer:
    return story.people[story.desk.pursued[deal.primary.id].who.project]


def _base(story: Story, deal: Deal) -> int:
    day = (deal.closed_at or story.truth.end).astimezone(story.house.around.zone).date()
    return story.house.around.base(deal.minor, deal.currency, day)


def _sellers(story: Story) -> Iterator[dict[str, Any]]:
    """How diligent everybody truly is, and what became of that: hand-overs, and those they followed up themselves."""
    done = [(one.lead_id, one.user_id, one.happened_at) for one in story.house.rows.activities if one.contacted]
    offers = Counter(one.user_id for one in story.house.rows.offers)
    followed: Counter[int] = Counter()
    by_lead: dict[tuple[int, int], list[datetime]] = {}
    for lead_id, user_id, at in done:
        by_lead.setdefault((lead_id, user_id), []).append(at)
    for one in story.house.rows.offers:
        followed[one.user_id] += any(at >= one.offered_at for at in by_lead.get((one.lead_id, one.user_id), ()))
    for key, diligence in story.desk.demo.who.diligence.items():
        user_id = story.desk.demo.staff[key]
        yield {
            "user_id": user_id,
            "email": f"{key}@{DOMAIN}",
            "diligence": diligence,
            "handed_over": offers[user_id],
            "followed_up_themselves": followed[user_id],
        }


def _people(story: Story) -> Iterator[dict[str, Any]]:
    """What each inquirer is after, would spend, and in the end did."""
    won = {story.desk.pursued[deal.primary.id].who.project for deal in story.house.rows.deals if deal.state == "won"}
    for one in story.truth.inquirers:
        hands = story.desk.hands.get(one.number, [])
        if not hands or hands[0].twist:
            continue
        decides_on = hands[0].at + timedelta(days=one.decides_in)
        yield {
            "number": one.number,
            "email": one.email,
            "project": one.project,
            "intent": str(one.intent),
            "threshold": round(one.threshold, 6),
            "worth_minor": one.worth,
            "currency": one.currency,
            "decides_on": decides_on.date().isoformat(),
            "programme": one.programme,
            "would_come_anyway": one.anyway,
            "would_buy_if_prompt": _would_buy(story, one, hands[0].at),
            "bought": _bought(one, decides_on, story.truth.end, won_here=one.project in won),
        }


def _bought(one: Inquirer, decides_on: datetime, end: datetime, *, won_here: bool) -> str:
    if won_here:
        return "us"
    if one.intent not in (Intent.BUYING, Intent.LATER):
        return "nobody"
    return "elsewhere" if decides_on <= end else "not_yet"


def _would_buy(story: Story, one: Inquirer, raised_at: datetime) -> bool:
    """Whether they would have bought from us, had we been there at once and met them."""
    met = [hand.programme for hand in story.desk.hands[one.number] if hand.at <= raised_at + 30 * DAY]
    return buys(one, days_to_contact=PROMPT, met=True, written_to=False, lift=market.lift_of(met))


def _prompted(story: Story, lead: Lead) -> bool:
    known = story.desk.pursued[lead.id]
    return _would_buy(story, known.who, known.raised_at)


def _lead(story: Story, lead: Lead) -> dict[str, Any]:
    known = story.desk.pursued[lead.id]
    return {
        "lead_id": lead.id,
        "person_id": lead.person.id,
        "inquirer": known.who.number,
        "stage": str(lead.stage),
        "handed_over": bool(lead.offers),
        "days_to_contact": _days(known),
        "let_lie_on_purpose": known.late,
        "would_buy_if_prompt": _prompted(story, lead),
        "leak": _leak(story, lead),
    }


def _days(known: Pursued) -> float | None:
    if known.first_contact is None:
        return None
    return round(known.days(known.first_contact), 3)


def _leak(story: Story, lead: Lead) -> str:
    """Why a sale that could have been ours was not made; empty where none was to be made, or it still may be."""
    known = story.desk.pursued[lead.id]
    mates = story.desk.together(lead)
    if lead is not mates[0] or any(one.stage is Stage.WON for one in mates):
        return ""
    if not _prompted(story, lead) or not known.decided(story.truth.end, 1.0):
        return ""
    if any(one.deal for one in mates):
        return ""
    contacts = [story.desk.pursued[one.id].first_contact for one in mates]
    reached = min((at for at in contacts if at), default=None)
    if reached is None:
        return "never_followed_up" if any(one.offers for one in mates) else "never_handed_over"
    if (reached - known.raised_at) > DAY:
        return "contacted_late"
    return "given_up" if lead.stage in CLOSED_STAGES or lead.stage is Stage.NURTURING else "stuck"


def _leaks(story: Story) -> dict[str, dict[str, int]]:
    """Sales that were there to be made, by why they were not, with what they were worth in the company's currency."""
    found: dict[str, dict[str, int]] = {}
    today = story.truth.end.astimezone(story.house.around.zone).date()
    for lead in story.house.rows.leads:
        if why := _leak(story, lead):
            who = story.desk.pursued[lead.id].who
            one = found.setdefault(why, {"projects": 0, "base_minor": 0})
            one["projects"] += 1
            one["base_minor"] += story.house.around.base(who.worth, who.currency, today)
    return found


def _deal(story: Story, deal: Deal) -> dict[str, Any]:
    """What will become of a deal, also of those that are open: as things stand, and when they mean to decide."""
    known = story.desk.pursued[deal.primary.id]
    raised = story.desk.hands[story.people[known.who.project].number][0].at
    return {
        "opportunity_id": deal.id,
        "state": deal.state,
        "minor": deal.minor,
        "currency": deal.currency,
        "project": known.who.project,
        "would_buy": story.desk.would_buy(deal.primary, deal.closed_at or story.truth.end),
        "decides_on": (raised + timedelta(days=known.who.decides_in)).date().isoformat(),
    }
