"""The first portal: where its form is, and an inquiry that is sent by a button and arrives while one watches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.agreement.queries import in_force
from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.queries import delivery, inquiry, portals
from leadloop.capture.services import receive
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.capture.portals_page import addresses
from leadloop.front.setup.page import shown
from leadloop.front.templatetags.due_text import due_text
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict
from leadloop.leads.queries import rows
from leadloop.platform.queries import names, users
from leadloop.platform.roles import Capability as Can

PATIENCE = timedelta(seconds=20)  # then the pump may be down


@require_GET
@needs(Can.PORTALS, "edit")
def portal(request: HttpRequest) -> HttpResponse:
    """The form that is there from the start, how to reach it, and the test."""
    found = _first()
    sent = number(request.GET.get("sent"))
    context: dict[str, Any] = {"portal": found, **(addresses(found) if found else {})}
    if sent is not None:
        context |= _state(sent)
    return shown(request, "setup/portal.html", "portal", context)


@require_POST
@needs(Can.PORTALS, "edit")
def send(request: HttpRequest) -> HttpResponse:
    """Send a test inquiry in the viewer's own name, the way the form would."""
    found, viewer = _first(), viewer_of(request)
    if found is None:
        raise Conflict("There is no form that takes inquiries", mend="Open one on the page Portals")
    body = {
        "name": viewer.name,
        "email": users([viewer.user_id])[viewer.user_id].email,
        "message": "This is a test: an inquiry of my own, to see it arrive.",
    }
    sent = receive(portal=found, body=orjson.dumps(body), now=clock.now())
    return redirect(f"/setup/portal?sent={sent}")


@require_GET
@needs(Can.PORTALS, "edit")
def arrived(request: HttpRequest, submission_id: int) -> HttpResponse:
    """What has become of the test, for the page that watches."""
    return render(request, "setup/_arrived.html", _state(submission_id))


def _first() -> PortalRow | None:
    """The oldest form of ours that is open."""
    forms = [one for one in portals().values() if one.kind is PortalKind.BROWSER and one.is_on]
    return min(forms, key=lambda one: one.id, default=None)


def _state(submission_id: int) -> dict[str, Any]:
    """Where it is: on its way, a lead of somebody, or put aside."""
    came, now = delivery(submission_id), clock.now()
    found = inquiry(submission_id)
    base = {"submission_id": submission_id, "sent": True}
    if found is None or found.lead_id is None:
        aside = bool(came.code)
        slow = now - came.received_at > PATIENCE
        return {**base, "going": not aside, "aside": aside, "slow": slow}
    lead = rows([found.lead_id])[found.lead_id]
    terms = in_force()
    clause = terms.clauses.promises.get(lead.due_kind)
    owner = names([lead.owner_id]).get(lead.owner_id, "")
    due = due_text(lead.due_at, now) if lead.due_at else ""
    told = f"{clause.label} due in {due}" if clause and due else ""
    return {**base, "going": False, "lead": lead, "owner": owner, "stage": terms.label(lead.stage), "told": told}
