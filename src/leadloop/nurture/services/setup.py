"""Laying down journeys: a draft is checked and kept, publishing puts it into force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.content.queries import templates
from leadloop.content.services import save_template
from leadloop.criteria.compile import VALUES, check
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.nurture import standard
from leadloop.nurture.contracts import Decide, Graph, Node, Recycle, Send
from leadloop.nurture.facts import JourneyPublished, JourneySwitched
from leadloop.nurture.models import Journey
from leadloop.nurture.queries import published
from leadloop.nurture.rules import read_graph, unsupplied
from leadloop.nurture.sql import fetch
from leadloop.people.contracts import Channel

EVERY_LANGUAGE = "en"  # the last resort of `content`: a template that has this one has a text for everybody

_SWITCH = """
with locked as materialized (
    select e.id, j.key || '@' || j.version as before
      from nurture_enrolment e join nurture_journey j on j.id = e.journey_id join nurture_journey n on n.id = %s
     where j.key = n.key and j.id <> n.id and e.state = 'waiting'
       and n.graph -> 'nodes' -> e.node ->> 'do' = j.graph -> 'nodes' -> e.node ->> 'do'
     order by e.id for no key update of e
)
update nurture_enrolment e set journey_id = %s from locked where e.id = locked.id
returning e.id, e.lead_id, e.person_id, e.node, locked.before
"""


def install(
    *, key: str, name: str, graph: Graph | Mapping[str, Any], owner_id: int, interest_id: int | None = None
) -> int:
    """Keep a draft of a journey and return its id: the next version of this key, or the draft there is already.

    Raises Invalid naming the node that makes the graph unsound.
    """
    if not key or not name.strip():
        raise Invalid("A journey needs a key and a name", field="name", mend="Name it")
    sound = read_graph(graph)
    told = {
        "name": name.strip(),
        "graph": sound.model_dump(mode="json"),
        "owner_id": owner_id,
        "interest_id": interest_id,
    }
    with transaction.atomic():
        newest = Journey.objects.select_for_update().filter(key=key).order_by("-version").first()
        if newest is not None and newest.published_at is None:
            Journey.objects.filter(id=newest.id).update(**told)
            return int(newest.id)
        version = newest.version + 1 if newest else 1
        return int(Journey.objects.create(key=key, version=version, **told).id)


def publish(journey_id: int, *, terms: Terms, actor: Actor, now: datetime, take_along: bool = False) -> int:
    """Put a draft into force in place of the version before it, and return how many leads went over to it.

    Leads stay on the version they entered. With `take_along` those that wait at a node which the new version has
    too, doing the same, go on there; all others stay, so nobody comes to a node that was taken out. Raises Invalid
    naming the node whose template, condition or reason is not there, Conflict when it was published already.
    """
    with transaction.atomic():
        row = Journey.objects.select_for_update().filter(id=journey_id).first()
        if row is None:
            raise NotFound("There is no such journey", field="journey", mend="Load the page again")
        if row.published_at is not None:
            raise Conflict(
                "This version was published before", field="journey", mend="Change it: that is a new version"
            )
        _check_surroundings(read_graph(row.graph), terms)
        Journey.objects.filter(key=row.key, published_at__isnull=False, retired_at__isnull=True).update(retired_at=now)
        Journey.objects.filter(id=row.id).update(published_at=now)
        moved = sorted(fetch(_SWITCH, [row.id, row.id])) if take_along else []
        named = f"{row.key}@{row.version}"
        switched = [
            JourneySwitched(
                happened_at=now,
                lead_id=lead_id,
                person_id=person_id,
                enrolment_id=enrolment_id,
                journey=named,
                before=before,
                node=node,
            )
            for enrolment_id, lead_id, person_id, node, before in moved
        ]
        into_force = JourneyPublished(happened_at=now, journey_id=row.id, journey=named, moved=len(moved))
        record([into_force, *switched], actor=actor)
    return len(moved)


def install_standard(*, owner_id: int, terms: Terms, actor: Actor, now: datetime) -> int:
    """Put the journey Leadloop comes with into force, with its texts, unless it is; returns its id."""
    with transaction.atomic():
        standing = published().get(standard.FIRST_JOURNEY)
        if standing is not None:
            return standing
        held = templates(list(standard.TEMPLATES))
        for (key, language), (subject, body) in standard.TEMPLATES.items():
            if (key, language) not in held or held[key, language].language != language:
                save_template(
                    key=key,
                    language=language,
                    subject=subject,
                    body=body.strip(),
                    owner_id=owner_id,
                    actor=actor,
                    now=now,
                )
        journey_id = install(key=standard.FIRST_JOURNEY, name=standard.NAME, graph=standard.GRAPH, owner_id=owner_id)
        publish(journey_id, terms=terms, actor=actor, now=now)
        return journey_id


def _check_surroundings(graph: Graph, terms: Terms) -> None:
    """Whether everything that the nodes name is there."""
    wanted = {(node.template, EVERY_LANGUAGE) for node in graph.nodes.values() if isinstance(node, Send)}
    held = {key for (key, _), text in templates(list(wanted)).items() if text.channel == Channel.EMAIL}
    for name, node in graph.nodes.items():
        _check_node(name, node, held, terms)


def _check_node(name: str, node: Node, held: set[str], terms: Terms) -> None:
    at = f"nodes.{name}"
    if isinstance(node, Send) and node.template not in held:
        raise Invalid(f"There is no e-mail “{node.template}” in English", field=at, mend="Write it, or choose another")
    if isinstance(node, Recycle) and node.reason not in terms.reasons_for("recycle"):
        known = ", ".join(terms.reasons_for("recycle"))
        raise Invalid(f"“{node.reason}” is no reason for recycling", field=at, mend=f"Choose one of: {known}")
    if isinstance(node, Decide):
        wrong = check(node.when, VALUES)
        if wrong:
            raise Invalid(wrong.problem, field=f"{at}.when.{wrong.field}", mend=wrong.mend)
        unknown = unsupplied(node.when)
        if unknown:
            raise Invalid(
                f"A journey can't ask for {unknown[0]}", field=f"{at}.when", mend="Ask for the score, lead or person"
            )
