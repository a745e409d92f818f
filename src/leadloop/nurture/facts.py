"""What happens on journeys."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("journey.entered", "The lead entered a journey")
class JourneyEntered(Fact):
    """`journey` is key@version."""

    enrolment_id: int
    journey: str
    node: str


@fact("journey.stepped", "A step of the journey was done")
class JourneyStepped(Fact):
    """From node to node."""

    enrolment_id: int
    journey: str
    node: str
    after: str


@fact("journey.left", "The lead left the journey")
class JourneyLeft(Fact):
    """`reason`: finished, handed_over, recycled, closed, sales_took_over, erased."""

    enrolment_id: int
    journey: str
