"""Links with their tags, and bringing in what advertising cost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.mistakes import blame, words
from leadloop.front.templatetags.ui import money
from leadloop.front.work.forms import amount_style
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import by_user
from leadloop.platform.queries import company
from leadloop.platform.roles import Capability as Can
from leadloop.programmes import services
from leadloop.programmes.ads import AdFile, read_ads
from leadloop.programmes.contracts import TouchHint
from leadloop.programmes.queries import programmes, programmes_of, tagged, tags_for

MOST_BYTES = 1024 * 1024
LABELS = {
    "day": "Day", "campaign": "Campaign", "cost": "Cost", "currency": "Currency", "clicks": "Clicks",
    "impressions": "Impressions",
}  # fmt: skip


class LinkForm(forms.Form):
    """A link to be tagged. An empty tag is filled in from the rules of the programme."""

    address = forms.CharField(label="Where the link leads", max_length=2000, help_text="https://…")
    programme = forms.ChoiceField(label="Programme")
    utm_source = forms.CharField(label="Source (utm_source)", max_length=100, required=False)
    utm_medium = forms.CharField(label="Medium (utm_medium)", max_length=100, required=False)
    utm_campaign = forms.CharField(label="Campaign (utm_campaign)", max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.fields["programme"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", "Choose…"), *((str(key), row.name) for key, row in programmes().items())]

    def tags(self) -> TouchHint:
        """What was typed, else what the rules know the programme by, else its key."""
        given, wanted = self.cleaned_data, int(self.cleaned_data["programme"])
        known = tags_for(wanted)
        return TouchHint(
            utm_source=given["utm_source"] or known.utm_source,
            utm_medium=given["utm_medium"] or known.utm_medium,
            utm_campaign=given["utm_campaign"] or known.utm_campaign or programmes()[wanted].key,
        )


@require_GET
@needs(Can.PROGRAMMES)
def link(request: HttpRequest) -> HttpResponse:
    """Make a link whose visits are counted for a programme, and say where they would be counted."""
    form = LinkForm(request.GET if request.GET else None)
    context: dict[str, Any] = {"form": form, "page": "programmes"}
    if request.GET and form.is_valid():
        try:
            address, led = tagged(form.cleaned_data["address"], form.tags())
        except Invalid as wrong:
            blame(form, wrong)
        else:
            context |= {"link": address, "warning": _mismatch(int(form.cleaned_data["programme"]), led.programme_id)}
    return render(request, "company/link.html", context)


def _mismatch(wanted: int, led: int | None) -> str:
    if led == wanted:
        return ""
    known = programmes()
    if led is None:
        return f"No rule leads these tags to {known[wanted].name}: visits would be counted for no programme."
    return f"These tags lead to {known[led].name}, not to {known[wanted].name}."


@require_http_methods(["GET", "POST"])
@needs(Can.COSTS, "edit")
def bring_in(request: HttpRequest) -> HttpResponse:
    """Show how a file of costs is read and which campaign belongs to which programme; then book it."""
    if request.method == "GET":
        return _page(request, {})
    currency = company().currency
    try:
        text = _text(request)
        found = read_ads(text, currency=currency, style=amount_style(viewer_of(request).language))
    except Invalid as wrong:
        return _page(request, {"problem": words(wrong)}, status=422)
    chosen = _chosen(request, found)
    if request.POST.get("step") != "book":
        return _page(request, _shown(text, found, chosen))
    actor = by_user(viewer_of(request).user_id)
    try:
        done = services.book_ads(rows=found.rows, programme_of=chosen, actor=actor, now=clock.now())
    except (Invalid, Conflict) as wrong:
        return _page(request, {"problem": words(wrong), **_shown(text, found, chosen)}, status=422)
    left = len(done.wrong) + len(found.wrong)
    messages.success(request, f"{done.new:,} booked, {done.same:,} were there already, {left:,} left out.")
    return redirect("/programmes")


def _text(request: HttpRequest) -> str:
    """The file as it was uploaded, or as the page brought it along. Raises Invalid when it is missing or too large."""
    upload = request.FILES.get("file")
    if upload is None:
        text = request.POST.get("text", "")
        if not text.strip():
            raise Invalid("The file is missing", field="file", mend="Choose a CSV file")
        return text
    if (upload.size or 0) > MOST_BYTES:
        raise Invalid("The file is too large", field="file", mend="Split it: 1 MB is the most")
    raw: bytes = upload.read()
    try:
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _chosen(request: HttpRequest, found: AdFile) -> dict[str, int]:
    """The programme of each campaign: as chosen on the page, else as far as it is known."""
    campaigns = _campaigns(found)
    guessed, known = programmes_of(campaigns), programmes()
    chosen: dict[str, int] = {}
    for place, campaign in enumerate(campaigns):
        given = request.POST.get(f"programme-{place}")
        wanted = guessed.get(campaign) if given is None else number(given)
        if wanted in known:
            chosen[campaign] = wanted
    return chosen


def _campaigns(found: AdFile) -> list[str]:
    return list(dict.fromkeys(row.campaign for row in found.rows))


def _shown(text: str, found: AdFile, chosen: dict[str, int]) -> dict[str, Any]:
    _, plan = services.plan_ads(rows=found.rows, programme_of=chosen)
    sums: dict[str, dict[str, int]] = {}
    for row in found.rows:
        of = sums.setdefault(row.campaign, {})
        of[row.currency] = of.get(row.currency, 0) + row.minor
    return {
        "text": text,
        "columns": [{"term": LABELS[name], "value": head} for name, head in found.columns.items()],
        "campaigns": [
            {
                "place": place,
                "name": campaign,
                "cost": ", ".join(money(minor, code) for code, minor in sums[campaign].items()),
                "programme": chosen.get(campaign),
            }
            for place, campaign in enumerate(_campaigns(found))
        ],
        "programmes": [(key, row.name) for key, row in programmes().items()],
        "new": plan.new,
        "same": plan.same,
        "wrong": [{"term": f"Line {line}", "value": why} for line, why in sorted([*found.wrong, *plan.wrong])],
    }


def _page(request: HttpRequest, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "company/ads.html", {**shown, "page": "programmes"}, status=status)
