"""Named reads of the room."""

from __future__ import annotations

from collections.abc import Collection

from leadloop.enrichment.contracts import FIELDS, FileRow, Overwrite, Policy, Provenance, RunRow
from leadloop.enrichment.models import AccountFile, FieldPolicy, Run, Switch
from leadloop.ledger.sql import fetch

_PROVENANCE = """
select distinct on (company_id, field) company_id, field, new, provider, origin, place, at
  from enrichment_change where company_id = any(%s) and not undone
 order by company_id, field, id desc
"""
_RUN = (
    "id", "why", "began_by", "began_at", "asked", "found", "changed", "refused", "undone_at", "taken_back", "kept"
)  # fmt: skip


def policies() -> dict[str, Policy]:
    """How each field may be written. One query."""
    said = {
        row.field: Policy(
            field=row.field, overwrite=Overwrite(row.overwrite), days=row.days, over_people=row.over_people
        )
        for row in FieldPolicy.objects.all()
    }
    return {field: said.get(field) or Policy(field=field) for field in FIELDS}


def provenance(company_ids: Collection[int]) -> dict[tuple[int, str], Provenance]:
    """What a provider wrote last into each field of these firms, by firm and field. One query.

    Whether it still stands is told by comparing `value` with the firm's.
    """
    found = fetch(_PROVENANCE, [list(company_ids)]) if company_ids else []
    return {(row[0], row[1]): Provenance(*row) for row in found}


def files() -> list[FileRow]:
    """The files of firms, the newest first. One query."""
    rows = AccountFile.objects.order_by("-added_at", "-id")
    return [FileRow(*row) for row in rows.values_list("id", "name", "rows", "added_by", "added_at")]


def runs(limit: int = 20) -> list[RunRow]:
    """The last runs, the newest first. One query."""
    return [RunRow(*row) for row in Run.objects.order_by("-id").values_list(*_RUN)[:limit]]


def switched_on() -> set[int]:
    """The portals whose inquiries have their firms enriched. One query."""
    row = Switch.objects.order_by("-id").values_list("portals", flat=True).first()
    return set(row or ())
