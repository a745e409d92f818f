"""What the doors are called on pages."""

from __future__ import annotations

from leadloop.capture.contracts import Code, PortalKind

KINDS: dict[PortalKind, str] = {
    PortalKind.BROWSER: "Web pages",
    PortalKind.SERVER: "Other systems",
    PortalKind.STAFF: "Our own people",
}
KIND_HELP: dict[PortalKind, str] = {
    PortalKind.BROWSER: "Web pages: our hosted form, or forms on your own pages",
    PortalKind.SERVER: "Other systems: they send with a secret token",
    PortalKind.STAFF: "Our own people: files from trade shows, phone, referrals",
}
INQUIRY_KINDS = {
    "sales": "About buying",
    "support": "Support",
    "job": "Applications",
    "supplier": "Offers of suppliers",
    "other": "Something else",
}
HANDOVERS = {
    "sales_ready": "Once it is qualified",
    "all_inquiries": "At once, every inquiry",
    "sales_owned": "Never: whoever enters it works it",
}
CODES: dict[str, str] = {
    Code.EMPTY: "Empty",
    Code.UNREADABLE: "Not readable",
    Code.TOO_DEEP: "Nested too deeply",
    Code.NOT_AN_OBJECT: "No named values",
    Code.NO_CONTACT: "No way to answer",
    Code.SPAM_SUSPECTED: "May be spam",
    Code.DISPOSABLE_ADDRESS: "Throw-away address",
    Code.KNOWN_SKIPPED: "Known already, left out",
    Code.KNOWN_ASKED: "Known already: what now?",
}


CODE_MENDS: dict[str, str] = {
    Code.NO_CONTACT: "Map a column to E-mail, Phone, or to name and company; or complete the rows",
    Code.EMPTY: "Leave these rows out",
    Code.UNREADABLE: "Choose another encoding or delimiter",
}


def code_words(code: str) -> str:
    """A quarantine code in words; codes of other rooms lose their underscores."""
    return CODES.get(code, code.replace("_", " ").capitalize())
