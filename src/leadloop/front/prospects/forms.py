"""What is said of each prospect, and what holds for all that are added together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

from leadloop.capture.contracts import PortalRow
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.paste import Found
from leadloop.catalogue.queries import families
from leadloop.front.work.forms import Moment
from leadloop.kernel.text import email
from leadloop.loop.prospecting import Basis, Prospect, Then
from leadloop.platform.contracts import Viewer

LONGEST = 200
ROLES = (
    ("unknown", "Not known"),
    ("decision_maker", "Decision maker"),
    ("influencer", "Influencer"),
    ("user", "User"),
    ("gatekeeper", "Gatekeeper"),
)
BASES = (
    (Basis.INTEREST, "Legitimate interest: their work and our offer fit"),
    (Basis.NONE, "None yet"),
)
FIRST = (Field.FULL_NAME, Field.TITLE, Field.COMPANY, Field.EMAIL, Field.PHONE, Field.SOCIAL)
MORE = (Field.MOBILE, Field.WEBSITE, Field.CITY, Field.COUNTRY, Field.INDUSTRY, Field.EMPLOYEES)
NAMES = {Field.FULL_NAME: "Name", Field.SOCIAL: "Profile", Field.TITLE: "Job title", Field.MOBILE: "Second phone"}


class RowForm(forms.Form):
    """One prospect. `guess` is a name that only an address suggests: it is to be confirmed or mended."""

    take = forms.BooleanField(label="Take in", required=False, initial=True)
    full_name = forms.CharField(label="Name", max_length=LONGEST, required=False)
    guess = forms.CharField(max_length=LONGEST, required=False, widget=forms.HiddenInput)
    sure = forms.BooleanField(label="The name is right", required=False)
    title = forms.CharField(label="Job title", max_length=LONGEST, required=False)
    company = forms.CharField(label="Company", max_length=LONGEST, required=False)
    email = forms.CharField(label="E-mail", max_length=254, required=False)
    phone = forms.CharField(label="Phone", max_length=60, required=False)
    social = forms.CharField(label="Profile", max_length=500, required=False)
    buying_role = forms.ChoiceField(label="Role in the purchase", choices=ROLES, required=False)
    mobile = forms.CharField(label="Second phone", max_length=60, required=False)
    website = forms.CharField(label="Website", max_length=500, required=False)
    city = forms.CharField(label="City", max_length=LONGEST, required=False)
    country = forms.CharField(label="Country", max_length=60, required=False)
    industry = forms.CharField(label="Industry", max_length=LONGEST, required=False)
    employees = forms.CharField(label="Employees", max_length=60, required=False)
    message = forms.CharField(
        label="Note", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    to_theirs = forms.BooleanField(label="Add what is said here to their lead; it stays theirs", required=False)
    seen = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def clean_email(self) -> str:
        """Nothing, or an address that could exist."""
        given = str(self.cleaned_data["email"]).strip()
        if given and email(given) is None:
            raise forms.ValidationError("This is no e-mail address. Mend it, or take it out.")
        return given

    def clean(self) -> dict[str, Any]:
        """A guessed name counts only once somebody says that it is right."""
        said = self.cleaned_data
        guess = said.get("guess", "")
        if said.get("take") and guess and said.get("full_name", "").strip() == guess and not said.get("sure"):
            self.add_error("full_name", "This name is guessed from the address. Mend it, or tick that it is right.")
        return said

    @property
    def first(self) -> list[forms.BoundField]:
        """What is always shown."""
        return [self[str(field)] for field in FIRST] + [self["buying_role"]]

    @property
    def more(self) -> list[forms.BoundField]:
        """What is shown when asked for."""
        return [self[str(field)] for field in MORE]

    @property
    def says_more(self) -> bool:
        """Whether any of these says something, or is wrong."""
        return any(one.value() or one.errors for one in self.more)

    @property
    def is_guessed(self) -> bool:
        """Whether the name that stands here is a guess."""
        return bool(self["guess"].value()) and self["full_name"].value() == self["guess"].value()

    def prospect(self, ref: int) -> Prospect:
        """The row as the command takes it; a second number alone is the first."""
        said = {str(name): str(self.cleaned_data.get(name, "")) for name in (*FIRST, *MORE, "message", "buying_role")}
        return Prospect(ref=ref, texts=said, to_theirs=bool(self.cleaned_data.get("to_theirs")))


def initial_of(found: Found) -> dict[str, str]:
    """What a pasted row puts into its form."""
    said = {str(field): text for field, text in found.said.items()}
    given, family = said.pop(Field.GIVEN_NAME, ""), said.pop(Field.FAMILY_NAME, "")
    said[Field.FULL_NAME] = said.get(Field.FULL_NAME) or f"{given} {family}".strip() or found.guess
    role = said.get(Field.BUYING_ROLE, "").casefold().replace(" ", "_")
    said[Field.BUYING_ROLE] = role if role in dict(ROLES) else "unknown"
    return {**said, "guess": found.guess, "message": found.rest}


def prefix(place: int) -> str:
    """What the names of a row's fields begin with."""
    return f"r{place}"


def bound(data: Mapping[str, str], count: int) -> Iterator[RowForm]:
    """The rows as they were sent."""
    return (RowForm(data, prefix=prefix(place)) for place in range(count))


def filled(people: Sequence[Found]) -> list[RowForm]:
    """The rows of a paste, to be looked at."""
    return [RowForm(initial=initial_of(one), prefix=prefix(place)) for place, one in enumerate(people)]


class ThenForm(forms.Form):
    """What holds for all of them."""

    portal = forms.ChoiceField(label="Comes through")
    interest = forms.ChoiceField(label="For which interest", required=False)
    basis = forms.ChoiceField(
        label="Ground for writing to them", choices=BASES, initial=Basis.INTEREST,
        help_text="Neither is a consent: no marketing mail goes to them before they agree.",
    )  # fmt: skip
    next_step_note = forms.CharField(label="Next step", max_length=500, required=False)

    def __init__(self, data: Any = None, *, viewer: Viewer, doors: Sequence[PortalRow]) -> None:
        super().__init__(data)
        portal, interest = self.fields["portal"], self.fields["interest"]
        assert isinstance(portal, forms.ChoiceField)
        assert isinstance(interest, forms.ChoiceField)
        portal.choices = [(one.key, one.name) for one in doors]
        active = [(one.key, one.name) for one in families().values() if one.is_active]
        interest.choices = [("", "As usual"), *active]
        self.fields["next_step_at"] = Moment(zone=viewer.zone, label="Next step on", required=False)

    def clean(self) -> dict[str, Any]:
        """A next step needs its time."""
        said = self.cleaned_data
        if said.get("next_step_note") and not said.get("next_step_at") and "next_step_at" not in self.errors:
            self.add_error("next_step_at", "Say when.")
        return said

    def then(self) -> Then:
        """What the command takes."""
        said = self.cleaned_data
        return Then(
            interest=said["interest"],
            basis=Basis(said["basis"]),
            next_step_at=said["next_step_at"],
            next_step_note=said["next_step_note"],
        )
