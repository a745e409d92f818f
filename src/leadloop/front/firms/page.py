"""One company: what is going on in a sentence, its people, leads and deals, its facts, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leadloop.agreement.contracts import Terms
from leadloop.enrichment.queries import provenance
from leadloop.front.cells import Piece
from leadloop.front.enrichment.words import origin
from leadloop.front.firms.group import MOST_PEOPLE, deals_table, group_table, leads_table
from leadloop.front.firms.groups import group_piece
from leadloop.front.firms.merging import company_merge_lines
from leadloop.front.firms.stream import stream_page
from leadloop.front.templatetags.ui import local_date, money_short
from leadloop.leads.contracts import LeadRow, Page, Sort
from leadloop.leads.queries import listing
from leadloop.ledger.streams import Within
from leadloop.loop.commands import may_change_firm, may_merge_firms
from leadloop.people.contracts import CompanyRow, PersonRow, PositionRow
from leadloop.people.queries import account_owners, companies, company_ids, members, people
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import company, names
from leadloop.platform.roles import Capability as Can
from leadloop.platform.roles import Scope
from leadloop.selling.contracts import AccountSums, Card
from leadloop.selling.queries import account, account_sums, deals

SHOWN_PEOPLE = 50
SHOWN_LEADS = 50
SHOWN_DEALS = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """What the viewer sees of a company. `of_people` are the leads of its people, whatever firm they name."""

    firm: CompanyRow
    places: list[PositionRow]
    persons: dict[int, PersonRow]
    leads: Page[LeadRow]
    of_people: list[LeadRow]
    deals: Page[Card]
    sums: AccountSums


def company_page(viewer: Viewer, company_id: int, *, before: str, terms: Terms, now: datetime) -> Piece:
    """Everything the template needs, in a constant number of queries. Raises NotFound for what they may not see."""
    seen = _seen(viewer, company_id, now)
    currency = company().currency
    told = stream_page(
        viewer,
        list(seen.persons.values()),
        {card.row.id: card.row.name for card in seen.deals.rows},
        _within(viewer, seen),
        before=before,
        terms=terms,
        now=now,
    )
    base = f"/companies/{company_id}"
    return {
        "firm": seen.firm,
        "fact": " · ".join(part for part in (seen.firm.industry, _place(seen.firm)) if part),
        "sentence": _sentence(seen, currency),
        "stats": _stats(seen, currency, viewer.zone),
        "unconverted": " and ".join(seen.sums.unconverted),
        "group": group_table(viewer, seen.places[:SHOWN_PEOPLE], seen.persons, seen.of_people),
        "group_more": max(0, len(seen.places) - SHOWN_PEOPLE),
        "leads": leads_table(viewer, seen.leads, seen.persons, currency, terms=terms, now=now),
        "leads_url": f"/leads?company={company_id}" if seen.leads.next_cursor else "",
        "deals": deals_table(viewer, seen.deals, terms=terms),
        "deals_more": bool(seen.deals.next_cursor),
        "may_leads": viewer.may(Can.LEADS, "see"),
        "may_deals": viewer.may(Can.OPPORTUNITIES, "see"),
        "definitions": _definitions(seen.firm, viewer.zone),
        "of_group": group_piece(viewer, seen.firm, now=now, currency=currency),
        "merges": company_merge_lines(viewer, company_id),
        "may_change": may_change_firm(viewer, company_id),
        "may_merge": may_merge_firms(viewer),
        "days": told["days"],
        "older_url": f"{base}?before={told['older']}#timeline-title" if told["older"] else "",
        "newest_url": f"{base}#timeline-title" if before else "",
    }


def _seen(viewer: Viewer, company_id: int, now: datetime) -> Seen:
    firm = account(viewer, company_id)
    leads = listing(viewer, filters={"company": [company_id]}, sort=Sort.NEWEST, limit=SHOWN_LEADS, now=now)
    places = members(company_id, limit=MOST_PEOPLE)
    ids = {place.person_id for place in places}
    among = [*ids, *(lead.person_id for lead in leads.rows)]
    of_people = listing(viewer, filters={"person": among or [0]}, limit=500, now=now, counted=False).rows
    if viewer.scope(Can.PEOPLE, "see") is not Scope.ALL:
        ids &= {lead.person_id for lead in of_people}
        places = [place for place in places if place.person_id in ids]
    return Seen(
        firm=firm,
        places=places,
        persons=people({*ids, *(lead.person_id for lead in leads.rows)}),
        leads=leads,
        of_people=of_people,
        deals=deals(viewer, filters={"company": [company_id]}, limit=SHOWN_DEALS, now=now),
        sums=account_sums(viewer, [company_id], now=now)[company_id],
    )


def _within(viewer: Viewer, seen: Seen) -> Within:
    """Who does not see every lead or deal reads of those they see."""
    every_lead = viewer.scope(Can.LEADS, "see") is Scope.ALL
    every_deal = viewer.scope(Can.OPPORTUNITIES, "see") is Scope.ALL
    return Within(
        None if every_lead else {lead.id for lead in (*seen.leads.rows, *seen.of_people)},
        None if every_deal else {card.row.id for card in seen.deals.rows},
    )


def _place(firm: CompanyRow) -> str:
    return ", ".join(part for part in (firm.city, firm.country) if part)


def _sentence(seen: Seen, currency: str) -> Piece:
    """What matters now: the money in sight, else the leads at work, else that nothing is."""
    sums = seen.sums
    words = [f"{sums.open_deals} open {_many(sums.open_deals, 'deal')}"] if sums.open_deals else []
    words += [f"{sums.open_leads} open {_many(sums.open_leads, 'lead')}"] if sums.open_leads else []
    worth = f", {money_short(sums.open_minor, currency)} in sight" if sums.open_minor else ""
    return {
        "words": f"{' and '.join(words)}{worth}." if words else "Nothing is open here.",
        "figure": None,
        "cause": _cause(seen.deals.rows),
    }


def _many(number: int, noun: str) -> str:
    return noun if number == 1 else f"{noun}s"


def _cause(cards: Sequence[Card]) -> Piece | None:
    """The largest open deal, with what endangers it or its next step."""
    largest = next((card for card in cards if card.row.closed_at is None), None)
    if largest is None:
        return None
    risk = next((reason.text for reason in largest.risks), "") or largest.row.next_step
    after = f": {risk}." if risk else "."
    return {"before": "The largest is", "label": largest.row.name, "url": f"/deals/{largest.row.id}", "after": after}


def _stats(seen: Seen, currency: str, zone: str) -> list[Piece]:
    sums, base = seen.sums, f"/leads?company={seen.firm.id}"
    return [
        {"label": "Open leads", "shown": str(sums.open_leads), "value": sums.open_leads, "url": f"{base}&open=1"},
        {"label": "Open deals", "shown": money_short(sums.open_minor, currency) if sums.open_deals else "none"},
        {"label": "Won", "shown": money_short(sums.won_minor, currency) if sums.won_deals else "none yet"},
        {"label": "Lost deals", "shown": str(sums.lost_deals)},
        {"label": "Last touch", "shown": local_date(sums.last_touch_at, zone) or "none yet"},
    ]


def _definitions(firm: CompanyRow, zone: str) -> list[Piece]:
    """Its facts; what a provider wrote says where it comes from."""
    told = provenance(company_ids([firm.id])[firm.id])  # a merge may have kept what was written into the other

    def hint(field: str, value: object) -> str:
        said = (origin(one, value, zone) for (_, of), one in told.items() if of == field)
        return next(filter(None, said), "")

    above = companies([firm.parent_id]).get(firm.parent_id) if firm.parent_id else None
    pairs = [
        ("Owner", _owner(firm), "", ""),
        ("Domain", firm.domain or "", "", ""),
        ("Website", firm.website, "", hint("website", firm.website)),
        ("Industry", firm.industry, "", hint("industry", firm.industry)),
        ("Place", _place(firm), "", hint("city", firm.city) or hint("country", firm.country)),
        ("People", f"{firm.employees:,} employed" if firm.employees else "", "", hint("employees", firm.employees)),
        ("Part of", above.name if above else "", f"/companies/{above.id}" if above else "", ""),
        *(
            (_spoken(key), str(value), "", hint(f"attributes.{key}", value))
            for key, value in sorted(firm.attributes.items())
            if isinstance(value, str | int)
        ),
    ]
    return [{"term": term, "value": value, "url": url, "hint": said} for term, value, url, said in pairs if value]


def _owner(firm: CompanyRow) -> str:
    owner = account_owners([firm.id]).get(firm.id)
    said = names([owner] if owner else []).get(owner or 0, "nobody yet")
    return said if firm.account_owner_id or not owner else f"{said}, as of the company above"


def _spoken(key: str) -> str:
    return key.replace("_", " ").capitalize()
