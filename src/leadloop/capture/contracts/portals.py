"""Portals, and the kinds of inquiries they take."""

from __future__ import annotations

from enum import StrEnum

from leadloop.identity.contracts import Alike
from leadloop.kernel.values import dataclass

SALES = "sales"

KINDS = (SALES, "support", "job", "supplier", "other")

HOLD, FLAG = "hold", "flag"  # what becomes of throw-away addresses


class PortalKind(StrEnum):
    """Who may deliver through a portal, and how they show it."""

    BROWSER = "browser"
    SERVER = "server"
    STAFF = "staff"
    META = "meta"
    LINKEDIN = "linkedin"
    GOOGLE_ADS = "google_ads"
    TYPEFORM = "typeform"
    CALENDLY = "calendly"
    WEBHOOK = "webhook"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalRow:
    """A portal as others see it: no secrets. `country` falls back to the company's; `mapping` is own key → field.

    `alike` says what is to become of somebody new who looks like a known person. `disposable` whether throw-away
    addresses are held or only flagged. `listed` is another number whenever a block or allow list for it changes, 0 as
    long as there is none.
    """

    id: int
    key: str
    name: str
    kind: PortalKind
    slug: str
    token_prefix: str
    origins: tuple[str, ...]
    owner_id: int
    programme_id: int | None
    source_id: int | None
    interest_id: int
    inquiry_kind: str
    handover: str
    asset_id: int | None
    country: str
    consent_wording: str
    mapping: tuple[tuple[str, str], ...]
    acknowledge: bool
    is_on: bool
    alike: Alike
    double_opt_in: bool = False
    disposable: str = FLAG
    proof_of_work: bool = False
    listed: int = 0
