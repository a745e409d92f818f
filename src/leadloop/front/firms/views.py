"""The list of companies, and one company."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from leadloop.agreement.queries import in_force
from leadloop.front.access import needs, viewer_of
from leadloop.front.firms.page import company_page
from leadloop.front.firms.table import companies_files, companies_page
from leadloop.front.sheets.download import linked, sent, wanted
from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.people.queries import companies
from leadloop.platform.roles import Capability as Can


@require_GET
@needs(Can.PEOPLE)
def listed(request: HttpRequest) -> HttpResponseBase:
    """The companies that the viewer may see; every filter stands in the address."""
    viewer, now = viewer_of(request), clock.now()
    if (asked := wanted(request)) is not None:
        return sent(request, asked, "Companies", Can.PEOPLE, companies_files(viewer, request.GET, now=now))
    context = companies_page(viewer, request.GET, now=now)
    context["table"] = linked(request, context["table"], Can.PEOPLE)
    context["may_enrich"] = viewer.may(Can.ROUTING, "see")
    return render(request, "firms/companies.html", {**context, "page": "companies"})


@require_GET
@needs(Can.PEOPLE)
def one(request: HttpRequest, company_id: int) -> HttpResponse:
    """One company: its facts, its people, its leads and deals, and what happened. An old id leads to the survivor."""
    before = request.GET.get("before", "")
    try:
        context = company_page(viewer_of(request), company_id, before=before, terms=in_force(), now=clock.now())
    except NotFound:
        known = companies([company_id]).get(company_id)
        if known is None or known.id == company_id:
            raise
        return redirect(f"/companies/{known.id}")
    return render(request, "firms/company.html", {**context, "page": "companies"})
