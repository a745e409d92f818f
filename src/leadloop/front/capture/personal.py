"""A form opened by somebody's own link: it asks what they haven't answered yet, and shows nothing of them.

The link may have been sent on to others. Whose inquiry it becomes is therefore decided by the address that is typed,
as with any other, and never by the link.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from leadloop.capture.contracts import PortalRow
from leadloop.capture.forms import Layout, answered
from leadloop.kernel import clock
from leadloop.people.links import read_key


def left_of(layout: Layout, request: HttpRequest, portal: PortalRow, key: str) -> Layout | None:
    """The form without what the owner of this key has answered; None where the key holds no more.

    What is sent is taken as it was asked, by what it holds: meanwhile the key may have run out, or more be known.
    """
    if request.method == "POST":
        return layout.without([one.key for one in layout.questions if one.key not in request.POST])
    person_id = read_key(key, now=clock.now())
    known = None if person_id is None else answered(person_id, portal=portal, layout=layout)
    return None if known is None else layout.without(known)


def plainly(request: HttpRequest, address: str) -> HttpResponse:
    """On to the page as anybody sees it, with the campaign codes of the link."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}{'?' if query else ''}{query}")
