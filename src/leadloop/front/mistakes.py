"""What a service refuses, said at the field of the form that is at fault."""

from __future__ import annotations

from django import forms

from leadloop.kernel.errors import LeadloopError


def words(wrong: LeadloopError) -> str:
    """Problem and mend as one text of whole sentences."""
    return " ".join(_sentence(part) for part in (wrong.problem, wrong.mend) if part)


def blame(form: forms.Form, wrong: LeadloopError, **fields: str) -> None:
    """Add the error to the form's field of the same name, else to the form as a whole.

    `fields` maps a service's field to the form's where they differ.
    """
    name = fields.get(wrong.field, wrong.field)
    form.add_error(name if name in form.fields else None, words(wrong))


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
