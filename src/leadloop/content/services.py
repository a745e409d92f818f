"""Writing the library. Assets are added once; a template is never changed, each change is a new version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from leadloop.content.contracts import NewAsset
from leadloop.content.facts import AssetAdded, TemplateSaved
from leadloop.content.models import Asset, Template
from leadloop.content.rules import check_assets, check_template
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform import queries as platform


def add_asset(*, assets: Sequence[NewAsset], actor: Actor, now: datetime) -> dict[str, int]:
    """Return the id per key; a key that exists keeps its asset as it is.

    Raises Invalid for a wrong key or address, or an owner who is not active.
    """
    check_assets(assets)
    _check_owners({a.owner_id for a in assets})
    with transaction.atomic():
        added = _insert(assets)
        record([AssetAdded(happened_at=now, asset_id=i, owner_id=owner) for i, owner in added], actor=actor)
    return dict(Asset.objects.filter(key__in=[a.key for a in assets]).values_list("key", "id"))


def save_template(
    *,
    key: str,
    language: str,
    subject: str,
    body: str,
    owner_id: int,
    actor: Actor,
    now: datetime,
    channel: str = "email",
) -> int:
    """Keep a new version of a template and return its number.

    Raises Invalid naming every flaw in its merge fields, Conflict when somebody saved it at the same moment.
    """
    check_template(key, language, subject, body)
    _check_owners({owner_id})
    newest = Template.objects.filter(key=key, language=language).aggregate(newest=Max("version"))["newest"]
    version = (newest or 0) + 1
    try:
        with transaction.atomic():
            Template.objects.create(
                key=key,
                version=version,
                channel=channel,
                language=language,
                subject=one_line(subject),
                body=body,
                owner_id=owner_id,
            )
            fact = TemplateSaved(happened_at=now, template_key=key, language=language, version=version)
            record([fact], actor=actor)
    except IntegrityError:
        raise Conflict("Somebody else has just saved this template", mend="Look at theirs, then save again") from None
    return version


def _insert(assets: Sequence[NewAsset]) -> list[tuple[int, int]]:
    columns: list[list[Any]] = [
        [a.key for a in assets],
        [one_line(a.title) for a in assets],
        [a.summary.strip() for a in assets],
        [a.url for a in assets],
        [a.interest_id for a in assets],
        [a.language for a in assets],
        [a.owner_id for a in assets],
        [a.expires_on for a in assets],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into content_asset (key, title, summary, url, interest_id, language, owner_id, expires_on)
            select * from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[],
                                 %s::bigint[], %s::date[])
                on conflict (key) do nothing returning id, owner_id
            """,
            columns,
        )
        added = list(cursor.fetchall())
        # Interests belong to another room; the database knows whether they exist, and says so here, not at the end.
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
    return added


def _check_owners(ids: set[int]) -> None:
    missing = ids - platform.users(ids, active=True).keys()
    if missing:
        raise Invalid(f"user {min(missing)} is not an active user", field="owner", mend="Name somebody who works here")
