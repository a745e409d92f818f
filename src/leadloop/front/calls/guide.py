"""Writing the call guide: every save is a new version of the company's own text."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from leadloop.content.guide import CALL, CALL_GUIDE
from leadloop.content.queries import template
from leadloop.content.services import save_template
from leadloop.front.access import needs, viewer_of
from leadloop.front.calls.forms import LANGUAGES, GuideForm
from leadloop.front.mistakes import blame
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import by_user
from leadloop.platform.roles import Capability as Can


@require_http_methods(["GET", "POST"])
@needs(Can.CONTENT, "edit")
def edit(request: HttpRequest) -> HttpResponse:
    """The guide in a language as it stands; POST keeps what was written."""
    asked = request.GET.get("language", "en")
    language = asked if asked in dict(LANGUAGES) else "en"
    begin = {"language": language, "body": template(CALL_GUIDE, language).body}
    form = GuideForm(request.POST if request.method == "POST" else None, initial=begin)
    user_id = viewer_of(request).user_id
    if request.method == "POST" and form.is_valid():
        try:
            save_template(
                key=CALL_GUIDE, subject="Call guide", channel=CALL, owner_id=user_id, actor=by_user(user_id),
                now=clock.now(), **form.cleaned_data,
            )  # fmt: skip
        except (Invalid, Conflict) as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "The call guide is saved.")
            return redirect(f"/calls/guide?language={form.cleaned_data['language']}")
    status = 422 if request.method == "POST" else 200
    languages = [
        {"label": label, "url": f"/calls/guide?language={code}", "current": code == language}
        for code, label in LANGUAGES
    ]
    return render(request, "calls/guide.html", {"form": form, "segments": languages, "page": "calls"}, status=status)
