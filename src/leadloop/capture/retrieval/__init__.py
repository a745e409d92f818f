"""Asking platforms for the leads they told of: one function for each, behind one form. Nothing here is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from leadloop.capture.contracts import PortalKind
from leadloop.capture.doors import Wanted
from leadloop.capture.retrieval import linkedin, meta
from leadloop.capture.retrieval.web import NotGot

__all__ = ["FETCHERS", "Fetcher", "NotGot"]

Fetcher = Callable[[Wanted], bytes]  # what the platform says of the lead, as JSON; raises NotGot

FETCHERS: Mapping[PortalKind, Fetcher] = {PortalKind.META: meta.fetch, PortalKind.LINKEDIN: linkedin.fetch}
