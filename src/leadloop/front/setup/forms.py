"""What the first run asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import available_timezones

from django import forms

from leadloop.agreement.contracts import Leadership
from leadloop.front.agreement.words import LEADERSHIPS
from leadloop.kernel.money import CURRENCIES
from leadloop.loop.setting_up import CompanyIn, Week, plain_week
from leadloop.platform.contracts import CalendarRow, Company, Viewer
from leadloop.platform.roles import ROLE_LABELS

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KEEPERS = {
    "capture": "What comes in",
    "qualification": "Judging inquiries",
    "nurturing": "Keeping in touch",
    "distribution": "Handing over",
    "selling": "Selling",
    "tracking": "Figures",
    "deputy": "Stands in for all of them",
}


@cache
def countries() -> list[tuple[str, str]]:
    """Codes and names of countries, by name."""
    text = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return sorted(((code, name) for code, name in rows), key=lambda pair: pair[1])


@cache
def zones() -> list[tuple[str, str]]:
    """Time zones by name."""
    known = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    return [(name, name.replace("_", " ")) for name in ["UTC", *known]]


class YouForm(forms.Form):
    """Whoever sets the company up, and how they sign in from now on."""

    name = forms.CharField(label="Your name", max_length=120)
    email = forms.EmailField(label="Your e-mail", max_length=254, help_text="You sign in with it")
    password = forms.CharField(
        label="A password of your own", required=False, strip=False,
        help_text="Ten characters or more; empty: as it is",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, viewer: Viewer, email: str, is_new: bool) -> None:
        begin = {} if is_new else {"name": viewer.name, "email": email}
        super().__init__(data, initial=begin)
        if is_new:
            self.fields["password"].required = True
            self.fields["password"].help_text = "Ten characters or more"


class CompanyForm(forms.Form):
    """The company itself."""

    name = forms.CharField(label="Name of the company", max_length=120)
    country = forms.ChoiceField(label="Country", required=False, help_text="Its public holidays are known")
    zone = forms.ChoiceField(label="Time zone")
    currency = forms.ChoiceField(
        label="Currency", help_text="Every figure is counted in it. It can't change after the first lead or cost"
    )
    fiscal_year_start = forms.TypedChoiceField(
        label="The fiscal year begins in", coerce=int, choices=[(str(k), name) for k, name in enumerate(MONTHS, 1)]
    )

    def __init__(self, data: Any = None, *, us: Company, is_new: bool) -> None:
        begin = {name: getattr(us, name) for name in self.base_fields}
        super().__init__(data, initial=begin | ({"name": ""} if is_new else {}))
        offered = {"country": [("", "Not said"), *countries()], "zone": zones(),
                   "currency": [(code, code) for code in CURRENCIES]}  # fmt: skip
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def company(self) -> CompanyIn:
        """As the service takes it."""
        return CompanyIn(**self.cleaned_data)


class HoursForm(forms.Form):
    """Opening hours, the same on every working day, and holidays."""

    days = forms.TypedMultipleChoiceField(
        label="Working days", coerce=int, choices=[(str(k), name) for k, name in enumerate(DAYS)],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    opens = forms.TimeField(label="From", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    closes = forms.TimeField(label="Until", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    subdivision = forms.CharField(
        label="Part of the country", required=False, max_length=6,
        help_text="Such as BE for Berlin or CA for California, where holidays differ",
    )  # fmt: skip
    extra = forms.CharField(
        label="Further days off", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, such as 2026-12-24",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, calendar: CalendarRow) -> None:
        first = next((day[0] for day in calendar.week if day), ("09:00", "17:30"))
        begin = {
            "days": [str(place) for place, day in enumerate(calendar.week) if day],
            "opens": first[0],
            "closes": first[1],
            "subdivision": calendar.subdivision,
            "extra": "\n".join(day.isoformat() for day in calendar.extra_holidays),
        }
        super().__init__(data, initial=begin)

    def short(self) -> list[forms.BoundField]:
        """Everything but the days."""
        return [field for field in self.visible_fields() if field.name != "days"]

    def clean_extra(self) -> list[date]:
        """The days, or the line that is none."""
        found = []
        for line in self.cleaned_data["extra"].split():
            try:
                found.append(date.fromisoformat(line))
            except ValueError:
                raise forms.ValidationError(f"“{line[:20]}” is no day. Write it like 2026-12-24") from None
        return found

    def clean(self) -> dict[str, Any]:
        """Opening comes before closing."""
        given: dict[str, Any] = super().clean() or {}
        opens, closes = given.get("opens"), given.get("closes")
        if opens and closes and opens >= closes:
            self.add_error("closes", "Choose a time after the beginning")
        return given

    def week(self) -> Week:
        """The week as calendars take it."""
        given = self.cleaned_data
        return plain_week(given["days"], f"{given['opens']:%H:%M}", f"{given['closes']:%H:%M}")


class ColleagueForm(forms.Form):
    """Somebody who works here."""

    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail", max_length=254, help_text="They sign in with it")
    roles = forms.MultipleChoiceField(
        label="Roles", choices=[(str(k), v) for k, v in ROLE_LABELS.items()], widget=forms.CheckboxSelectMultiple
    )

    def short(self) -> list[forms.BoundField]:
        """Everything but the roles."""
        return [self["name"], self["email"]]


class KeepersForm(forms.Form):
    """Who leads, and who answers for which part of the loop."""

    leadership = forms.ChoiceField(label="Who leads lead management", choices=list(LEADERSHIPS.items()))

    def __init__(
        self, data: Any = None, *, staff: Mapping[int, str], keepers: Mapping[str, int | None], leadership: Leadership
    ) -> None:
        super().__init__(data, initial={"leadership": leadership})
        people = [(str(user_id), name) for user_id, name in staff.items()]
        for part, label in KEEPERS.items():
            needed = part != "deputy"
            self.fields[part] = forms.TypedChoiceField(
                label=label, choices=people if needed else [("", "Nobody"), *people], coerce=int, empty_value=None,
                required=needed, initial=str(keepers.get(part) or ""),
            )  # fmt: skip

    def keepers(self) -> dict[str, Any]:
        """User ids by part."""
        return {part: self.cleaned_data[part] for part in KEEPERS}
