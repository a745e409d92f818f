"""What a notice is called, on the page and in letters."""

from __future__ import annotations

from leadloop.agreement.contracts import Terms
from leadloop.loop.notices.contracts import NoticeKind

APPEALS = {"open": "An appeal waits", "stands": "Giving back stands", "overturned": "Giving back was overturned"}
MORE = {
    NoticeKind.LEAD: "Handed over to you; accept it or give it back",
    NoticeKind.LEADS: "Handed over to you at once; accept them or give them back",
    NoticeKind.BACK: "It was not accepted in time and went to somebody else",
    NoticeKind.MAILING: "What had not gone out stays here",
    NoticeKind.REPLY: "They answered by e-mail, and wait for yours",
}


def title(kind: NoticeKind, detail: str, *, name: str, terms: Terms) -> str:
    """Its title; `name` is that of the lead or mailing it is about, or a word in place of it."""
    match kind:
        case NoticeKind.LEAD:
            return f"New lead: {name}"
        case NoticeKind.LEADS:
            return f"{detail} new leads"
        case NoticeKind.LATE:
            return f"Not kept in time: {promise(detail, terms)}"
        case NoticeKind.BACK:
            return f"Pulled back: {name}"
        case NoticeKind.APPEAL:
            return f"{APPEALS[detail]}: {name}"
        case NoticeKind.MAILING:
            return f"Stopped: {name}"
        case NoticeKind.IMPORT:
            return "An import is done"
        case NoticeKind.PORTAL:
            return f"Inquiries are missing: {name}"
        case NoticeKind.REPLY:
            return f"Answered: {name}"


def more(kind: NoticeKind, detail: str) -> str:
    """What is said below the title, "" for nothing."""
    if kind is NoticeKind.IMPORT:
        return f"{'1 row' if detail == '1' else f'{detail} rows'} of it in quarantine"
    if kind is NoticeKind.PORTAL:
        day, missing, said = detail.split()
        return f"{missing} of the {said} that its sender counted on {day} did not come in"
    if kind is NoticeKind.APPEAL:
        if detail == "open":
            return "Somebody says that the lead should not have been given back; you decide"
        return "The appeal was decided"
    return MORE.get(kind, "")


def promise(code: str, terms: Terms) -> str:
    """What was promised, as the agreement calls it."""
    clause = terms.clauses.promises.get(code)
    return clause.label if clause else code.replace("_", " ")


def counted(kind: NoticeKind, count: int) -> str:
    """Several of a kind in a line of a letter: "2 leads were pulled back from you"."""
    one, many = _COUNTED[kind]
    return one if count == 1 else many.format(f"{count:,}")


_COUNTED = {
    NoticeKind.LEAD: ("1 new lead waits for your answer", "{} new leads wait for your answer"),
    NoticeKind.LEADS: ("1 new lead", "{} new leads"),
    NoticeKind.LATE: ("1 promise of yours was not kept in time", "{} promises of yours were not kept in time"),
    NoticeKind.BACK: ("1 lead was pulled back from you", "{} leads were pulled back from you"),
    NoticeKind.APPEAL: ("1 appeal waits or was decided", "{} appeals wait or were decided"),
    NoticeKind.MAILING: ("1 mailing was stopped", "{} mailings were stopped"),
    NoticeKind.REPLY: ("1 lead of yours answered by e-mail", "{} leads of yours answered by e-mail"),
    NoticeKind.IMPORT: ("1 import has rows in quarantine", "{} imports have rows in quarantine"),
    NoticeKind.PORTAL: ("Inquiries are missing on 1 day of a portal", "Inquiries are missing on {} days of portals"),
}
