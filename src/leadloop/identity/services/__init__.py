"""What the room does."""

from leadloop.identity.services.merging import merge
from leadloop.identity.services.parting import never_merge
from leadloop.identity.services.releasing import release
from leadloop.identity.services.resolving import resolve, resolve_firms

__all__ = ["merge", "never_merge", "release", "resolve", "resolve_firms"]
