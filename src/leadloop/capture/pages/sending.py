"""What is sent by the form of a landing page: a delivery like any other of that form, which the page can name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from leadloop.capture.forms import HostedForm, submit
from leadloop.capture.models import PageSent
from leadloop.capture.pages.contracts import PageRow
from leadloop.capture.parse.fields import Field
from leadloop.capture.rules import PROGRAMME


@transaction.atomic
def send(
    *,
    page: PageRow,
    address: str,
    form: HostedForm,
    context: Mapping[str, str],
    now: datetime,
    foreign: bool = False,
    visitor: str = "",
) -> int:
    """Store a valid form and return the id of the delivery, as `submit` does.

    `address` is where the page was read, with the campaign codes that led there; `context` names the referrer of that
    first view. The page's programme counts where the codes name none. `visitor` is the number of a browser whose user
    allowed to be told apart.
    """
    came = {Field.LANDING_PAGE: address, Field.REFERRER: context.get("referrer", ""), Field.VISITOR: visitor}
    about = {**context, "referrer": address}
    if page.programme_id is not None:
        about[PROGRAMME] = str(page.programme_id)
    more = {str(field): text for field, text in came.items() if text}
    submission_id = submit(form=form, context=about, now=now, foreign=foreign, more=more)
    PageSent.objects.create(id=submission_id, page_id=page.id)
    return submission_id
