"""One portal: how it fares, how it is connected, what came in against what was sent, and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.doors import HOOKS
from leadloop.capture.queries import balance, counts, health, hook
from leadloop.front.access import viewer_of
from leadloop.front.capture.balance import Days, chart, last_days
from leadloop.front.capture.consents import confirming
from leadloop.front.capture.counts_form import CountsForm
from leadloop.front.capture.mailboxes import mail_context
from leadloop.front.capture.platforms import connecting, trouble_words
from leadloop.front.capture.portal_form import PortalForm
from leadloop.front.capture.portals_page import addresses
from leadloop.front.capture.scheme_form import SchemeForm
from leadloop.front.capture.words import ALIKE, DISPOSABLE, HANDOVERS, INQUIRY_KINDS, KINDS, code_words
from leadloop.front.cells import cell, heads
from leadloop.front.templatetags.ui import local
from leadloop.kernel import clock
from leadloop.platform.queries import company, names
from leadloop.platform.roles import Capability as Can
from leadloop.programmes.queries import names as programme_names

COUNTED = heads("Day", ("They sent", "number"), ("Came in", "number"), ("Missing", "number"))


def show(
    request: HttpRequest,
    portal: PortalRow,
    *,
    form: PortalForm | None = None,
    scheme_form: SchemeForm | None = None,
    counts_form: CountsForm | None = None,
    plain: str = "",
    plain_label: str = "Secret",
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a portal. `plain` is a secret that was just made, `wrong` what can't be taken."""
    may_edit, now = viewer_of(request).may(Can.PORTALS, "edit"), clock.now()
    context = {
        **portal_page(portal, now),
        **mail_context(portal, viewer_of(request).zone, now),
        "form": (form or PortalForm(portal=portal)) if may_edit else None,
        "counts_form": (counts_form or CountsForm()) if may_edit else None,
        "plain": plain,
        "plain_label": plain_label,
        "wrong": wrong,
        "page": "portals",
    }
    if viewer_of(request).may(Can.QUARANTINE, "see"):
        lists = {"term": "Block and allow lists", "value": "what holds here", "url": f"/lists?portal={portal.id}"}
        context["health"] = [*context["health"], lists]
    if portal.kind is PortalKind.WEBHOOK and may_edit:
        context["scheme_form"] = scheme_form or SchemeForm(scheme=hook(portal.id).scheme)
    return render(request, "capture/portal.html", context, status=status)


def portal_page(portal: PortalRow, now: datetime) -> dict[str, Any]:
    """What one portal's page shows beside its form."""
    days = last_days(now, company().zone)
    rows = [row for row in balance(first=days.first, last=days.last) if row.portal_id == portal.id]
    owner = names([portal.owner_id]).get(portal.owner_id, "")
    programme = programme_names([portal.programme_id]) if portal.programme_id else {}
    return {
        "portal": portal,
        "no_origin": portal.kind is PortalKind.BROWSER and not portal.origins,
        **health_of(portal, now),
        **confirming(portal, now),
        **counted(portal, days),
        "fact": " · ".join((KINDS[portal.kind], "open" if portal.is_on else "closed", f"{owner} answers for it")),
        "balance": chart(rows, days),
        "definitions": [
            {"term": "Owner", "value": owner},
            {"term": "Programme", "value": programme.get(portal.programme_id or 0, "–")},
            {"term": "Inquiries are", "value": INQUIRY_KINDS.get(portal.inquiry_kind, portal.inquiry_kind)},
            {"term": "Handed to sales", "value": HANDOVERS.get(portal.handover, portal.handover)},
            {"term": "Who looks like a known person", "value": ALIKE[portal.alike]},
            {"term": "Thanks by mail", "value": "Yes" if portal.acknowledge else "No"},
            {"term": "Consent", "value": portal.consent_wording or "Not asked for"},
            {"term": "Consent is confirmed by mail", "value": "Yes" if portal.double_opt_in else "No"},
            {"term": "Throw-away addresses", "value": DISPOSABLE[portal.disposable]},
            {"term": "Browsers solve a riddle", "value": "Yes" if portal.proof_of_work else "No"},
        ],
        **addresses(portal),
        **(connecting(portal, hook(portal.id)) if portal.kind in HOOKS else {}),
    }


def health_of(portal: PortalRow, now: datetime) -> dict[str, Any]:
    """When something came last, how many today, and what went wrong by reason."""
    found = health(portal.id, now=now)
    pairs = [
        {"term": "Last delivery", "value": local(found.last_at, company().zone) if found.last_at else "never"},
        {"term": "Today", "value": f"{found.today:,}"},
        *_reasons("Turned away today", found.turned_away, trouble_words),
        *_reasons("Waits to be fetched", found.not_fetched, trouble_words),
        *_reasons("In quarantine", found.held, code_words, url=f"/quarantine?portal={portal.id}"),
    ]
    return {"health": pairs}


def _reasons(term: str, counted: Mapping[str, int], words: Any, url: str = "") -> list[dict[str, str]]:
    if not counted:
        return [{"term": term, "value": "nothing", "url": ""}]
    said = ", ".join(f"{words(code)} {count:,}" for code, count in counted.items())
    return [{"term": term, "value": said, "url": url}]


def counted(portal: PortalRow, days: Days) -> dict[str, Any]:
    """What the other side counted against what came, for the days of the balance."""
    rows = counts(first=days.first, last=days.last, portal_id=portal.id)
    gap = sum(row.missing for row in rows if row.day < days.last)
    return {
        "gap": gap,
        "gap_words": f"{gap:,} {'inquiry that was' if gap == 1 else 'inquiries that were'} sent did not come in.",
        "counts": {
            "caption": "Counts by day",
            "columns": COUNTED,
            "rows": [{"cells": [cell(row.day), cell(row.said), cell(row.came), cell(row.missing)]} for row in rows],
            "empty": "Nothing was counted within 14 days.",
        }
        if rows
        else None,
    }
