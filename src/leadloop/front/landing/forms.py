"""What somebody says of a landing page before they build it."""

from __future__ import annotations

from typing import Any

from django import forms

from leadloop.capture.contracts import PortalKind
from leadloop.capture.forms import LANGUAGES
from leadloop.capture.pages.blocks import LONGEST_SLUG, LONGEST_TITLE
from leadloop.capture.queries import portals
from leadloop.kernel import ids
from leadloop.programmes.queries import programmes


class NewPage(forms.Form):
    """A new page. Without an address it gets one made of its title."""

    title = forms.CharField(label="Title", max_length=LONGEST_TITLE)
    slug = forms.CharField(
        label="Address", max_length=LONGEST_SLUG, required=False,
        help_text="What stands behind /p/. Empty: made of the title. It stays once the page was published",
    )  # fmt: skip
    language = forms.ChoiceField(label="Language", choices=list(LANGUAGES.items()))
    form = forms.TypedChoiceField(label="Form", coerce=int, required=False, empty_value=None)
    programme_id = forms.TypedChoiceField(
        label="Programme", coerce=int, required=False, empty_value=None,
        help_text="Its inquiries belong to it, unless their campaign codes name another one",
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        open_ones = [one for one in portals().values() if one.kind is PortalKind.BROWSER and one.is_on]
        self._offer("form", {one.id: one.name for one in open_ones})
        self._offer("programme_id", {one.id: one.name for one in programmes().values()})

    def _offer(self, name: str, choices: dict[int, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "None"), *((str(key), label) for key, label in choices.items())]

    def clean(self) -> dict[str, Any]:
        """Make an address where none was given."""
        said = self.cleaned_data
        return said | {"slug": said.get("slug") or ids.slug(said.get("title", ""))}
