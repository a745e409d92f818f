"""The fields a delivery is read into, and what people call them."""

from __future__ import annotations

from enum import StrEnum


class Field(StrEnum):
    """Where a value of a delivery goes. What no field takes is kept as an attribute under its own name."""

    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    FULL_NAME = "full_name"
    EMAIL = "email"
    PHONE = "phone"
    MOBILE = "mobile"
    SOCIAL = "social"
    TITLE = "title"
    BUYING_ROLE = "buying_role"
    LANGUAGE = "language"
    ZONE = "zone"
    COMPANY = "company"
    WEBSITE = "website"
    INDUSTRY = "industry"
    EMPLOYEES = "employees"
    COUNTRY = "country"
    CITY = "city"
    MESSAGE = "message"
    INTEREST = "interest"
    KIND = "kind"
    ASSET = "asset"
    SOURCE = "source"
    PROGRAMME = "programme"
    EXTERNAL_ID = "external_id"
    PERSON_ID = "person_id"
    CREATED_AT = "created_at"
    CONSENT = "consent"
    CONSENT_WORDING = "consent_wording"
    NO_EMAIL = "no_email"
    NO_PHONE = "no_phone"
    OWNER = "owner"
    STATUS = "status"
    CONVERTED = "converted"
    BUDGET = "budget"
    AUTHORITY = "authority"
    NEED = "need"
    TIMING = "timing"
    UTM_SOURCE = "utm_source"
    UTM_MEDIUM = "utm_medium"
    UTM_CAMPAIGN = "utm_campaign"
    UTM_TERM = "utm_term"
    UTM_CONTENT = "utm_content"
    GCLID = "gclid"
    FBCLID = "fbclid"
    MSCLKID = "msclkid"
    LI_FAT_ID = "li_fat_id"
    TTCLID = "ttclid"
    REFERRER = "referrer"
    LANDING_PAGE = "landing_page"
    TRAP = "_trap"
    ELAPSED = "_elapsed"
    VISITOR = "_visitor"
    PROOF = "_proof"
    IGNORE = "-"


LABELS: dict[Field, str] = {
    Field.GIVEN_NAME: "First name",
    Field.FAMILY_NAME: "Last name",
    Field.FULL_NAME: "Full name",
    Field.EMAIL: "E-mail",
    Field.PHONE: "Phone",
    Field.MOBILE: "Mobile phone",
    Field.SOCIAL: "Social profile",
    Field.TITLE: "Job title",
    Field.BUYING_ROLE: "Role in the purchase",
    Field.LANGUAGE: "Language",
    Field.ZONE: "Time zone",
    Field.COMPANY: "Company",
    Field.WEBSITE: "Website",
    Field.INDUSTRY: "Industry",
    Field.EMPLOYEES: "Employees",
    Field.COUNTRY: "Country",
    Field.CITY: "City",
    Field.MESSAGE: "Message",
    Field.INTEREST: "Interest",
    Field.KIND: "Kind of inquiry",
    Field.ASSET: "Content asked for",
    Field.SOURCE: "Source",
    Field.PROGRAMME: "Programme",
    Field.EXTERNAL_ID: "Number in the other system",
    Field.PERSON_ID: "Person's number in the other system",
    Field.CREATED_AT: "When it happened",
    Field.CONSENT: "Consent",
    Field.CONSENT_WORDING: "Wording of the consent",
    Field.NO_EMAIL: "No e-mail wanted",
    Field.NO_PHONE: "No calls wanted",
    Field.OWNER: "Owner",
    Field.STATUS: "Status",
    Field.CONVERTED: "Converted",
    Field.BUDGET: "Budget",
    Field.AUTHORITY: "Authority",
    Field.NEED: "Need",
    Field.TIMING: "Timing",
    Field.REFERRER: "Referring page",
    Field.LANDING_PAGE: "Landing page",
    Field.IGNORE: "Leave out",
}

ANSWERS = (Field.BUDGET, Field.AUTHORITY, Field.NEED, Field.TIMING)
UTM = (Field.UTM_SOURCE, Field.UTM_MEDIUM, Field.UTM_CAMPAIGN, Field.UTM_TERM, Field.UTM_CONTENT)
CLICK_IDS = (Field.GCLID, Field.FBCLID, Field.MSCLKID, Field.LI_FAT_ID, Field.TTCLID)
TOUCH = (*UTM, *CLICK_IDS, Field.REFERRER, Field.LANDING_PAGE)
GUARDS = frozenset({Field.TRAP, Field.ELAPSED, Field.VISITOR, Field.PROOF})  # keys that our own scripts send
# Honoured only in files that our own people bring in; from outside they stay attributes, or anyone could take a lead.
OURS_ONLY = frozenset({Field.OWNER, Field.STATUS, Field.CONVERTED, Field.PROGRAMME})


def label(field: str) -> str:
    """Return what people call a field; other names (such as utm_source) as they are."""
    return LABELS[Field(field)] if field in LABELS else field
