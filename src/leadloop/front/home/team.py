"""The sales manager's day: who wins, who follows up, what is stale, where the forecast stands against the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.front.company.loop_page import span
from leadloop.front.company.periods import before, last_days, rows_url
from leadloop.front.forecast.reach import part_asked, people_of
from leadloop.front.home.lists import Asked, address, filters, named
from leadloop.front.home.moment import Moment
from leadloop.front.home.part import Piece, cause, cell, columns, counted, panel, points, sentence, stat, table
from leadloop.front.templatetags.ui import money, money_short, percent
from leadloop.platform.contracts import UserRow
from leadloop.selling.contracts import Card, Tally
from leadloop.selling.queries import deals, tally
from leadloop.tracking.contracts import FollowUp, Period
from leadloop.tracking.forecast import queries as foreseen
from leadloop.tracking.forecast import rules
from leadloop.tracking.queries import follow_up

SHOWN = 8
DEALS = ("won-this-month", "deals-open", "deals-silent", "deals-review", "deals-at-risk")
NOTHING = Tally()
SELLS = {"salesperson", "inside_sales", "presales", "sales_manager", "head_of_sales"}


def team_page(at: Moment, days: int) -> Piece:
    """Everything the page needs, in a constant number of queries."""
    period = last_days(days, at.now, at.us.zone)
    staff = [user for user in people_of(at.viewer) if SELLS & set(user.roles)]
    held = tally(at.viewer, named(DEALS, at, Asked()), now=at.now, by="owner")
    followed = {row.user_id: row for row in follow_up(period)}
    earlier = {row.user_id: row for row in follow_up(before(period))}
    review = deals(at.viewer, filters=filters("deals-review", at, Asked()), now=at.now, limit=SHOWN, counted=False).rows
    return {
        **_forecast(at, held),
        "how": [
            "Forecast: the newest one of this month for the team that is named (page Forecast), beside its "
            "plan. Open, at risk "
            "and won deals are those you see; amounts at today's rates, won ones at that of their closing day."
        ],
        "grid": "stack",
        "main": [_people(at, staff, held, followed, earlier, period, days), _review(held, review, staff)],
        "side": [],
    }


def _sum(held: Mapping[int | None, Mapping[str, Tally]], name: str) -> Tally:
    total = NOTHING
    for one in held.values():
        total = total.plus(one[name].count, one[name].minor, one[name].unconverted)
    return total


def _forecast(at: Moment, held: Mapping[int | None, Mapping[str, Tally]]) -> Piece:
    currency, part = at.us.currency, part_asked(at.viewer, {})
    won, still, risky = (_sum(held, name) for name in ("won-this-month", "deals-open", "deals-at-risk"))
    stats = [
        stat("Won this month", money_short(won.minor, currency), won.count, address("won-this-month")),
        stat("Open deals", money_short(still.minor, currency), still.count, address("deals-open")),
        stat("At risk", money_short(risky.minor, currency), risky.count, address("deals-at-risk")),
    ]
    newest = foreseen.newest() if part else None
    figure = (
        next((one for one in newest.of(part.kind, part.key) if one.month == at.month), None)
        if newest and part
        else None
    )
    whose = part.name if part and part.team else "the company"
    plan = foreseen.plans([at.month]).get((part.team_id, at.month)) if part else None
    stats.insert(0, stat(f"Plan, {whose}", money_short(plan, currency) if plan is not None else "none yet"))
    begin = cause(
        counted(risky.count, "open deal is", "open deals are") + " at risk, ", "see why", address("deals-at-risk"), "."
    )
    if figure is None or figure.p50 is None:
        words = "The newest forecast says nothing about your team." if newest else "There is no forecast yet."
        return {"sentence": sentence(words, None, begin), "stats": stats}
    stats.insert(
        1, stat(f"P10 to P90, {whose}", f"{money_short(figure.p10, currency)} to {money_short(figure.p90, currency)}")
    )
    gap = rules.gap(plan, figure.p50)
    against = "" if gap is None else f", {money_short(abs(gap), currency)} {'above' if gap >= 0 else 'below'} the plan"
    words = f"{money_short(figure.p50, currency)} is the middle of what {whose} will win in {at.month:%B}{against}."
    return {"sentence": sentence(words, None, begin), "stats": stats}


def _people(
    at: Moment,
    staff: Sequence[UserRow],
    held: Mapping[int | None, Mapping[str, Tally]],
    followed: Mapping[int | None, FollowUp],
    earlier: Mapping[int | None, FollowUp],
    period: Period,
    days: int,
) -> Piece:
    heads = columns(
        "Who", "Won this month", "Open", "Silent", "Handed over", "Followed up", "First contact", "Untouched"
    )
    rows = [
        _person(at, user, held.get(user.id, {}), followed.get(user.id), earlier.get(user.id), period) for user in staff
    ]
    return panel(
        "team",
        "The team",
        f"hand-overs of the last {days} days",
        table=table("The team", heads, rows, "Nobody who sells is in a team of yours."),
        how="Silent: open deals on which nothing was logged for 14 days. Handed over: leads that came to "
        "somebody in the "
        "period. Followed up: the share of those after which they spoke with the person or really wrote, and its "
        "change in points against the period before. First contact: clock time that half of those did not exceed. "
        "Untouched: hand-overs of the period without any contact until now.",
    )


def _person(
    at: Moment,
    user: UserRow,
    held: Mapping[str, Tally],
    now: FollowUp | None,
    then: FollowUp | None,
    period: Period,
) -> Piece:
    currency = at.us.currency

    def sums(name: str) -> Piece:
        one = held.get(name, NOTHING)
        return cell(money(one.minor, currency), one.count, address(name, user.id))

    def led(measure: str, value: int, text: str = "", state: str = "") -> Piece:
        return cell(text, value, rows_url(measure, period, user=user.id), state)

    silent = held.get("deals-silent", NOTHING).count
    cells: list[Any] = [
        user.name,
        sums("won-this-month"),
        sums("deals-open"),
        cell("", silent, address("deals-silent", user.id), "risk" if silent else ""),
    ]
    if now is None:
        return {"cells": [*cells, cell("none"), cell("–"), cell("–"), cell("–")]}
    change = points(now.rate, then.rate if then else None)
    moved = "" if not change else f" ({'up' if change > 0 else 'down'} {abs(change)})"
    return {
        "cells": [
            *cells,
            led("follow_up.handed_over", now.handed_over),
            led("follow_up.contacted", now.contacted, f"{percent(now.rate)}{moved}"),
            cell(span(now.p50_seconds)),
            led("follow_up.untouched", now.untouched, "", "late" if now.untouched else ""),
        ]
    }


def _review(held: Mapping[int | None, Mapping[str, Tally]], review: Sequence[Card], staff: Sequence[UserRow]) -> Piece:
    total, called = _sum(held, "deals-review"), {user.id: user.name for user in staff}
    rows = [
        {
            "url": f"/deals/{card.row.id}",
            "cells": [
                card.row.name,
                called.get(card.row.owner_id, ""),
                _why(card),
                f"{card.row.close_on:%-d %b %Y}",
                cell(money(card.row.minor, card.row.currency)),
            ],
        }
        for card in review
    ]
    found = table("To look at together", columns("Deal", "Owner", "Why", "Closes", "Amount", words=4), rows, "")
    return panel(
        "review",
        "To look at together",
        counted(total.count, "deal", "deals") if total.count else "",
        table=found if rows else None,
        words="No deal was put off twice, and every commit has a next step.",
        more={"url": address("deals-review"), "label": f"All {total.count}"} if total.count > len(rows) else None,
        how="Open deals whose closing date was put off at least twice, and deals of the category commit without a next "
        "step; the largest amounts first.",
    )


def _why(card: Card) -> str:
    found = [reason.text for reason in card.risks if reason.code == "pushed"]
    if card.row.category == "commit" and card.row.next_step_at is None:
        found.append("Commit without a next step")
    return "; ".join(found)
