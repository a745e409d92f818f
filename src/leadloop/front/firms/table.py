"""The list of companies: filters in the address, keyset paging, one query per room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from leadloop.front.asking import number
from leadloop.front.cells import Piece, cell, heads
from leadloop.front.sheets.download import pages_of
from leadloop.front.templatetags.ui import money_short
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money
from leadloop.leads.contracts import Page
from leadloop.people.contracts import CompanyRow
from leadloop.people.queries import companies
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import company, names, users
from leadloop.platform.roles import Capability as Can
from leadloop.platform.roles import Verb
from leadloop.selling.contracts import AccountSort, AccountSums
from leadloop.selling.queries import account_sums, accounts

PAGE = 50
FILE_PAGE = 500
SORTS = {AccountSort.NAME: "Name", AccountSort.NEWEST: "Newest"}
HAVING = {"": "All", "leads": "Open leads", "deals": "Open deals", "won": "Won deals"}
TEXTS = ("country", "industry")
IN_FORM = ("owner", "group", *TEXTS)
HEADS = heads(
    "Company", "Industry", "Place", "Account owner", ("Open leads", "number"), ("Open deals", "money"),
    ("Won", "money"), ("Last touch", "day"),
)  # fmt: skip


def companies_page(viewer: Viewer, asked: Mapping[str, str], *, now: datetime) -> Piece:
    """Everything the list's template needs."""
    page = companies_found(viewer, asked, asked.get("after"))
    staff = {row.id: row.name for row in users(active=True).values()}
    chosen = _sort(asked)
    return {
        "table": companies_table(viewer, page.rows, now=now) | {"total": page.total},
        "total": page.total,
        "is_estimate": page.is_estimate,
        "asked": {key: asked.get(key, "") for key in ("q", *IN_FORM)},
        "kept": [(key, asked[key]) for key in ("having", "sort", *IN_FORM) if asked.get(key)],
        "unfiltered": [(key, asked[key]) for key in ("q", "having", "sort") if asked.get(key)],
        "may_own": page.rows and viewer.may(Can.PEOPLE, "edit"),
        "own_query": _address(asked).removeprefix("/companies"),
        "owners": [(str(viewer.user_id), "Me"), *((str(key), name) for key, name in staff.items())],
        "chips": _chips(asked, staff),
        "sorts": [
            {"label": label, "url": _address(asked, sort=str(key)), "current": key is chosen}
            for key, label in SORTS.items()
        ],
        "havings": [
            {"label": label, "url": _address(asked, having=key), "current": asked.get("having", "") == key}
            for key, label in HAVING.items()
        ],
        "next_url": _address(asked, after=page.next_cursor) if page.next_cursor else "",
    }


def companies_found(
    viewer: Viewer,
    asked: Mapping[str, str],
    after: str | None,
    *,
    limit: int = PAGE,
    verb: Verb = "see",
    counted: bool = True,
) -> Page[CompanyRow]:
    """One page of what the address asks for. Raises Invalid for what makes no sense."""
    return accounts(
        viewer,
        filters=filters_of(asked),
        sort=_sort(asked),
        after=after,
        limit=limit,
        verb=verb,
        counted=counted,
    )


def filters_of(asked: Mapping[str, str]) -> dict[str, Any]:
    """The filters of an address, as `selling.queries.accounts` takes them. Raises Invalid for what is no number."""
    filters: dict[str, Any] = {key: asked.get(key, "").strip() for key in ("q", "having", *TEXTS)}
    for key in ("owner", "group"):
        text = asked.get(key, "")
        if text and number(text) is None:
            raise Invalid(f"{text} is no number", field=key, mend="Remove this filter")
        filters[key] = number(text)
    return filters


def companies_files(viewer: Viewer, asked: Mapping[str, str], *, now: datetime) -> Iterator[Piece]:
    """The whole list, as far as the viewer may export it, a table at a time."""

    def read(after: str | None) -> tuple[Piece, str | None]:
        page = companies_found(viewer, asked, after, limit=FILE_PAGE, verb="export", counted=False)
        return companies_table(viewer, page.rows, now=now), page.next_cursor

    return pages_of(read)


def companies_table(viewer: Viewer, rows: Sequence[CompanyRow], *, now: datetime) -> Piece:
    """The table of these companies, with what goes on with each."""
    sums, currency = account_sums(viewer, [row.id for row in rows], now=now), company().currency
    owners = names({row.account_owner_id for row in rows if row.account_owner_id})
    return {
        "caption": "Companies",
        "columns": HEADS,
        "empty": "No company fits. Remove a filter; companies appear with the inquiries of their people.",
        "rows": [
            {
                "url": f"/companies/{row.id}",
                "cells": [
                    row.name or "No name",
                    row.industry,
                    ", ".join(part for part in (row.city, row.country) if part),
                    owners.get(row.account_owner_id or 0, ""),
                    *_figures(row.id, sums[row.id], currency, viewer.zone),
                ],
            }
            for row in rows
        ],
    }


def _figures(company_id: int, sums: AccountSums, currency: str, zone: str) -> list[Piece]:
    leads: Piece = {"value": sums.open_leads, "url": f"/leads?company={company_id}&open=1"} if sums.open_leads else {}
    return [
        cell(sums.open_leads, **{"text": "", **leads}),
        cell(Money(sums.open_minor, currency), text=money_short(sums.open_minor or None, currency)),
        cell(Money(sums.won_minor, currency), text=money_short(sums.won_minor or None, currency)),
        cell(sums.last_touch_at, zone),
    ]


def _sort(asked: Mapping[str, str]) -> AccountSort:
    return AccountSort(asked["sort"]) if asked.get("sort") in set(AccountSort) else AccountSort.NAME


def _chips(asked: Mapping[str, str], staff: Mapping[int, str]) -> list[dict[str, str]]:
    """The filters that stand in the form below the search, to be removed one by one."""
    said: dict[str, Any] = {key: asked[key] for key in TEXTS if asked.get(key)}
    if asked.get("owner"):
        said["owner"] = staff.get(number(asked["owner"]) or 0, asked["owner"])
    if group := number(asked.get("group")):
        row = companies([group]).get(group)
        said["group"] = row.name if row else str(group)
    labels = {"owner": "Account owner", "group": "Group of"}
    return [
        {"text": f"{labels.get(key, key.capitalize())}: {value}", "remove_url": _address(asked, **{key: None})}
        for key, value in said.items()
    ]


def _address(asked: Mapping[str, str], **changed: str | None) -> str:
    """This list with something changed; a new filter or order starts at the first page."""
    kept = {key: value for key, value in asked.items() if key != "after" and value}
    left = {key: value for key, value in {**kept, **changed}.items() if value}
    return "/companies" + (f"?{urlencode(left)}" if left else "")
