"""What other rooms may ask of persons and firms in their conditions; the views stand in migration 0002."""

from __future__ import annotations

from leadloop.criteria.contracts import Column, FacetView, Option
from leadloop.criteria.registry import register

BUYING_ROLES: tuple[Option, ...] = (
    ("decision_maker", "Decision maker"),
    ("influencer", "Influencer"),
    ("user", "User"),
    ("gatekeeper", "Gatekeeper"),
    ("unknown", "Not known"),
)

PERSON = FacetView(
    view="people_facet_person",
    subject="person",
    prefix="person",
    key="person_id",
    columns=(
        Column("given_name", "Given name", "text", personal=True),
        Column("family_name", "Family name", "text", personal=True),
        Column("email", "E-mail address", "text", personal=True),
        Column("email_domain", "E-mail domain", "text"),
        Column("phone", "Telephone number", "text", personal=True),
        Column("disposable_email", "Throw-away e-mail address", "boolean"),
        Column("title", "Job title", "text"),
        Column("buying_role", "Buying role", "choice", BUYING_ROLES),
        Column("country", "Country", "text"),
        Column("city", "City", "text"),
        Column("language", "Language", "text"),
        Column("zone", "Time zone", "text"),
        Column("company_id", "Company", "id"),
        Column("known_since", "Known since", "datetime"),
    ),
    links=(("company", "company_id"),),
    attributes="attributes",
)

COMPANY = FacetView(
    view="people_facet_company",
    subject="company",
    prefix="company",
    key="company_id",
    columns=(
        Column("name", "Company name", "text"),
        Column("domain", "Domain", "text"),
        Column("industry", "Industry", "text"),
        Column("employees", "Employees", "number"),
        Column("country", "Company country", "text"),
        Column("city", "Company city", "text"),
        Column("parent_id", "Parent company", "id"),
        Column("account_owner_id", "Account owner", "id"),
        Column("known_since", "Company known since", "datetime"),
    ),
    attributes="attributes",
)

register(PERSON)
register(COMPANY)
