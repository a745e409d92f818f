"""Text at the door: one normal form each for addresses, numbers, names and firms; guards for free text."""

from leadloop.kernel.text.company import company_key
from leadloop.kernel.text.domain import FREE_MAIL, is_disposable, is_free_mail, registrable
from leadloop.kernel.text.email import domain_of, email, matching_view
from leadloop.kernel.text.guard import csv_given, csv_safe, has_lookalikes, looks_like_header_injection, one_line
from leadloop.kernel.text.names import clean_name, initials, split_name
from leadloop.kernel.text.phone import phone, phone_country, phone_display

__all__ = [
    "FREE_MAIL",
    "clean_name",
    "company_key",
    "csv_given",
    "csv_safe",
    "domain_of",
    "email",
    "has_lookalikes",
    "initials",
    "is_disposable",
    "is_free_mail",
    "looks_like_header_injection",
    "matching_view",
    "one_line",
    "phone",
    "phone_country",
    "phone_display",
    "registrable",
    "split_name",
]
