"""Keeping, publishing and withdrawing landing pages."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from leadloop.capture.contracts import PortalKind
from leadloop.capture.facts import PagePublished, PageWithdrawn
from leadloop.capture.models import LandingPage, Picture, Portal
from leadloop.capture.pages.blocks import Copy, Kind, check, check_slug, read, written
from leadloop.capture.pages.contracts import PageIn
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.programmes.queries import programmes


@transaction.atomic
def save_page(*, page: PageIn, now: datetime, page_id: int | None = None) -> int:
    """Keep a draft and return the page's id; what the public reads stays as it is.

    Invalid names the wrong field; Conflict for an address that another page has, or that is published already;
    NotFound for a page that isn't there.
    """
    check_slug(page.slug)
    check(page.copy, whole=False)
    _check_known(page)
    row = LandingPage(created_at=now) if page_id is None else _locked(page_id)
    if row.live is not None and row.slug != page.slug:
        raise Conflict("Links lead to this address already", field="slug", mend=f"Keep {row.slug}, or make a new page")
    row.slug, row.programme_id, row.draft, row.saved_at = page.slug, page.programme_id, written(page.copy), now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict("Another page has this address", field="slug", mend="Choose another one") from None
    return int(row.pk)


@transaction.atomic
def publish(*, page_id: int, actor: Actor, now: datetime) -> None:
    """Show the draft to the public. Invalid, naming the block, for what a reader would miss."""
    row = _locked(page_id)
    copy = read(row.draft)
    check(copy, whole=True)
    _check_form(copy)
    row.live, row.is_on, row.published_at = row.draft, True, now
    row.save()
    record([PagePublished(happened_at=now, page_id=page_id, programme_id=row.programme_id)], actor=actor)


@transaction.atomic
def withdraw(*, page_id: int, actor: Actor, now: datetime) -> None:
    """Show the page to nobody any more; publishing brings it back. Conflict where it isn't public."""
    row = _locked(page_id)
    if not row.is_on:
        raise Conflict("This page is not public", field="page", mend="There is nothing to take down")
    row.is_on = False
    row.save(update_fields=["is_on"])
    record([PageWithdrawn(happened_at=now, page_id=page_id, programme_id=row.programme_id)], actor=actor)


def _locked(page_id: int) -> LandingPage:
    row = LandingPage.objects.select_for_update().filter(id=page_id).first()
    if row is None:
        raise NotFound("There is no such page", field="page", mend="Choose one from the list of landing pages")
    return row


def _check_known(page: PageIn) -> None:
    if page.programme_id is not None and page.programme_id not in programmes():
        raise Invalid("There is no such programme", field="programme_id", mend="Choose one from the list")
    wanted = {one.picture: place for place, one in enumerate(page.copy.blocks) if one.picture}
    kept = set(Picture.objects.filter(name__in=wanted).values_list("name", flat=True))
    for name in wanted.keys() - kept:
        raise Invalid("This picture is not here", field=f"file-{wanted[name]}", mend="Choose it again")


def _check_form(copy: Copy) -> None:
    for place, one in enumerate(copy.blocks):
        if one.kind is Kind.FORM and not (one.portal_id and _is_open(one.portal_id)):
            raise Invalid(
                "The form of this portal is closed",
                field=f"portal-{place}",
                mend="Open it on the page Portals, or choose another one",
            )


def _is_open(portal_id: int) -> bool:
    return Portal.objects.filter(id=portal_id, kind=PortalKind.BROWSER, is_on=True).exists()
