"""Pages of users: added, changed, handed over, closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadloop.front.access import needs, viewer_of
from leadloop.front.mistakes import blame
from leadloop.front.sheets.download import linked, sent, wanted
from leadloop.front.system.forms import HandOverForm, UserForm
from leadloop.front.system.users_page import find_user, leaving, users_page
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid, Refused
from leadloop.ledger.contracts import by_user
from leadloop.loop import staff
from leadloop.platform import services
from leadloop.platform.contracts import UserRow
from leadloop.platform.passwords import generate
from leadloop.platform.queries import company
from leadloop.platform.roles import Capability as Can


@require_GET
@needs(Can.USERS)
def users(request: HttpRequest) -> HttpResponseBase:
    """Who may sign in."""
    shown = users_page(viewer_of(request))
    if (asked := wanted(request)) is not None:
        return sent(request, asked, "Users", Can.USERS, [shown["table"]])
    shown["table"] = linked(request, shown["table"], Can.USERS)
    return render(request, "system/users.html", {**shown, "page": "system"})


@require_http_methods(["GET", "POST"])
@needs(Can.USERS, "edit")
def new(request: HttpRequest) -> HttpResponse:
    """Add somebody, with a password that is shown once."""
    form = UserForm(request.POST if request.method == "POST" else None, zone=company().zone)
    if request.method == "POST" and form.is_valid():
        actor, plain = by_user(viewer_of(request).user_id), generate()
        try:
            user_id = services.add_user(**form.cleaned_data, password=plain, actor=actor, now=clock.now())
        except (Invalid, Conflict) as wrong:
            blame(form, wrong)
        else:
            return _page(request, find_user(viewer_of(request), user_id), plain=plain)
    status = 422 if request.method == "POST" else 200
    return render(request, "system/user_new.html", {"form": form, "page": "system"}, status=status)


@require_http_methods(["GET", "POST"])
@needs(Can.USERS, "edit")
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    """One user: who they are, what they may do, what stands in their name."""
    row = find_user(viewer_of(request), user_id)
    if request.method == "GET":
        return _page(request, row)
    form = UserForm(request.POST, user=row)
    if form.is_valid():
        actor = by_user(viewer_of(request).user_id)
        try:
            services.change_user(user_id=user_id, changes=form.cleaned_data, actor=actor, now=clock.now())
        except (Invalid, Conflict, Refused) as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "Saved.")
            return redirect(f"/system/users/{user_id}")
    return _page(request, row, form=form, status=422)


@require_POST
@needs(Can.USERS, "edit")
def password(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give somebody a new password, shown once; their open sessions end."""
    row, plain = find_user(viewer_of(request), user_id), generate()
    actor = by_user(viewer_of(request).user_id)
    services.set_password(user_id=user_id, password=plain, actor=actor, now=clock.now())
    return _page(request, row, plain=plain)


@require_POST
@needs(Can.USERS, "edit")
def hand_over(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give what stands in somebody's name to a colleague."""
    row = find_user(viewer_of(request), user_id)
    form = HandOverForm(request.POST, colleagues=leaving(row)["colleagues"])
    if not form.is_valid():
        return _page(request, row, hand_over_form=form, status=422)
    actor, to_user = by_user(viewer_of(request).user_id), form.cleaned_data["to_user"]
    given = staff.hand_over(from_user=user_id, to_user=to_user, actor=actor, now=clock.now())
    told = ", ".join(
        f"{count} {what if count > 1 else what.removesuffix('s')}" for what, count in given.items() if count
    )
    messages.success(request, f"Handed over: {told or 'nothing was there'}.")
    return redirect(f"/system/users/{user_id}")


@require_POST
@needs(Can.USERS, "edit")
def close(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close the account; refused with the counts while anything stands in its name."""
    row = find_user(viewer_of(request), user_id)
    staff.close(user_id=user_id, actor=by_user(viewer_of(request).user_id), now=clock.now())
    messages.success(request, f"{row.name} can't sign in any more.")
    return redirect(f"/system/users/{user_id}")


@require_POST
@needs(Can.USERS, "edit")
def reopen(request: HttpRequest, user_id: int) -> HttpResponse:
    """Open a closed account again."""
    row = find_user(viewer_of(request), user_id)
    services.reactivate_user(user_id=user_id, actor=by_user(viewer_of(request).user_id), now=clock.now())
    messages.success(request, f"{row.name} can sign in again.")
    return redirect(f"/system/users/{user_id}")


def _page(
    request: HttpRequest,
    row: UserRow,
    *,
    form: UserForm | None = None,
    hand_over_form: HandOverForm | None = None,
    plain: str = "",
    status: int = 200,
) -> HttpResponse:
    left = leaving(row)
    context = {
        **left,
        "user_row": row,
        "form": form or UserForm(user=row),
        "hand_over": hand_over_form or HandOverForm(colleagues=left["colleagues"]),
        "plain": plain,
        "page": "system",
    }
    return render(request, "system/user.html", context, status=status)
