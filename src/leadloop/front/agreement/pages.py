"""What the agreement's pages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.agreement.contracts import AgreementRow, Capacity, Terms
from leadloop.agreement.differences import diff
from leadloop.front.agreement.text import people_in, text
from leadloop.front.agreement.words import LEADERSHIPS
from leadloop.front.templatetags.ui import local, local_date
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.platform.roles import ROLE_LABELS, Role

SIGNERS = {"joint": "the head of sales and the head of marketing", "sales": "the head of sales"}
SIGNERS |= {"marketing": "the head of marketing"}


def in_force_page(terms: Terms, history: Sequence[AgreementRow], drafts: Sequence[AgreementRow], zone: str) -> Any:
    """The version that counts, with the drafts beside it and the versions before it. One query, for names."""
    signed = {row.drafted_by for row in [*history, *drafts] if row.drafted_by}
    signed |= {signature.user_id for row in history for signature in row.signatures}
    people = names(people_in(terms.clauses) | signed)
    leaders = LEADERSHIPS[terms.clauses.leadership]
    return {
        **text(terms.clauses, people),
        "words": f"{leaders} {'lead' if terms.clauses.leadership == 'joint' else 'leads'}.",
        "cause": f"A change takes the signature of {SIGNERS[terms.clauses.leadership]}.",
        "fact": f"Version {terms.version}, in force since {local_date(terms.in_force_from, zone)}",
        "drafts": [_draft_line(row, people, zone) for row in drafts],
        "versions": _versions(history, people, zone),
    }


def _draft_line(row: AgreementRow, people: Mapping[int, str], zone: str) -> dict[str, Any]:
    by = people.get(row.drafted_by or 0, "")
    return {
        "url": f"/agreement/{row.id}",
        "title": row.note or f"Draft of {local_date(row.drafted_at, zone)}",
        "detail": " · ".join(part for part in (by, local_date(row.drafted_at, zone)) if part),
        "state": "none" if row.outdated else "risk",
        "words": "Overtaken" if row.outdated else f"Waits for {_listed(row.missing)}",
    }


def _versions(history: Sequence[AgreementRow], people: Mapping[int, str], zone: str) -> dict[str, Any]:
    return {
        "caption": "Versions",
        "columns": [{"label": label} for label in ("Version", "In force from", "Signed by", "Why")],
        "rows": [
            {
                "url": f"/agreement/{row.id}",
                "cells": [
                    f"Version {row.version}",
                    local_date(row.in_force_from, zone),
                    ", ".join(people.get(one.user_id, "") for one in row.signatures) or "Installed",
                    row.note or "–",
                ],
            }
            for row in history
        ],
    }


def draft_page(row: AgreementRow, terms: Terms, viewer: Viewer) -> dict[str, Any]:
    """One draft, or one version of the past: what it says, what it changes, who has signed. One query."""
    signers = {signature.user_id for signature in row.signatures}
    everybody = people_in(row.clauses) | people_in(terms.clauses) | signers
    people = names(everybody | ({row.drafted_by} if row.drafted_by else set()))
    return {
        **text(row.clauses, people),
        "row": row,
        "title": f"Version {row.version}" if row.version else "Draft",
        "fact": _fact(row, people, viewer.zone),
        "changes": diff(terms.clauses, row.clauses, people) if row.version is None else [],
        "compared": f"against version {terms.version}, in force",
        "signatures": [
            {
                "capacity": _label(one.capacity),
                "name": people.get(one.user_id, ""),
                "at": local(one.at, viewer.zone),
            }
            for one in row.signatures
        ],
        "missing": [_label(capacity) for capacity in row.missing],
        "may_sign": [
            {"capacity": str(capacity), "label": _label(capacity).lower()}
            for capacity in row.missing
            if capacity in viewer.roles and not row.outdated
        ],
    }


def _fact(row: AgreementRow, people: Mapping[int, str], zone: str) -> str:
    if row.version is not None:
        return f"In force from {local_date(row.in_force_from, zone)}"
    by = people.get(row.drafted_by or 0, "")
    return f"Written {f'by {by} ' if by else ''}on {local_date(row.drafted_at, zone)}"


def _label(capacity: Capacity) -> str:
    return ROLE_LABELS[Role(capacity)]


def _listed(missing: Sequence[Capacity]) -> str:
    return " and ".join(f"the {_label(capacity).lower()}" for capacity in missing) or "nobody"
