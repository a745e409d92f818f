"""Webhooks of platforms: how each shows that a request is its own, and what it tells of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from leadloop.capture.contracts import PortalKind
from leadloop.capture.door.hooks import calendly, generic, google_ads, linkedin, meta, typeform
from leadloop.capture.door.hooks.signed import Arrived, Event, Hook, Unproven
from leadloop.kernel.values import dataclass

__all__ = ["PLATFORMS", "Arrived", "Event", "Hook", "Platform", "Unproven"]


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform's ways. `challenge` answers the question by which it makes sure of an address, where it asks one."""

    verify: Callable[[Arrived, Hook], None]
    events: Callable[[Arrived, Hook], list[Event]]
    challenge: Callable[[Mapping[str, str], Hook], bytes] | None = None


PLATFORMS: dict[PortalKind, Platform] = {
    PortalKind.META: Platform(meta.verify, meta.events, meta.challenge),
    PortalKind.LINKEDIN: Platform(linkedin.verify, linkedin.events, linkedin.challenge),
    PortalKind.GOOGLE_ADS: Platform(google_ads.verify, google_ads.events),
    PortalKind.TYPEFORM: Platform(typeform.verify, typeform.events),
    PortalKind.CALENDLY: Platform(calendly.verify, calendly.events),
    PortalKind.WEBHOOK: Platform(generic.verify, generic.events),
}
