"""Which home page belongs to which role. Somebody with several roles has several, as tabs."""

from __future__ import annotations

from leadloop.platform.roles import Role

# In the order in which they stand as tabs.
TABS: dict[str, tuple[str, tuple[Role, ...]]] = {
    "sales": ("My sales", (Role.SALESPERSON, Role.PRESALES, Role.PARTNER, Role.AGENCY)),
    "calls": ("My calls", (Role.INSIDE_SALES,)),
    "team": ("My team", (Role.SALES_MANAGER, Role.HEAD_OF_SALES)),
    "marketing": ("Marketing", (Role.MARKETER, Role.HEAD_OF_MARKETING)),
    "flow": ("Lead management", (Role.HEAD_OF_LEAD_MANAGEMENT, Role.SALES_OPERATIONS)),
    "president": ("The company", (Role.PRESIDENT,)),
    "money": ("Money", (Role.CFO,)),
    "running": ("How it runs", (Role.ADMIN,)),
    "pages": ("My pages", (Role.CONTENT_OWNER,)),
}


def tabs_of(roles: frozenset[str]) -> list[str]:
    """The keys of the pages that these roles have; those of nobody have the plain one."""
    found = [key for key, (_, of) in TABS.items() if roles & set(of)]
    return found or ["pages"]
