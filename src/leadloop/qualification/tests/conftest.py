from __future__ import annotations

from leadloop.leads.tests.conftest import office

__all__ = ["office"]
