"""What people fill in about mailings and their texts."""

from __future__ import annotations

from typing import Any

from django import forms

from leadloop.content import standard
from leadloop.content.fields import FIELDS
from leadloop.content.guide import CALL_GUIDE
from leadloop.content.queries import template_keys
from leadloop.mailing.letters import KNOWN
from leadloop.segments.queries import segments

ANSWERS = {standard.ACKNOWLEDGEMENT, standard.ACKNOWLEDGEMENT_WITH_ASSET, standard.NEW_LEAD, CALL_GUIDE}
LANGUAGES = [("en", "English"), ("de", "German"), ("fr", "French"), ("es", "Spanish"), ("it", "Italian")]


def offered() -> list[str]:
    """The keys of texts that can go to a segment: not what Leadloop writes by itself, nor the call guide."""
    return [key for key in template_keys() if key not in ANSWERS]


class MailingForm(forms.Form):
    """A new mailing."""

    name = forms.CharField(label="Name", max_length=80, help_text="Only you and your colleagues read it")
    segment_id = forms.TypedChoiceField(label="To whom", coerce=int)
    template_key = forms.ChoiceField(label="Text")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen, text = self.fields["segment_id"], self.fields["template_key"]
        assert isinstance(chosen, forms.ChoiceField)
        assert isinstance(text, forms.ChoiceField)
        chosen.choices = [("", "Choose a segment"), *((str(row.id), row.name) for row in segments())]
        text.choices = [("", "Choose a text"), *((key, key.replace("_", " ").replace("-", " ")) for key in offered())]


class TextForm(forms.Form):
    """A text with merge fields, in one language."""

    key = forms.RegexField(
        label="Name of the text", regex=r"^[a-z0-9][a-z0-9_-]{0,62}$", strip=True,
        help_text="Lower-case letters, digits and -. The name of a text there is makes a new version of it",
        error_messages={"invalid": "Use lower-case letters, digits and -, such as spring-pumps"},
    )  # fmt: skip
    language = forms.ChoiceField(label="Language", choices=LANGUAGES)
    subject = forms.CharField(label="Subject", max_length=200)
    body = forms.CharField(
        label="Text", widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Blank lines part paragraphs, **bold**, [label](https://…). Merge fields stand like "
        "{{ person.given_name | friend }}: the value, or the words behind the bar where it is not known",
    )  # fmt: skip


def merge_fields() -> list[dict[str, str]]:
    """The merge fields that a letter to a segment fills, with what stands in them."""
    return [{"term": f"{{{{ {key} | … }}}}", "value": FIELDS[key]} for key in KNOWN]
