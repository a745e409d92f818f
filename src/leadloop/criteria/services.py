"""Defining the company's own fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from leadloop.criteria.contracts import IDENTIFIER
from leadloop.criteria.facts import FieldDefined
from leadloop.criteria.models import CustomField
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record

_MOST_OPTIONS = 500


def define_field(
    *,
    subject: str,
    key: str,
    label: str,
    type_: str,
    options: Sequence[str] = (),
    actor: Actor,
    now: datetime,
) -> int:
    """Add an own field to persons, companies or leads, or change the label and options of one; returns its id.

    Its values stand in the subject's `attributes` under `key`: a text, number, true or false, or an ISO date; a
    choice as one of `options`. Defining what stands already changes nothing. Raises Invalid, and Conflict when the
    field has another type.
    """
    chosen = _checked(subject, key, label, type_, options)
    with transaction.atomic():
        field, added = CustomField.objects.select_for_update().get_or_create(
            subject=subject,
            key=key,
            defaults={"label": label.strip(), "type": type_, "options": chosen, "created_at": now},
        )
        if field.type != type_:
            raise Conflict(
                f"“{field.label}” is a {field.type} field already", field="type", mend="Give the new field another key"
            )
        if not added and (field.label, field.options) == (label.strip(), chosen):
            return field.id
        field.label, field.options = label.strip(), chosen
        field.save(update_fields=["label", "options"])
        defined = FieldDefined(happened_at=now, subject=subject, field=key, type=type_, options=chosen)
        record([defined], actor=actor)
    return field.id


def _checked(subject: str, key: str, label: str, type_: str, options: Sequence[str]) -> list[str]:
    """Return the options without doubles, having made sure that the field can be defined so."""
    if subject not in CustomField.Subject.values:
        raise Invalid("There are no fields of this", field="subject", mend="Say person, company or lead")
    if not IDENTIFIER.fullmatch(key):
        raise Invalid("The key can't be used", field="key", mend="Use small letters, digits and _, a letter first")
    if not label.strip():
        raise Invalid("The label is missing", field="label", mend="Say what people should read beside the field")
    if type_ not in CustomField.Type.values:
        raise Invalid("There is no such type", field="type", mend=f"Use one of: {', '.join(CustomField.Type.values)}")
    chosen = list(dict.fromkeys(option.strip() for option in options if option.strip()))
    if type_ == CustomField.Type.CHOICE and not 0 < len(chosen) <= _MOST_OPTIONS:
        raise Invalid("A choice needs options", field="options", mend=f"Give 1 to {_MOST_OPTIONS}")
    if type_ != CustomField.Type.CHOICE and chosen:
        raise Invalid("Only a choice has options", field="options", mend="Leave them out, or make it a choice")
    return chosen
