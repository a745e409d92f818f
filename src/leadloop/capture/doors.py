"""What crosses the room's door about webhooks, leads that are fetched, and how portals fare. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from leadloop.capture.contracts import PortalKind
from leadloop.kernel.values import dataclass

# Their senders are platforms, which sign what they send in ways of their own.
HOOKS = frozenset(
    {
        PortalKind.META,
        PortalKind.LINKEDIN,
        PortalKind.GOOGLE_ADS,
        PortalKind.TYPEFORM,
        PortalKind.CALENDLY,
        PortalKind.WEBHOOK,
    }
)
# Theirs only tell that there is a lead; what it says is fetched afterwards.
FETCHED = frozenset({PortalKind.META, PortalKind.LINKEDIN})
FETCHING = 2  # the lane of deliveries that are still to be fetched: no intake looks there


# What each has to be told, by name: True where we make it up and it is entered there, else theirs is pasted here.
HOOK_SECRETS: Mapping[PortalKind, Mapping[str, bool]] = {
    PortalKind.META: {"secret": False, "verify_token": True, "access_token": False},
    PortalKind.LINKEDIN: {"secret": False, "access_token": False},
    PortalKind.GOOGLE_ADS: {"secret": True},
    PortalKind.TYPEFORM: {"secret": True},
    PortalKind.CALENDLY: {"secret": True},
    PortalKind.WEBHOOK: {"secret": True},
}


class Proof(StrEnum):
    """How the sender of a general webhook shows who it is."""

    SECRET = "secret"  # noqa: S105 - a way, not a secret
    HMAC_SHA256 = "hmac_sha256"
    HMAC_SHA512 = "hmac_sha512"
    HMAC_SHA1 = "hmac_sha1"


@dataclass(frozen=True, slots=True, kw_only=True)
class HookScheme:
    """What is said of a general webhook: the header with secret or signature, and where its number stands.

    `prefix` precedes the signature in the header ("sha256="); `encoding` is hex or base64; `event_path` a JSON path.
    """

    proof: Proof = Proof.HMAC_SHA256
    header: str = "x-signature"
    prefix: str = ""
    encoding: str = "hex"
    event_path: str = ""


@dataclass(frozen=True, slots=True)
class HookRow:
    """How a platform's portal is set up; `held` are the names of the secrets it has, never what they are."""

    scheme: HookScheme
    held: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A lead to be asked for at a platform: its number there, and the portal's secrets by name."""

    submission_id: int
    portal_id: int
    kind: PortalKind
    number: str
    attempts: int
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Got:
    """What a platform said of a lead, as JSON."""

    submission_id: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Missed:
    """Why an attempt to fetch a lead gave nothing. `final`: asking again would be no use."""

    submission_id: int
    attempts: int
    code: str
    final: bool


@dataclass(frozen=True, slots=True)
class HealthRow:
    """How a portal fares: when the last delivery came, how many today, and what went wrong, by code and count.

    `turned_away` by the door today; `held` in quarantine; `not_fetched` leads that wait to be asked for again.
    """

    last_at: datetime | None
    today: int
    turned_away: Mapping[str, int]
    held: Mapping[str, int]
    not_fetched: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CountRow:
    """What the other side counted on one day, and what came. `missing` is 0 when as much came, or more."""

    portal_id: int
    day: date
    said: int
    came: int
    said_by: str
    said_at: datetime

    @property
    def missing(self) -> int:
        """How many did not come."""
        return max(0, self.said - self.came)
