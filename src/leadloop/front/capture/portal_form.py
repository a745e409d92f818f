"""Setting a portal up, and changing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.queries import portals
from leadloop.capture.services import PortalIn
from leadloop.catalogue.queries import families
from leadloop.content.queries import assets
from leadloop.front.capture.words import ALIKE, DISPOSABLE, HANDOVERS, INQUIRY_KINDS, KIND_HELP
from leadloop.identity.contracts import Alike
from leadloop.kernel import ids
from leadloop.platform.queries import company, users
from leadloop.programmes.queries import programmes, sources

Choices = list[tuple[str, str]]
LONG = ("origins", "consent_wording")
SWITCHES = ("acknowledge", "double_opt_in", "proof_of_work", "is_on")


class PortalForm(forms.Form):
    """The settings of a portal. Without `portal` a new one, which also says what it is for."""

    name = forms.CharField(label="Name", max_length=120, help_text="Where its inquiries come from")
    kind = forms.ChoiceField(label="Who delivers", choices=[(str(k), words) for k, words in KIND_HELP.items()])
    owner_id = forms.TypedChoiceField(label="Owner", coerce=int, help_text="Answers for what comes in here")
    programme_id = forms.TypedChoiceField(label="Programme", coerce=int, required=False, empty_value=None)
    source_id = forms.TypedChoiceField(label="Source", coerce=int, required=False, empty_value=None)
    interest_id = forms.TypedChoiceField(
        label="Interest", coerce=int, help_text="Unless the inquiry itself says what it is about"
    )
    inquiry_kind = forms.ChoiceField(label="Inquiries are", choices=list(INQUIRY_KINDS.items()))
    handover = forms.ChoiceField(label="Handed to sales", choices=list(HANDOVERS.items()))
    alike = forms.ChoiceField(label="Somebody new who looks like a known person", choices=list(ALIKE.items()))
    asset_id = forms.TypedChoiceField(label="Content to send back", coerce=int, required=False, empty_value=None)
    origins = forms.CharField(
        label="Web pages that may deliver", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One address per line, such as https://www.example.com. Our own form needs none.",
    )  # fmt: skip
    consent_wording = forms.CharField(
        label="Wording of the consent", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Shown beside a box to tick. Empty: no consent is asked for.",
    )  # fmt: skip
    disposable = forms.ChoiceField(
        label="Throw-away e-mail addresses", choices=list(DISPOSABLE.items()), required=False,
        help_text="In files of our own people they are only marked",
    )  # fmt: skip
    acknowledge = forms.BooleanField(
        label="Thank inquirers by mail and say who answers by when", required=False, initial=True
    )
    double_opt_in = forms.BooleanField(
        label="Consent counts once it is confirmed by mail (double opt-in)", required=False
    )
    proof_of_work = forms.BooleanField(
        label="Browsers solve a riddle before they deliver (ALTCHA; people notice nothing)", required=False
    )
    is_on = forms.BooleanField(label="Open for deliveries", required=False, initial=True)

    def __init__(self, data: Any = None, *, portal: PortalRow | None = None) -> None:
        super().__init__(data)
        self.portal = portal
        self._offer("owner_id", _named(users(active=True), "name"), please=True)
        self._offer("interest_id", _named(families(), "name"), please=True)
        self._offer("programme_id", _named(programmes(), "name"))
        self._offer("source_id", _named(sources(), "label"))
        self._offer("asset_id", _named(assets(), "title"))
        if portal is not None:
            del self.fields["kind"]
            self._begin_with(portal)
        if portal is not None and portal.kind is not PortalKind.BROWSER:
            del self.fields["origins"], self.fields["proof_of_work"]
        if portal is not None and portal.kind is PortalKind.STAFF:
            del self.fields["disposable"]

    def _offer(self, name: str, choices: Choices, *, please: bool = False) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Please choose" if please else "None"), *choices]

    def _begin_with(self, portal: PortalRow) -> None:
        for name, field in self.fields.items():
            value = getattr(portal, name)
            field.initial = "\n".join(value) if name == "origins" else value

    def clean_name(self) -> str:
        """A new portal's key is made from its name, and must not be another's."""
        name = str(self.cleaned_data["name"])
        key = ids.slug(name)
        others = [row for row in portals().values() if self.portal is None]
        if any(key in (row.key, row.slug) for row in others):
            raise forms.ValidationError("There is a portal of this name already. Give it another one.")
        return name

    def short(self) -> list[forms.BoundField]:
        """Fields that stand side by side."""
        return [field for field in self.visible_fields() if field.name not in (*LONG, *SWITCHES)]

    def long(self) -> list[forms.BoundField]:
        """Fields that take the whole width."""
        return [field for field in self.visible_fields() if field.name in LONG]

    def switches(self) -> list[forms.BoundField]:
        """What is on or off."""
        return [self[name] for name in SWITCHES if name in self.fields]

    def wanted(self) -> PortalIn:
        """The contract that capture takes; what the form does not ask stays as it is."""
        given = dict(self.cleaned_data)
        origins = tuple(given.pop("origins", "").split())
        kept: Mapping[str, Any] = {"key": ids.slug(given["name"]), "kind": given.pop("kind", "")}
        if self.portal is not None:
            was = self.portal
            kept = {
                "key": was.key,
                "slug": was.slug,
                "kind": was.kind,
                "mapping": dict(was.mapping),
                "country": "" if was.country == company().country else was.country,
            }
        meant = {"kind": PortalKind(kept["kind"]), "alike": Alike(given["alike"])}
        return PortalIn(**{**given, **kept, **meant}, origins=origins)


def _named(rows: Mapping[int, Any], label: str) -> Choices:
    return [(str(row_id), getattr(row, label)) for row_id, row in rows.items()]
