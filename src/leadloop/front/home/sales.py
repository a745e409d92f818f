"""The salesperson's day: whom first and why, what is due, which deals are in danger, what was said of the month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leadloop.agreement.queries import in_force
from leadloop.front.home.lists import Asked, address, filters, named
from leadloop.front.home.moment import Moment
from leadloop.front.home.part import Piece, cause, cell, columns, counted, line, panel, sentence, stat, table
from leadloop.front.templatetags.ui import local_time, money, money_short
from leadloop.front.work.rows import list_rows
from leadloop.leads.contracts import LeadRow, Sort, Tab
from leadloop.leads.queries import listing, worklist
from leadloop.leads.queries import tally as lead_tally
from leadloop.people.queries import people
from leadloop.platform.roles import Capability as Can
from leadloop.selling.contracts import Card, Tally
from leadloop.selling.queries import deals
from leadloop.selling.queries import tally as deal_tally
from leadloop.tracking.forecast.contracts import Submitted
from leadloop.tracking.forecast.queries import submitted

SHOWN = 8
LEADS = ("late", "steps-today", "new")
NEWS = {
    "deals-opened-lately": ("deal opened", "deals opened"),
    "deals-moved-lately": ("deal moved on the board", "deals moved on the board"),
    "deals-won-lately": ("deal won", "deals won"),
    "deals-lost-lately": ("deal lost", "deals lost"),
}
RISKS = {"deals-close-passed": "closing date passed", "deals-no-step": "no next step", "deals-silent": "silent"}
DEALS = ("deals-open", "deals-at-risk", "won-this-month", *RISKS, *NEWS)


def sales_page(at: Moment) -> Piece:
    """Everything the page needs, in nine queries."""
    me, viewer, terms = at.viewer.user_id, at.viewer, in_force()
    mine = Asked(owner=me)
    first = worklist(viewer, tab=Tab.ALL, limit=SHOWN, now=at.now).rows
    counts = lead_tally(viewer, named(LEADS, at, mine), now=at.now)[None]
    steps = listing(
        viewer, filters=filters("steps-today", at, mine), sort=Sort.DUE, limit=SHOWN, now=at.now, counted=False
    ).rows
    persons = people({lead.person_id for lead in (*first, *steps)})
    held = deal_tally(viewer, named(DEALS, at, mine), now=at.now)[None]
    risky = deals(viewer, filters=filters("deals-at-risk", at, mine), now=at.now, limit=SHOWN, counted=False).rows
    foresees = viewer.may(Can.FORECAST, "see")
    said = submitted([at.month], by=at.now).get((me, at.month)) if foresees else None
    rows = list_rows(first, persons, terms=terms, now=at.now, currency=at.us.currency)
    return {
        "sentence": _sentence(counts, rows),
        "stats": _stats(at, held, said, foresees=foresees),
        "how": [
            "Won: at the rate of the closing day. Open: at today's rate. What you commit to for the month is "
            "said on the "
            "page Forecast, won deals included; plans are kept for teams there, not for single persons."
        ],
        "main": [
            panel("first", "Do first", "by due time, then by value", rows=rows, total=len(rows), current="",
                  words="Nothing waits for you. New leads appear as soon as they are handed over to you.",
                  more={"url": "/worklist", "label": "The whole worklist"},
                  how="Your open leads: what is due first comes first, of equally due ones the one worth most."),
            _risks(at, held, risky),
        ],
        "side": [
            panel("steps", "Due today", "next steps and meetings", lines=_steps(at, steps, persons),
                  words="No next step of yours is due today.", more=_more(counts["steps-today"], len(steps), me),
                  how="Your open leads whose next step, such as a call or meeting agreed on, falls due today "
                      "where you are."),
            _news(at, held, counts),
        ],
    }  # fmt: skip


def _sentence(counts: dict[str, int], rows: Sequence[dict[str, Any]]) -> Piece:
    late = counts["late"]
    if not rows:
        return sentence("Nothing waits for you right now.")
    first = rows[0]
    begin = cause("Begin with", first["name"], first["url"], f": {first['reason']}.")
    if not late:
        return sentence("Nothing of yours is late.", None, begin)
    figure = {"value": late, "url": "/worklist?tab=late", "label": "", "state": "late"}
    return sentence("of your leads is late." if late == 1 else "of your leads are late.", figure, begin)


def _stats(at: Moment, held: dict[str, Tally], said: Submitted | None, *, foresees: bool) -> list[Piece]:
    currency, me = at.us.currency, at.viewer.user_id
    won, still = held["won-this-month"], held["deals-open"]
    shown = [
        stat("Won this month", money_short(won.minor, currency), won.count, address("won-this-month", me)),
        stat("Open deals", money_short(still.minor, currency), still.count, address("deals-open", me)),
    ]
    if not foresees:
        return shown
    if said is None:
        return [*shown, stat(f"Commit for {at.month:%B}", "not said yet")]
    left = said.commit - won.minor
    return [
        *shown,
        stat(f"Commit for {at.month:%B}", money_short(said.commit, currency)),
        stat("Still to win for it", money_short(left, currency) if left > 0 else "reached"),
    ]


def _risks(at: Moment, held: dict[str, Tally], risky: Sequence[Card]) -> Piece:
    me, currency = at.viewer.user_id, at.us.currency
    lines = [
        line(f"{held[name].count} {words}", url=address(name, me), value=held[name].count)
        for name, words in RISKS.items()
        if held[name].count
    ]
    rows = [
        {
            "url": f"/deals/{card.row.id}",
            "cells": [
                card.row.name,
                "; ".join(reason.text for reason in card.risks) or "No next step",
                cell(money(card.row.minor, card.row.currency)),
            ],
        }
        for card in risky
    ]
    all_of_it = held["deals-at-risk"]
    scope = f"{all_of_it.count:,} of your open deals, {money_short(all_of_it.minor, currency)}" if risky else ""
    return panel(
        "risks",
        "My deals at risk",
        scope,
        summary=lines,
        table=table("My deals at risk", columns("Deal", "Why", "Amount", words=2), rows, "") if rows else None,
        words="None of your open deals is at risk." if held["deals-open"].count else "You have no open deals.",
        more={"url": address("deals-at-risk", me), "label": f"All {all_of_it.count}"}
        if all_of_it.count > SHOWN
        else None,
        how="Open deals whose closing date has passed, whose next step is late or missing, or on which nothing was "
        "logged for 14 days; the largest amounts first.",
    )


def _steps(at: Moment, steps: Sequence[LeadRow], persons: Any) -> list[Piece]:
    return [
        line(
            persons[lead.person_id].name,
            persons[lead.person_id].company_name,
            f"/leads/{lead.id}",
            state="late" if lead.due_at and lead.due_at <= at.now else "",
            time=local_time(lead.due_at, at.viewer.zone),
        )
        for lead in steps
    ]


def _more(total: int, shown: int, me: int) -> Piece | None:
    return {"url": address("steps-today", me), "label": f"All {total}"} if total > shown else None


def _news(at: Moment, held: dict[str, Tally], counts: dict[str, int]) -> Piece:
    me, currency = at.viewer.user_id, at.us.currency
    lines = [
        line(counted(held[name].count, *words), money_short(held[name].minor, currency), address(name, me),
             value=held[name].count)
        for name, words in NEWS.items()
        if held[name].count
    ]  # fmt: skip
    if counts["new"]:
        lines.insert(
            0, line(counted(counts["new"], "new lead", "new leads"), "", address("new", me), value=counts["new"])
        )
    return panel(
        "news",
        "Changed since yesterday",
        lines=lines,
        words="Nothing changed on your leads and deals since yesterday.",
        how="Leads that came to you, and deals of yours that were opened, moved, won or lost since yesterday, 0:00, "
        "where you are.",
    )
