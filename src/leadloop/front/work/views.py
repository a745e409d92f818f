"""Worklist, record, list of leads, search."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from leadloop.agreement.queries import in_force
from leadloop.front.access import everybody, needs, viewer_of
from leadloop.front.sheets.download import linked, sent, wanted
from leadloop.front.work.finding import find
from leadloop.front.work.pins import SHARING, offered
from leadloop.front.work.record import record, record_of
from leadloop.front.work.rows import list_rows
from leadloop.front.work.table import leads_files, leads_page
from leadloop.kernel import clock
from leadloop.leads.contracts import Tab
from leadloop.leads.queries import goes_on_as, tabs_read, visible, worklist_read
from leadloop.ledger.reads import together
from leadloop.people.queries import people
from leadloop.platform.queries import company
from leadloop.platform.roles import Capability as Can

TABS = (
    (Tab.ALL, "All"),
    (Tab.LATE, "Late"),
    (Tab.NEW, "New"),
    (Tab.TODAY, "Today"),
    (Tab.WAITING, "Waiting"),
    (Tab.DONE, "Done"),
)


@require_GET
@needs(Can.ACTIVITIES)
def worklist_page(request: HttpRequest) -> HttpResponse:
    """What the viewer answers for, the most urgent first, with the record of the first."""
    context = {**_rows(request), "page": "worklist"}
    first = context["leads"][0] if context["leads"] else None
    if first is not None:
        context |= {
            "current": f"lead-{first.id}",
            "record": record(
                viewer_of(request),
                first,
                context["persons"][first.person_id],
                terms=context["terms"],
                now=context["now"],
            ),
        }
    return render(request, "work/worklist.html", context)


@require_GET
@needs(Can.ACTIVITIES)
def worklist_rows(request: HttpRequest) -> HttpResponse:
    """The rows alone, for the pill of new ones."""
    return render(request, "work/_worklist_rows.html", _rows(request))


def _rows(request: HttpRequest) -> dict[str, Any]:
    viewer, now, terms = viewer_of(request), clock.now(), in_force()
    tab = _tab(request.GET.get("tab", ""))
    shown, counted = worklist_read(viewer, tab=tab, after=request.GET.get("after"), now=now), tabs_read(viewer, now)
    found = together(shown, counted)
    page, counts, currency = found[shown], found[counted], company().currency
    persons = people({lead.person_id for lead in page.rows})
    return {
        "now": now,
        "terms": terms,
        "leads": page.rows,
        "persons": persons,
        "rows": list_rows(page.rows, persons, terms=terms, now=now, currency=currency),
        "total": counts[tab],
        "late": counts[Tab.LATE],
        "tabs": [
            {"label": label, "url": f"/worklist?tab={key}", "count": counts[key], "current": key is tab}
            for key, label in TABS
        ],
        "more_url": f"/worklist?{urlencode({'tab': tab, 'after': page.next_cursor})}" if page.next_cursor else "",
    }


def _tab(asked: str) -> Tab:
    return Tab(asked) if asked in set(Tab) else Tab.ALL


@require_GET
@needs(Can.LEADS)
def lead_page(request: HttpRequest, lead_id: int) -> HttpResponse:
    """One lead on a page of its own; one that was merged into another leads there, if the viewer sees it."""
    viewer = viewer_of(request)
    shown = record_of(viewer, lead_id, terms=in_force(), now=clock.now())
    further = goes_on_as(shown["lead"])
    if further is not None and visible(viewer, [further]):
        return redirect(f"/leads/{further}")
    return render(request, "work/lead.html", {"record": shown, "page": "leads"})


@require_GET
@needs(Can.LEADS)
def lead_record(request: HttpRequest, lead_id: int) -> HttpResponse:
    """One lead beside the list."""
    shown = record_of(viewer_of(request), lead_id, terms=in_force(), now=clock.now())
    return render(request, "work/_record.html", {"record": shown})


@require_GET
@needs(Can.LEADS)
def leads_list(request: HttpRequest) -> HttpResponseBase:
    """All leads the viewer may see; every filter stands in the address."""
    viewer, terms, now = viewer_of(request), in_force(), clock.now()
    if (asked := wanted(request)) is not None:
        return sent(request, asked, "Leads", Can.LEADS, leads_files(viewer, request.GET, terms=terms, now=now))
    context = leads_page(viewer, request.GET, terms=terms, now=now)
    context |= {"views": offered(viewer), "sharing": SHARING, "table": linked(request, context["table"], Can.LEADS)}
    context["may_find"] = viewer.may(Can.LEADS, "edit")
    return render(request, "work/leads.html", {**context, "page": "leads"})


@require_GET
@everybody
def search(request: HttpRequest) -> HttpResponse:
    """Palette hits: leads of persons and firms by name, address or number."""
    results = find(viewer_of(request), request.GET.get("q", ""), now=clock.now())
    return render(request, "parts/palette_results.html", {"results": results})
