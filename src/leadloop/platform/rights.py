"""The words in which rights are spoken of: roles, capabilities, scopes."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NamedTuple

Verb = Literal["see", "edit", "export"]


class Role(StrEnum):
    """What somebody does in the company. A user has one or more."""

    SALESPERSON = "salesperson"
    INSIDE_SALES = "inside_sales"
    PRESALES = "presales"
    MARKETER = "marketer"
    CONTENT_OWNER = "content_owner"
    SALES_OPERATIONS = "sales_operations"
    SALES_MANAGER = "sales_manager"
    HEAD_OF_SALES = "head_of_sales"
    HEAD_OF_MARKETING = "head_of_marketing"
    HEAD_OF_LEAD_MANAGEMENT = "head_of_lead_management"
    PRESIDENT = "president"
    CFO = "cfo"
    AGENCY = "agency"
    PARTNER = "partner"
    ADMIN = "admin"


class Capability(StrEnum):
    """What a right is about."""

    LEADS = "leads"
    PEOPLE = "people"
    OPPORTUNITIES = "opportunities"
    ACTIVITIES = "activities"
    INQUIRIES = "inquiries"
    QUARANTINE = "quarantine"
    IMPORTS = "imports"
    PORTALS = "portals"
    PROGRAMMES = "programmes"
    COSTS = "costs"
    BUDGETS = "budgets"
    CONTENT = "content"
    AGREEMENT = "agreement"
    SCORING = "scoring"
    ROUTING = "routing"
    JOURNEYS = "journeys"
    SEGMENTS = "segments"
    MAILINGS = "mailings"
    REPORTS = "reports"
    FORECAST = "forecast"
    USERS = "users"
    SETTINGS = "settings"
    SYSTEM = "system"
    TOKENS = "tokens"
    EXPORTS = "exports"


class Scope(StrEnum):
    """How far a right reaches, narrowest first. Each scope takes in what is the viewer's own.

    `partner` is what was handed to the viewer's partner or agency team, and nothing beyond that wall.
    """

    NONE = "none"
    OWN = "own"
    TEAM = "team"
    PARTNER = "partner"
    ALL = "all"

    @property
    def width(self) -> int:
        """The place in the order from narrow to wide."""
        return _WIDTH[self]


_WIDTH = {scope: place for place, scope in enumerate(Scope)}


class Grant(NamedTuple):
    """How far each verb reaches."""

    see: Scope = Scope.NONE
    edit: Scope = Scope.NONE
    export: Scope = Scope.NONE


NOTHING = Grant()

ROLE_LABELS: dict[Role, str] = {
    Role.SALESPERSON: "Salesperson",
    Role.INSIDE_SALES: "Inside sales",
    Role.PRESALES: "Presales specialist",
    Role.MARKETER: "Marketer",
    Role.CONTENT_OWNER: "Content owner",
    Role.SALES_OPERATIONS: "Sales operations",
    Role.SALES_MANAGER: "Sales manager",
    Role.HEAD_OF_SALES: "Head of sales",
    Role.HEAD_OF_MARKETING: "Head of marketing",
    Role.HEAD_OF_LEAD_MANAGEMENT: "Head of lead management",
    Role.PRESIDENT: "President",
    Role.CFO: "CFO",
    Role.AGENCY: "Agency or call centre",
    Role.PARTNER: "Partner",
    Role.ADMIN: "Administrator",
}


def widest(scopes: list[Scope]) -> Scope:
    """The widest of some scopes; none of none."""
    return max(scopes, key=lambda scope: scope.width, default=Scope.NONE)
