"""What happens on journeys."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("journey.published", "A version of a journey went into force")
class JourneyPublished(Fact):
    """`journey` is key@version; `moved` is how many leads went over to it from an earlier one."""

    journey_id: int
    journey: str
    moved: int


@fact("journey.entered", "The lead entered a journey")
class JourneyEntered(Fact):
    """`journey` is key@version."""

    enrolment_id: int
    journey: str
    node: str


@fact("journey.switched", "The lead went over to a new version of its journey")
class JourneySwitched(Fact):
    """It goes on at the same node; `journey` is the new key@version, `before` the old one."""

    enrolment_id: int
    journey: str
    before: str
    node: str


@fact("journey.stepped", "A step of the journey was done")
class JourneyStepped(Fact):
    """From node to node; of a decision `reason` is the way it went: yes or no."""

    enrolment_id: int
    journey: str
    node: str
    after: str


@fact("journey.stuck", "A step of the journey could not be done")
class JourneyStuck(Fact):
    """It is tried again. `reason`: condition or text, which is gone, or nobody, who could take the lead over."""

    enrolment_id: int
    journey: str
    node: str


@fact("journey.left", "The lead left the journey")
class JourneyLeft(Fact):
    """`reason` is one of `contracts.End`; `node` is where it stood."""

    enrolment_id: int
    journey: str
    node: str
