"""How people want to be told: read for letters, and changed on their own page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from leadloop.kernel.clock import WorkCalendar
from leadloop.kernel.values import dataclass
from leadloop.ledger.sql import fetch, run
from leadloop.loop.notices.contracts import Choice, Topic, Way
from leadloop.loop.notices.rules import leaves_at, usual_way
from leadloop.platform.queries import calendars, users

_CHOSEN = """
select user_id, topic, way from loop_noticechoice where user_id = any(%s::bigint[])
 union all
select user_id, '', '' from loop_anyhour where user_id = any(%s::bigint[])
"""
_AS_USUAL = "delete from loop_noticechoice where user_id = %s and topic = any(%s::text[])"
_KEEP = """
insert into loop_noticechoice (user_id, topic, way)
select %s, topic, way from unnest(%s::text[], %s::text[]) as chosen (topic, way)
    on conflict (user_id, topic) do update set way = excluded.way
"""


@dataclass(frozen=True, slots=True)
class Post:
    """What letters to one user go by."""

    choice: Choice
    hours: WorkCalendar | None

    def at_once(self, topic: Topic) -> bool:
        """Whether a letter tells of this at once."""
        return self.choice.ways[topic] is Way.MAIL

    def leaves(self, ready: datetime, due_at: datetime | None = None) -> datetime:
        """When a letter that is ready goes, see `rules.leaves_at`."""
        return leaves_at(ready, due_at=due_at, hours=None if self.choice.any_hour else self.hours)


def choices(user_ids: Collection[int]) -> dict[int, Choice]:
    """How each of these users wants to be told. Two queries; unknown users are left out."""
    chosen: dict[int, dict[str, str]] = {}
    for user_id, topic, way in fetch(_CHOSEN, [list(user_ids), list(user_ids)]):
        chosen.setdefault(user_id, {})[topic] = way
    return {
        row.id: Choice(
            ways={topic: _way(topic, chosen.get(row.id, {}), row.roles) for topic in Topic},
            any_hour="" in chosen.get(row.id, {}),
        )
        for row in users(user_ids).values()
    }


def post_of(user_ids: Collection[int]) -> dict[int, Post]:
    """What letters to these users go by. Three queries, none for nobody."""
    if not user_ids:
        return {}
    hours = calendars(user_ids)
    return {user_id: Post(choice, hours.get(user_id)) for user_id, choice in choices(user_ids).items()}


def choose(user_id: int, ways: Mapping[Topic, Way], *, any_hour: bool, now: datetime) -> None:
    """Keep how somebody wants to be told of these topics, and whether letters may come at any hour. Four queries.

    What is usual for their roles is not kept, so that it changes with them.
    """
    roles = users([user_id])[user_id].roles
    own = {topic: way for topic, way in ways.items() if way is not usual_way(topic, roles)}
    with transaction.atomic():
        run(_AS_USUAL, [user_id, [str(topic) for topic in ways if topic not in own]])
        run(_KEEP, [user_id, [str(topic) for topic in own], [str(way) for way in own.values()]])
        if any_hour:
            run(
                "insert into loop_anyhour (user_id, since) values (%s, %s) on conflict (user_id) do nothing",
                [user_id, now],
            )
        else:
            run("delete from loop_anyhour where user_id = %s", [user_id])


def _way(topic: Topic, chosen: Mapping[str, str], roles: Collection[str]) -> Way:
    return Way(chosen[topic]) if topic in chosen else usual_way(topic, roles)
