"""Values that scoring rules may ask about; the caller supplies them with each touch."""

from __future__ import annotations

from leadloop.criteria.registry import Column, register_values

PLACES = (
    ("decides", "Decides about buying"),
    ("influences", "Has a say in buying"),
    ("assists", "Assists somebody"),
    ("learns", "Student or intern"),
    ("other", "Something else"),
)

register_values(
    "touch",
    (
        Column("title", "Job title", "text", personal=True),
        Column("place", "Place in the firm, from the title", "choice", PLACES),
        Column("country", "Country", "text"),
        Column("industry", "Industry", "text"),
        Column("employees", "Employees", "number"),
        Column("company", "Company", "text"),
        Column("domain", "Domain of the e-mail address", "text"),
        Column("business_mail", "Writes from a firm's own domain", "boolean"),
        Column("free_mail", "Writes from a free mail service", "boolean"),
        Column("disposable", "Throw-away address", "boolean"),
        Column("phone", "Gave a number", "boolean"),
        Column("interest", "Interest", "text"),
        Column("portal", "Portal", "text"),
        Column("message", "Wrote a message", "boolean"),
    ),
)
