"""Leads, their inquiries, and logging what was done on them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from leadloop.capture.queries import inquiries as inquiry_rows
from leadloop.front.api.schemas import ActivityBody, InquiryOut, LeadOut, LeadPage, LeadQuery, Logged, Problem, RowId
from leadloop.front.api.tokens import Token, viewer
from leadloop.kernel import clock
from leadloop.leads.queries import lead as one_lead
from leadloop.leads.queries import listing
from leadloop.loop import commands
from leadloop.selling.contracts import ActivityIn

router = Router(tags=["leads"])
ERRORS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


@router.get("/leads", response={200: LeadPage, **ERRORS}, auth=Token("leads:see"), summary="List leads")
def list_leads(request: HttpRequest, asked: Query[LeadQuery]) -> Any:
    """Leads that the token's user may see. Takes the scope leads:see."""
    filters = {
        "stage": asked.stage,
        "owner": asked.owner,
        "open": asked.is_open,
        "opened_from": asked.opened_from,
        "opened_before": asked.opened_before,
    }
    page = listing(
        viewer(request), filters=filters, sort=asked.sort, after=asked.after, limit=asked.limit, now=clock.now()
    )
    return {"items": page.rows, "next": page.next_cursor}


@router.get("/leads/{lead_id}", response={200: LeadOut, **ERRORS}, auth=Token("leads:see"), summary="One lead")
def get_lead(request: HttpRequest, lead_id: Path[RowId]) -> Any:
    """One lead. Takes the scope leads:see."""
    return one_lead(viewer(request), lead_id)


@router.get(
    "/leads/{lead_id}/inquiries",
    response={200: list[InquiryOut], **ERRORS},
    auth=Token("inquiries:see"),
    summary="The inquiries of a lead",
)
def list_inquiries(request: HttpRequest, lead_id: Path[RowId]) -> Any:
    """Every raised hand of a lead, newest first. Takes the scopes leads:see and inquiries:see."""
    found = one_lead(viewer(request), lead_id)
    return inquiry_rows([found.id])


@router.post(
    "/leads/{lead_id}/activities",
    response={201: Logged, **ERRORS, 409: Problem},
    auth=Token("activities:edit"),
    summary="Log an activity",
)
def log_activity(request: HttpRequest, lead_id: Path[RowId], body: ActivityBody) -> Any:
    """Log a call, mail, meeting, social touch or note. Takes the scopes leads:see, leads:edit and activities:edit.

    It is the same step as on the page: it keeps what was promised, moves the lead on, and can be taken back there.
    """
    activity = ActivityIn(lead_id=lead_id, **body.dict())
    done = commands.log(viewer(request), activity, now=clock.now())
    return Status(201, {"lead_id": lead_id, "done": done.label})
