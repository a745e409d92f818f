"""The first installation of a company, through the rooms' own services. Done again it changes nothing."""

from leadloop.loop.install.contracts import Colleague, Firm, Installed, Squad
from leadloop.loop.install.whole import FIRST_NAME, FIRST_USER, bare, install

__all__ = ["FIRST_NAME", "FIRST_USER", "Colleague", "Firm", "Installed", "Squad", "bare", "install"]
