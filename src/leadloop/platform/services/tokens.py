"""Keys for the application's API: the secret is shown once, and only its hash is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

from django.db import transaction

from leadloop.kernel.errors import Forbidden, Invalid, NotFound
from leadloop.kernel.ids import sha256_hex, token
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform.contracts import Viewer
from leadloop.platform.facts import TokenCreated, TokenRevoked
from leadloop.platform.forms import name as read_name
from leadloop.platform.models import ApiToken
from leadloop.platform.queries import viewer
from leadloop.platform.roles import Capability, Verb

_VERBS: tuple[Verb, ...] = get_args(Verb)
TOKEN_SCOPES = {f"{capability}:{verb}": (capability, verb) for capability in Capability for verb in _VERBS}
_BEGINNING = "ll_"  # lets secret scanners and people recognise one
_SHOWN = 10  # characters
_LASTS = timedelta(days=365)
_USE_NOTED_EVERY = timedelta(minutes=1)


def create_token(
    *,
    user_id: int,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> tuple[int, str]:
    """Make a token that acts for a user within `scopes` ("leads:see", …); returns its id and, only here, the secret.

    Expires in a year unless said otherwise. Raises Invalid for a scope that does not exist or that the user's own
    roles don't give, or an end that has passed; NotFound or Forbidden for nobody and for a closed account.
    """
    owner = viewer(user_id)
    asked = sorted(set(scopes))
    for scope in asked:
        if scope not in TOKEN_SCOPES or not owner.may(*TOKEN_SCOPES[scope]):
            raise Invalid(f"“{scope[:60]}” can't be given", field="scopes", mend="Choose from what the user may do")
    if not asked:
        raise Invalid("A token without scopes opens nothing", field="scopes", mend="Choose at least one")
    if expires_at is not None and expires_at <= now:
        raise Invalid("The token would have expired already", field="expires_at", mend="Give a later moment")
    plain = _BEGINNING + token(32)
    with transaction.atomic():
        made = ApiToken.objects.create(
            user_id=user_id,
            name=read_name(name),
            prefix=plain[:_SHOWN],
            digest=sha256_hex(plain),
            scopes=asked,
            created_at=now,
            expires_at=expires_at or now + _LASTS,
        )
        record([TokenCreated(happened_at=now, user_id=user_id, token_id=made.id, scopes=asked)], actor=actor)
    return made.id, plain


def token_viewer(*, plain: str, scope: str, now: datetime) -> Viewer:
    """Whoever this token acts for, with rights that are both the user's and the token's. Two or three queries.

    Notes the use at most once a minute. Raises Forbidden: in the same words whether the token is unknown, expired,
    revoked or its user's account closed; in others when it lacks the scope.
    """
    found = ApiToken.objects.filter(digest=sha256_hex(plain), user__is_active=True, revoked_at=None).first()
    if found is None or (found.expires_at is not None and found.expires_at <= now):
        raise Forbidden("This token is not valid", mend="Make a new one on your page of tokens")
    if scope not in found.scopes:
        raise Forbidden(f"This token does not have the scope “{scope}”", mend="Make one that has it")
    if found.last_used_at is None or found.last_used_at <= now - _USE_NOTED_EVERY:
        ApiToken.objects.filter(id=found.id).update(last_used_at=now)
    return replace(viewer(found.user_id), limits=frozenset(found.scopes))


def revoke_token(*, token_id: int, actor: Actor, now: datetime) -> None:
    """Make a token useless for good; doing it again changes nothing. Raises NotFound."""
    with transaction.atomic():
        found = ApiToken.objects.select_for_update().filter(id=token_id).first()
        if found is None:
            raise NotFound("There is no such token")
        if found.revoked_at is None:
            _revoke([found], actor, now)


def revoke_all(user_id: int, *, actor: Actor, now: datetime) -> None:
    """Make all tokens of a user useless."""
    with transaction.atomic():
        mine = ApiToken.objects.filter(user_id=user_id, revoked_at=None).order_by("id")
        _revoke(list(mine.select_for_update()), actor, now)


def _revoke(tokens: list[ApiToken], actor: Actor, now: datetime) -> None:
    ApiToken.objects.filter(id__in=[one.id for one in tokens]).update(revoked_at=now)
    record([TokenRevoked(happened_at=now, user_id=one.user_id, token_id=one.id) for one in tokens], actor=actor)
