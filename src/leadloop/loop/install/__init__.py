"""The first installation of a company, through the rooms' own services. Done again it changes nothing."""

from leadloop.loop.install.contracts import Colleague, Firm, Installed, Squad
from leadloop.loop.install.whole import bare, install

__all__ = ["Colleague", "Firm", "Installed", "Squad", "bare", "install"]
