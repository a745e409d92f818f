"""Booking a cost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from leadloop.front.access import needs, viewer_of
from leadloop.front.company.periods import today
from leadloop.front.work.forms import amount_style
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money
from leadloop.ledger.contracts import by_user
from leadloop.platform.queries import company
from leadloop.platform.roles import Capability as Can
from leadloop.programmes import services
from leadloop.programmes.contracts import Allocation, CostKind, Spend
from leadloop.programmes.queries import programmes


class CostForm(forms.Form):
    """A line of the cost book."""

    programme = forms.ChoiceField(label="Programme")
    kind = forms.ChoiceField(label="What for", choices=[(str(k), str(k).capitalize()) for k in CostKind])
    amount = forms.CharField(label="Amount", max_length=40)
    currency = forms.CharField(label="Currency", max_length=3, min_length=3)
    booked_on = forms.DateField(label="Booked on", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Note", max_length=200, required=False)

    def __init__(self, *args: Any, language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.style = amount_style(language)
        self.fields["amount"].help_text = f"Written like {self.style}"
        chosen = self.fields["programme"]
        assert isinstance(chosen, forms.ChoiceField)
        names = [(str(key), row.name) for key, row in programmes().items()]
        chosen.choices = [*names, ("", "Shared by all, spread by inquiries")]
        chosen.required = False

    def spend(self) -> Spend:
        """The contract that programmes takes. Raises Invalid for an amount that can't be read."""
        given = self.cleaned_data
        currency = given["currency"].upper()
        shared = not given["programme"]
        return Spend(
            minor=Money.parse(given["amount"], currency, style=self.style).minor,
            currency=currency,
            kind=CostKind(given["kind"]),
            booked_on=given["booked_on"],
            programme_id=None if shared else int(given["programme"]),
            allocation=Allocation.BY_INQUIRIES if shared else Allocation.NONE,
            note=given["note"],
        )


@require_http_methods(["GET", "POST"])
@needs(Can.COSTS, "edit")
def book(request: HttpRequest) -> HttpResponse:
    """Book one cost; a missing rate or a wrong amount is said at its field."""
    now = clock.now()
    us = company()
    initial = {"currency": us.currency, "booked_on": today(now, us.zone).isoformat()}
    form = CostForm(
        request.POST if request.method == "POST" else None, language=viewer_of(request).language, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.spend(spends=[form.spend()], actor=by_user(viewer_of(request).user_id), now=now)
        except Invalid as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, f"{wrong.problem}. {wrong.mend}")
        else:
            return redirect("/programmes")
    status = 422 if request.method == "POST" else 200
    return render(request, "company/cost.html", {"form": form, "page": "programmes"}, status=status)
