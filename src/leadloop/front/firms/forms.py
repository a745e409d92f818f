"""What people fill in about a company."""

from __future__ import annotations

from typing import Any

from django import forms

from leadloop.front.asking import number
from leadloop.kernel.text import company_key, registrable
from leadloop.people.contracts import CompanyRow
from leadloop.people.queries import companies, search_companies
from leadloop.people.rules.changing import MOST_EMPLOYEES
from leadloop.platform.queries import users


class CompanyForm(forms.Form):
    """The company's facts, who looks after it, and what it is part of."""

    name = forms.CharField(label="Name", max_length=200)
    account_owner_id = forms.TypedChoiceField(
        label="Account owner", required=False, coerce=int, empty_value=None, help_text="New leads go there first"
    )
    parent = forms.CharField(
        label="Part of", required=False, max_length=200, help_text="Name, domain or number of the company above"
    )
    website = forms.CharField(label="Website", required=False, max_length=500)
    industry = forms.CharField(label="Industry", required=False, max_length=200)
    employees = forms.IntegerField(label="People employed", required=False, min_value=0, max_value=MOST_EMPLOYEES)
    country = forms.CharField(label="Country, in two letters", required=False, max_length=2)
    city = forms.CharField(label="City", required=False, max_length=200)

    def __init__(self, *args: Any, firm: CompanyRow, **options: Any) -> None:
        super().__init__(*args, **options)
        self.firm = firm
        owner = self.fields["account_owner_id"]
        assert isinstance(owner, forms.TypedChoiceField)
        staff = {row.id: row.name for row in users(active=True).values()}
        owner.choices = [("", "Nobody yet"), *((str(i), name) for i, name in staff.items())]
        for name in ("name", "account_owner_id", "website", "industry", "employees", "country", "city"):
            self.fields[name].initial = getattr(firm, name)
        above = companies([firm.parent_id]).get(firm.parent_id) if firm.parent_id else None
        self.fields["parent"].initial = above.name if above else ""

    def clean_parent(self) -> int | None:
        """The id of the company that is meant."""
        text = self.cleaned_data["parent"].strip()
        if not text:
            return None
        if text == self.fields["parent"].initial:
            return self.firm.parent_id
        found = [row for row in _meant(text) if row.id != self.firm.id]
        if len(found) == 1:
            return found[0].id
        if not found:
            raise forms.ValidationError("There is no such company")
        numbers = ", ".join(f"{row.name} ({row.id})" for row in found[:5])
        raise forms.ValidationError(f"Several are called so: {numbers}. Give the number")

    def changes(self) -> dict[str, Any]:
        """What `change_company` takes."""
        own = {name: value for name, value in self.cleaned_data.items() if name != "parent"}
        return {**own, "parent_id": self.cleaned_data["parent"]}


def _meant(text: str) -> list[CompanyRow]:
    if (company_id := number(text)) is not None:
        return list(companies([company_id]).values())
    found, domain = search_companies(text), registrable(text)
    if domain and (at := [row for row in search_companies(domain.partition(".")[0]) if row.domain == domain]):
        return at
    return [row for row in found if company_key(row.name) == company_key(text)] or found
