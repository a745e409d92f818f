"""The company of the demo: its people, what it sells, its programmes and what they cost."""

from leadloop.loop.simulator.company.campaigns import bills
from leadloop.loop.simulator.company.founding import Demo, found
from leadloop.loop.simulator.company.staff import CALLERS, DILIGENCE, DOMAIN, FIRM, Staff, staff_for

__all__ = ["CALLERS", "DILIGENCE", "DOMAIN", "FIRM", "Demo", "Staff", "bills", "found", "staff_for"]
