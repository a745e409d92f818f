"""Portals, the raw inbox, inquiries and imports."""

from leadloop.capture.models.inbox import Fetch, ImportMapping, ImportRun, Inquiry, Submission
from leadloop.capture.models.pages import LandingPage, PageDay, PageSent, Picture, Visit, Visitor
from leadloop.capture.models.portals import (
    DoorCount,
    Form,
    ListEntry,
    ListHit,
    OwnCount,
    Portal,
    PortalHook,
    SpentProof,
)
from leadloop.capture.models.sources import Mailbox, PaperBatch, PaperRow

__all__ = [
    "DoorCount",
    "Fetch",
    "Form",
    "ImportMapping",
    "ImportRun",
    "Inquiry",
    "LandingPage",
    "ListEntry",
    "ListHit",
    "Mailbox",
    "OwnCount",
    "PageDay",
    "PageSent",
    "PaperBatch",
    "PaperRow",
    "Picture",
    "Portal",
    "PortalHook",
    "SpentProof",
    "Submission",
    "Visit",
    "Visitor",
]
