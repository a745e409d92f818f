"""Setting up how platforms show who they are: their secrets, which are never shown again, and the general scheme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from leadloop.capture.contracts import PortalKind
from leadloop.capture.doors import HOOK_SECRETS, HookScheme
from leadloop.capture.facts import PortalSaved, PortalSecretsSet
from leadloop.capture.models import Portal, PortalHook
from leadloop.capture.parse.paths import BadPath, steps
from leadloop.kernel import ids
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import run
from leadloop.platform.sealed import Unreadable, seal, unseal

MADE = "llw_"  # what those that we make begin with, so that leaks can be searched for
SHORTEST, LONGEST = 8, 1000
_HEADER = re.compile(r"[a-z0-9-]{1,60}")
_PREFIX = re.compile(r"[\x21-\x7e]{0,40}")
# Whatever a new secret mends need not wait for its turn.
_AT_ONCE = """
update capture_fetch f set due_at = %s
  from capture_submission s
 where s.id = f.id and s.portal_id = %s and f.done_at is null and f.attempts > 0
"""


@transaction.atomic
def set_secrets(*, portal_id: int, secrets: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """Take these secrets by name in place of those before; others stay. Known to the door within two seconds.

    Invalid names the field of one that can't be. Leads that wait to be fetched are asked for at once.
    """
    kind, row = _locked(portal_id, now)
    for name, secret in secrets.items():
        _check_secret(kind, name, secret)
    if not secrets:
        return
    together = _standing(row) | dict(secrets)
    PortalHook.objects.filter(id=row.id).update(sealed=seal(together), held=sorted(together), changed_at=now)
    run(_AT_ONCE, [now, portal_id])
    record([PortalSecretsSet(happened_at=now, portal_id=portal_id, names=sorted(secrets))], actor=actor)


def make_secret(*, portal_id: int, name: str, actor: Actor, now: datetime) -> str:
    """Make one up and return it, this once: it is to be entered at the platform. Raises Invalid and NotFound."""
    plain = MADE + ids.token()
    set_secrets(portal_id=portal_id, secrets={name: plain}, actor=actor, now=now)
    return plain


@transaction.atomic
def set_scheme(*, portal_id: int, scheme: HookScheme, actor: Actor, now: datetime) -> None:
    """Say how a general webhook shows who it is, and where its number stands. Invalid names the field."""
    kind, row = _locked(portal_id, now)
    if kind != PortalKind.WEBHOOK:
        raise Invalid("this platform has a way of its own", field="header", mend="Only general webhooks are asked")
    wanted = _checked(scheme)
    if row.scheme != wanted:
        PortalHook.objects.filter(id=row.id).update(scheme=wanted, changed_at=now)
        record([PortalSaved(happened_at=now, portal_id=portal_id, changed=["scheme"])], actor=actor)


def _locked(portal_id: int, now: datetime) -> tuple[PortalKind, PortalHook]:
    """Return the portal's kind and what it is set up with, locked. NotFound when it takes no webhooks."""
    kind = Portal.objects.filter(id=portal_id).values_list("kind", flat=True).first()
    if kind is None or PortalKind(kind) not in HOOK_SECRETS:
        raise NotFound("there is no such portal for webhooks", field="portal", mend="Choose one from the list")
    PortalHook.objects.bulk_create(
        [PortalHook(portal_id=portal_id, scheme={}, sealed="", held=[], changed_at=now)], ignore_conflicts=True
    )
    return PortalKind(kind), PortalHook.objects.select_for_update().get(portal_id=portal_id)


def _standing(row: PortalHook) -> dict[str, str]:
    try:
        return unseal(row.sealed)
    except Unreadable:
        return {}


def _check_secret(kind: PortalKind, name: str, secret: str) -> None:
    if name not in HOOK_SECRETS[kind]:
        raise Invalid(f"this platform has no {name!r}", field="name", mend="Choose one of those on the page")
    if not SHORTEST <= len(secret) <= LONGEST or not secret.isascii() or not secret.isprintable() or " " in secret:
        mend = f"Paste it whole: {SHORTEST} to {LONGEST} letters, digits and signs, without spaces"
        raise Invalid("this can't be the secret", field=name, mend=mend)


def _checked(scheme: HookScheme) -> dict[str, str]:
    """Return the scheme as it is stored. Raises Invalid."""
    header = scheme.header.strip().lower()
    if not _HEADER.fullmatch(header):
        raise Invalid("this is no name of a header", field="header", mend="Write it like X-Signature")
    if not _PREFIX.fullmatch(scheme.prefix):
        raise Invalid("this can't stand before a signature", field="prefix", mend="Write it like sha256=, or nothing")
    if scheme.encoding not in ("hex", "base64"):
        raise Invalid("this is no way to write a signature", field="encoding", mend="Use hex or base64")
    try:
        if scheme.event_path:
            steps(scheme.event_path)
    except BadPath as wrong:
        raise Invalid(
            str(wrong), field="event_path", mend="Leave it empty to tell deliveries apart by their text"
        ) from None
    return asdict(scheme) | {"header": header, "proof": str(scheme.proof)}
