"""Named reads of the library; one query each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from leadloop.content.contracts import AssetRow, TemplateRow
from leadloop.content.models import Asset, Template
from leadloop.content.rules import languages_for, suiting
from leadloop.content.standard import STANDARD
from leadloop.kernel.errors import NotFound

_ASSET = ("id", "key", "title", "summary", "url", "interest_id", "language", "owner_id", "expires_on")


def asset(asset_id: int) -> AssetRow | None:
    """One asset, None when there is none."""
    row = Asset.objects.filter(id=asset_id).values_list(*_ASSET).first()
    return AssetRow(*row) if row else None


def assets(on: date | None = None) -> dict[int, AssetRow]:
    """Every asset by id, in the order of titles; with a day, only those that are not out of date on it."""
    found = Asset.objects.order_by("title", "id")
    if on is not None:
        found = found.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on))
    return {row[0]: AssetRow(*row) for row in found.values_list(*_ASSET)}


def asset_ids(keys: Collection[str]) -> dict[str, int]:
    """Ids by key; unknown keys are left out."""
    return dict(Asset.objects.filter(key__in=list(keys)).values_list("key", "id"))


def templates(wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], TemplateRow]:
    """The text for each (key, language), left out where there is none in any language that would do.

    The newest version in the language itself, else in its main language, else in English; in each the company's own
    before the standard one.
    """
    keys = {key for key, _ in wanted}
    languages = {one for _, language in wanted for one in languages_for(language)}
    rows = (
        Template.objects.filter(key__in=keys, language__in=languages)
        .order_by("key", "language", "-version")
        .distinct("key", "language")
        .values_list("key", "language", "version", "channel", "subject", "body")
    )
    saved = {(row[0], row[1]): TemplateRow(*row) for row in rows}
    found = {(key, language): suiting(key, language, saved, STANDARD) for key, language in wanted}
    return {asked: template for asked, template in found.items() if template}


def template(key: str, language: str) -> TemplateRow:
    """The text for one key and language (see `templates`). Raises NotFound when there is none."""
    found = templates([(key, language)])
    if not found:
        raise NotFound(f"There is no template {key}", mend="Save one under this key")
    return found[key, language]


def texts_of(key: str) -> dict[str, TemplateRow]:
    """The text of one key in every language there is, the company's own before the standard one."""
    rows = (
        Template.objects.filter(key=key)
        .order_by("language", "-version")
        .distinct("language")
        .values_list("key", "language", "version", "channel", "subject", "body")
    )
    standard = {language: row for (one, language), row in STANDARD.items() if one == key}
    return {**standard, **{row[1]: TemplateRow(*row) for row in rows}}


def template_keys() -> list[str]:
    """Every key there is a text for, the company's own and the standard ones."""
    own = Template.objects.values_list("key", flat=True).distinct()
    return sorted({*own, *(key for key, _ in STANDARD)})
