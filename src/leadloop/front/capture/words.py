"""What the doors are called on pages."""

from __future__ import annotations

from leadloop.capture.contracts import FLAG, HOLD, Code, PortalKind
from leadloop.identity.contracts import Alike

KINDS: dict[PortalKind, str] = {
    PortalKind.BROWSER: "Web pages",
    PortalKind.SERVER: "Other systems",
    PortalKind.STAFF: "Our own people",
    PortalKind.META: "Meta Lead Ads",
    PortalKind.LINKEDIN: "LinkedIn Lead Gen",
    PortalKind.GOOGLE_ADS: "Google Ads lead form",
    PortalKind.TYPEFORM: "Typeform",
    PortalKind.CALENDLY: "Calendly",
    PortalKind.WEBHOOK: "Webhook",
    PortalKind.MAIL: "E-mail",
}
KIND_HELP: dict[PortalKind, str] = {
    PortalKind.BROWSER: "Web pages: our hosted form, or forms on your own pages",
    PortalKind.SERVER: "Other systems: they send with a secret token",
    PortalKind.STAFF: "Our own people: files from trade shows, phone, referrals",
    PortalKind.META: "Meta Lead Ads: forms on Facebook and Instagram",
    PortalKind.LINKEDIN: "LinkedIn Lead Gen Forms",
    PortalKind.GOOGLE_ADS: "Google Ads lead forms",
    PortalKind.TYPEFORM: "Typeform: answered forms",
    PortalKind.CALENDLY: "Calendly: booked meetings",
    PortalKind.WEBHOOK: "Webhook: any other system that sends JSON",
    PortalKind.MAIL: "E-mail: a mailbox that we read, or a provider that posts what comes",
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
ALIKE = {
    str(Alike.SUGGEST): "Somebody is asked, on the page Duplicates",
    str(Alike.JOIN): "Is taken for them where it is all but certain",
    str(Alike.NEW): "Stays somebody new",
}
DISPOSABLE = {
    HOLD: "Wait in quarantine",
    FLAG: "Come in, and are marked as such",
}
CODES: dict[str, str] = {
    Code.EMPTY: "Empty",
    Code.UNREADABLE: "Not readable",
    Code.TOO_DEEP: "Nested too deeply",
    Code.NOT_AN_OBJECT: "No named values",
    Code.NO_CONTACT: "No way to answer",
    Code.SPAM_SUSPECTED: "May be spam",
    Code.DISPOSABLE_ADDRESS: "Throw-away address",
    Code.BLOCKED: "On a block list",
    Code.NOT_PROVED: "Riddle not solved",
    Code.PROOF_TOO_OLD: "Riddle solved too long ago",
    Code.PROOF_USED: "Solution used twice",
    Code.TEST_LEAD: "Test",
    Code.NOT_FETCHED: "Not fetched",
    Code.NO_LETTER: "No e-mail in it",
    Code.OWN_MAIL: "From a colleague",
    Code.AUTOMATIC_REPLY: "Automatic answer",
    Code.AUTOMATIC_MAIL: "Sent by a program",
    Code.BULK_MAIL: "Newsletter or list",
    Code.BOUNCE: "Came back undelivered",
    Code.COMPLAINT: "Called spam",
    Code.MAIL_LOOP: "Mail loop",
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
