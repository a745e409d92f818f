"""Keeping the installation's copy up, and writing down where it stands."""

from __future__ import annotations

from django.db import connection

from leadloop.platform.config import Config
from leadloop.tracking.columnar.place import Place, place_of
from leadloop.tracking.columnar.refresh import Refreshed, refresh
from leadloop.tracking.models import Copy, Forgotten


def place(config: Config) -> Place:
    """Where this installation keeps its copy."""
    return place_of(config.columns, cache=config.home / "columns-cache")


def keep_up(where: Place, *, thorough: bool = False) -> Refreshed:
    """Refresh the copy, write anew the rows of whoever was erased since, and note where it stands."""
    waiting = dict(Forgotten.objects.filter(done_at=None).values_list("id", "person_id"))
    done = refresh(where, forgotten=set(waiting.values()), thorough=thorough)
    Copy.objects.update_or_create(
        id=1,
        defaults={
            "generation": done.generation,
            "as_of": done.as_of,
            "snapshot": done.snapshot,
            "events": done.rows["event"],
            "rows": done.rows,
            "seconds": done.seconds,
            "refreshed_at": done.as_of,
        },
    )
    if waiting:
        Forgotten.objects.filter(id__in=waiting).update(done_at=done.as_of)
    with connection.cursor() as cursor:
        cursor.execute("delete from tracking_forgotten where done_at < now() - interval '30 days'")
    return done
