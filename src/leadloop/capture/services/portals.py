"""Setting up portals and their secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.capture.contracts import FLAG, HOLD, KINDS, SALES, PortalKind
from leadloop.capture.facts import PortalSaved, PortalTokenMade
from leadloop.capture.lists.versions import version_for_new
from leadloop.capture.models import Portal
from leadloop.capture.parse.fields import Field
from leadloop.identity.contracts import Alike
from leadloop.kernel import ids
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform import queries as platform

HANDOVERS = ("sales_ready", "all_inquiries", "sales_owned")
TOKEN_START = "llp_"  # noqa: S105 - what every portal's token begins with, so that leaks can be searched for
_ORIGIN = re.compile(r"\*|https?://[a-z0-9.-]+(:\d{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalIn:
    """A portal as its page saves it. An empty `slug` is made from the name; `mapping` is own key → field.

    An empty `disposable` holds throw-away addresses where anybody may deliver, and flags them elsewhere.
    """

    key: str
    name: str
    kind: PortalKind
    owner_id: int
    interest_id: int
    slug: str = ""
    origins: tuple[str, ...] = ()
    programme_id: int | None = None
    source_id: int | None = None
    inquiry_kind: str = SALES
    handover: str = "sales_ready"
    asset_id: int | None = None
    country: str = ""
    consent_wording: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    acknowledge: bool = True
    is_on: bool = True
    alike: Alike = Alike.SUGGEST
    double_opt_in: bool = False
    disposable: str = ""
    proof_of_work: bool = False


@transaction.atomic
def save_portal(*, portal: PortalIn, actor: Actor, now: datetime) -> int:
    """Set up the portal with this key, or change it, and return its id. Invalid names the wrong field."""
    _check(portal)
    _check_guards(portal)
    wanted = _columns(portal)
    standing = Portal.objects.select_for_update().filter(key=portal.key).first()
    if standing is None:
        standing = Portal.objects.create(key=portal.key, listed=version_for_new(), **wanted)
        changed = sorted(wanted)
    else:
        changed = sorted(name for name, value in wanted.items() if getattr(standing, name) != value)
        Portal.objects.filter(id=standing.id).update(**{name: wanted[name] for name in changed})
    if changed:
        record([PortalSaved(happened_at=now, portal_id=standing.id, changed=changed)], actor=actor)
    return standing.id


@transaction.atomic
def new_token(*, portal_id: int, actor: Actor, now: datetime) -> str:
    """Give a portal for servers or mail a new secret and return it, this once. The old one is refused soon."""
    plain = TOKEN_START + ids.token()
    changed = Portal.objects.filter(id=portal_id, kind__in=(PortalKind.SERVER, PortalKind.MAIL)).update(
        token_digest=ids.sha256_hex(plain), token_prefix=plain[: len(TOKEN_START) + 4]
    )
    if not changed:
        raise NotFound(
            "there is no such portal", field="portal", mend="Only portals for servers and mail have a secret"
        )
    record([PortalTokenMade(happened_at=now, portal_id=portal_id)], actor=actor)
    return plain


def _columns(portal: PortalIn) -> dict[str, Any]:
    wanted = asdict(portal)
    del wanted["key"]
    return wanted | {
        "alike": str(portal.alike),
        "name": one_line(portal.name),
        "slug": portal.slug or ids.slug(portal.name),
        "kind": str(portal.kind),
        "origins": [origin.lower().rstrip("/") for origin in portal.origins],
        "mapping": dict(portal.mapping),
        "disposable": portal.disposable or (HOLD if portal.kind == PortalKind.BROWSER else FLAG),
    }


def _check(portal: PortalIn) -> None:
    """Raise Invalid for the first thing that can't be."""
    if portal.key != ids.slug(portal.key):
        raise Invalid("a portal's key has small letters, digits and hyphens", field="key", mend="Try trade-show-2026")
    if not one_line(portal.name):
        raise Invalid("a portal needs a name", field="name", mend="Say where its inquiries come from")
    if portal.inquiry_kind not in KINDS:
        raise Invalid("this is no kind of inquiry", field="inquiry_kind", mend=f"Use one of: {', '.join(KINDS)}")
    if portal.handover not in HANDOVERS:
        raise Invalid("this is no way to hand over", field="handover", mend=f"Use one of: {', '.join(HANDOVERS)}")
    if portal.alike not in set(Alike):
        raise Invalid("this is no way to treat look-alikes", field="alike", mend=f"Use one of: {', '.join(Alike)}")
    if not platform.users([portal.owner_id], active=True):
        raise Invalid("a portal's owner must be an active user", field="owner", mend="Choose a colleague")
    wrong = next((o for o in portal.origins if not _ORIGIN.fullmatch(o.lower().rstrip("/"))), None)
    if wrong is not None:
        raise Invalid("this is no origin of a web page", field="origins", mend="Write it like https://www.example.com")
    unknown = sorted(set(portal.mapping.values()) - {str(one) for one in Field} - {""})
    if unknown:
        raise Invalid(f"there is no field {unknown[0]!r}", field="mapping", mend="Leave it empty to keep an attribute")


def _check_guards(portal: PortalIn) -> None:
    """Raise Invalid for what can't hold off spam, or can't be confirmed."""
    if portal.disposable not in ("", HOLD, FLAG):
        raise Invalid("this is no way to treat such addresses", field="disposable", mend=f"Use {HOLD} or {FLAG}")
    if portal.double_opt_in and not one_line(portal.consent_wording):
        mend = "Write what people agree to, or switch the mail off"
        raise Invalid("there is nothing to confirm", field="consent_wording", mend=mend)
