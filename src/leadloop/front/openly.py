"""Views that need no sign-in. Each says so here, and the generated access test knows them by it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required

from leadloop.front.access import View

PUBLIC = "public"


def openly(view: View) -> View:
    """Anybody may call the view, signed in or not."""
    view.right = (PUBLIC, "see")  # type: ignore[attr-defined]  # for the access test
    return login_not_required(view)
