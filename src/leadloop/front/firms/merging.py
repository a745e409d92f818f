"""Merging two companies and parting them again: the pieces of those pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from leadloop.front.persons import words
from leadloop.identity.contracts import AlikeCompany, UnmergedCompany
from leadloop.identity.queries import alike_companies, company_merges, verdicts
from leadloop.ledger.contracts import user_of
from leadloop.loop.commands import CompanyPlan, may_merge_firms
from leadloop.people.apart import Question
from leadloop.people.contracts import CompanyRow
from leadloop.people.queries import companies, own_company_names, own_names, search_companies
from leadloop.people.rules.survivorship import Offer
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names

_LABELS = {"parent_id": "Part of", "account_owner_id": "Account owner", "employees": "People employed"}
_SAID = {"never": "never the same", "related": "related, not the same", "dismissed": "left as two"}
FOUND = 10


def company_merge_lines(viewer: Viewer, company_id: int) -> list[dict[str, Any]]:
    """The merges of a company, newest first; only the newest that stands can be taken back."""
    told, may = company_merges(company_id), may_merge_firms(viewer)
    staff = names({user for one in told if (user := user_of(one.actor)) is not None}) if told else {}
    newest = max((one.id for one in told if one.undone_at is None and one.survivor_id == company_id), default=0)
    return [
        words.merge_line(
            one, staff, viewer.zone, f"/companies/{company_id}/unmerge/{one.id}" if may and one.id == newest else ""
        )
        for one in told
    ]


def alike_page(company_id: int, asked: str) -> dict[str, Any]:
    """Companies that may be this one, what was said of others, and what a search finds."""
    said = verdicts(company_id)
    rows = companies(said)
    found = search_companies(asked, limit=FOUND) if asked else []
    return {
        "alike": [_alike(one) for one in alike_companies(company_id)],
        "judged": [{"row": rows[i], "said": _SAID[verdict]} for i, verdict in sorted(said.items()) if i in rows],
        "found": [{"row": row, "detail": detail(row)} for row in found if row.id != company_id],
        "q": asked,
    }


def _alike(one: AlikeCompany) -> dict[str, Any]:
    why = "; ".join(reason.text for reason in one.reasons)
    return {"row": one.row, "detail": detail(one.row), "why": why}


def merge_piece(plan: CompanyPlan, zone: str) -> dict[str, Any]:
    """What the page of two companies side by side shows."""
    known = _known(plan.offers)
    return {
        "plan": plan,
        "rows": [_offer_row(offer, known, zone) for offer in plan.offers],
        "rules": [{"key": key, "label": label, "chosen": key == plan.rule} for key, label in words.RULES.items()],
        "moves": words.moves_line(plan.moves),
        "against": [reason.text for reason in plan.against],
        "sides": [
            {"title": "Main record", "row": plan.survivor},
            {"title": "Merged into it", "row": plan.loser},
        ],
    }


def unmerge_piece(found: UnmergedCompany, answers: Mapping[str, str], zone: str) -> dict[str, Any]:
    """The questions of the conflict screen, with the answers given so far."""
    called = own_company_names([found.survivor_id, found.loser_id])
    labels = words.labels_of(called, found.survivor_id, found.loser_id)
    staff = names({user for one in found.questions if (user := user_of(one.actor)) is not None})
    people = own_names([int(one.key.partition(":")[2]) for one in found.questions if one.key.startswith("place:")])
    whose = list(found.inquiries.values())
    return {
        "name": called[found.survivor_id],
        "questions": [words.answered(_question(one, labels, staff, people, zone), answers) for one in found.questions],
        "since": [
            {"label": labels[side], "inquiries": whose.count(one)}
            for side, one in (("survivor", found.survivor_id), ("loser", found.loser_id))
            if one in whose
        ],
    }


def _question(
    one: Question, labels: Mapping[str, str], staff: Mapping[int, str], people: Mapping[int, str], zone: str
) -> dict[str, Any]:
    row = words.question_row(one, labels, staff, zone)
    row["title"] = _LABELS.get(one.says, row["title"])
    if one.key.startswith("place:"):
        row["value"] = people.get(int(one.key.partition(":")[2]), row["value"])
    return row


def detail(row: CompanyRow) -> str:
    """Domain, industry and place."""
    return " · ".join(part for part in (row.domain or "", row.industry, row.city, row.country) if part)


def _known(offers: Collection[Offer]) -> dict[str, Mapping[int, str]]:
    """Names of the companies and users that the offers speak of."""
    ids = {
        field: {
            int(said.value) for one in offers if one.field == field for said in (one.survivor, one.loser) if said.value
        }
        for field in ("parent_id", "account_owner_id")
    }
    firms = companies(ids["parent_id"])
    return {
        "parent_id": {i: row.name for i, row in firms.items()},
        "account_owner_id": names(ids["account_owner_id"]) if ids["account_owner_id"] else {},
    }


def _offer_row(offer: Offer, known: Mapping[str, Mapping[int, str]], zone: str) -> dict[str, Any]:
    row = words.offer_row(offer, zone)
    row["label"] = _LABELS.get(offer.field, row["label"])
    if offer.field in known:
        for side in row["sides"]:
            side["value"] = known[offer.field].get(int(side["value"]), "") if side["value"] else ""
    return row
