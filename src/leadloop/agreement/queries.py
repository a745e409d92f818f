"""Reading the agreement: what is in force, what was, and what is proposed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from leadloop.agreement import cache
from leadloop.agreement.contracts import AgreementRow, Capacity, Clauses, SignatureRow, Terms
from leadloop.agreement.models import Agreement, Signature
from leadloop.agreement.rules import signers
from leadloop.kernel.errors import NotFound, Unavailable

_MEND = "Run leadloop up, which installs an agreement to begin with"


def in_force(at: datetime | None = None) -> Terms:
    """The agreement in force now, or at a past moment.

    Now: from this process's memory, which is at most a second old, so usually without a query. At a moment: one
    query. Raises Unavailable when nothing was ever signed, NotFound for a moment before the first version.
    """
    newest = cache.newest()
    if newest is None:
        raise Unavailable("No agreement is in force yet", mend=_MEND)
    if at is None or newest.in_force_from <= at:
        return newest
    past = Agreement.objects.filter(version__isnull=False, in_force_from__lte=at).order_by("-version")
    row = past.values("version", "in_force_from", "clauses").first()
    if row is None:
        raise NotFound("No agreement was in force then", mend="Ask for a later moment")
    return Terms.model_validate(row)


def drafts() -> list[AgreementRow]:
    """Drafts that are not in force, newest first; those overtaken by a version come with `outdated`. Two queries."""
    return _rows(Agreement.objects.filter(version__isnull=True).order_by("-drafted_at", "-id"))


def history() -> list[AgreementRow]:
    """All versions that were signed, newest first. Two queries."""
    return _rows(Agreement.objects.filter(version__isnull=False).order_by("-version"))


def draft(draft_id: int) -> AgreementRow:
    """One draft or version by its id. Raises NotFound. At most four queries."""
    found = _rows(Agreement.objects.filter(id=draft_id))
    if not found:
        raise NotFound("There is no such draft")
    return found[0]


def _rows(found: Iterable[Agreement]) -> list[AgreementRow]:
    texts = list(found)
    signed: dict[int, list[SignatureRow]] = {text.id: [] for text in texts}
    for row in Signature.objects.filter(agreement_id__in=list(signed)).order_by("at", "id"):
        signed[row.agreement_id].append(SignatureRow(Capacity(row.capacity), row.user_id, row.at))
    newest = cache.newest()
    return [_row(text, tuple(signed[text.id]), newest) for text in texts]


def _row(text: Agreement, signatures: tuple[SignatureRow, ...], newest: Terms | None) -> AgreementRow:
    clauses = Clauses.model_validate(text.clauses)
    open_draft = text.version is None
    asked = signers(clauses.leadership, newest.clauses.leadership if newest else None) if open_draft else ()
    given = {signature.capacity for signature in signatures}
    return AgreementRow(
        id=text.id,
        version=text.version,
        clauses=clauses,
        note=text.note,
        drafted_by=text.drafted_by_id,
        drafted_at=text.drafted_at,
        in_force_from=text.in_force_from,
        based_on=text.based_on,
        signatures=signatures,
        missing=tuple(capacity for capacity in asked if capacity not in given),
        outdated=open_draft and text.based_on != (newest.version if newest else None),
    )
