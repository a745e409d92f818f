"""Who signs a letter: name, title, firm, numbers and site, from the lines below the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from leadloop.capture.parse.clean import line
from leadloop.capture.parse.fields import Field
from leadloop.kernel.text.fold import without_accents

_SEPARATORS = re.compile(r"\s+[|·•/–—]\s+|\s*[|·•]\s*|\t+|,?\s{3,}")
_DECORATION = re.compile(r"^[\s*_#>~-]+|[\s*_#~-]+$")
_NUMBER = re.compile(r"\+?\(?\d[\d ()/.\-\u00a0]{5,22}\d")
_LABEL = re.compile(
    r"^(?P<fax>f|fax|telefax|fx)\b|^(?P<mobile>m|mob|mobile?|cell|handy|mobil|mobiltelefon|portable|móvil|gsm)\b"
    r"|^(?P<phone>t|p|tel|phone|telephone|telefon|fon|tél|téléphone|teléfono|direct|office|d|o|ph|durchwahl)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\S+@\S+\.\S+")
_SITE = re.compile(r"(?:https?://)?(?:www\.)?(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?:/\S*)?$", re.IGNORECASE)
_SITE_LABEL = re.compile(r"^(?:w|web|website|internet|url|site|www)\s*:\s*", re.IGNORECASE)
_SOCIAL = re.compile(r"linkedin\.com|xing\.com|twitter\.com|x\.com|facebook\.com|instagram\.com", re.IGNORECASE)
_FIRM = re.compile(
    r"\b(?:gmbh|mbh|ag|kg|kgaa|ohg|se|ug|e\.?k|ltd|limited|inc|llc|llp|plc|corp|corporation|company|group|gruppe|sas|sarl"
    r"|s\.a|sa|s\.l|slu|srl|s\.r\.l|s\.p\.a|spa|b\.v|bv|n\.v|nv|ab|a/s|aps|oyj?|sp\. z o\.o|s\.r\.o|kft|pty)\b\.?",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:head|director|manager|management|ceo|cto|cfo|coo|cio|cmo|chief|vp|vice president|president|officer|engineer"
    r"|engineering|consultant|buyer|buying|purchas\w+|procurement|owner|founder|partner|lead|leader|assistant|analyst"
    r"|specialist|coordinator|supervisor|representative|executive|technician|architect|controller|sales|marketing"
    r"|leiter(?:in)?|leitung|geschäftsführ\w+|einkauf|einkäufer(?:in)?|vertrieb\w*|prokurist(?:in)?|vorstand"
    r"|referent(?:in)?|ingenieur(?:in)?|sachbearbeiter(?:in)?|\w+leiter(?:in)?|directeur|directrice|responsable|gérant"
    r"|acheteur|gerente|jefe|directora?|compras|direttore|acquisti|inkoper)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?:(?:dr|prof|dipl|ing|mr|mrs|ms|herr|frau)\.?\s+)*[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){1,3}$"
)
_LONGEST = 100


def signed(signature: Sequence[str], *, sender: str, domain: str) -> dict[Field, str]:
    """Return what a signature tells, by field. `sender` is the name of the header, `domain` that of the address.

    A firm is taken by its legal form, or where the domain bears its name; a line that could be anything is left.
    """
    found: dict[Field, str] = {}
    for text in _segments(signature):
        told = _told(text, sender, domain, found)
        if told and told[0] not in found:
            found[told[0]] = told[1]
    return found


def _segments(signature: Sequence[str]) -> Iterator[str]:
    for one in signature:
        for part in _SEPARATORS.split(one):
            text = _DECORATION.sub("", line(part, _LONGEST))
            if text:
                yield text


def _told(text: str, sender: str, domain: str, known: dict[Field, str]) -> tuple[Field, str] | None:
    if _ADDRESS.search(text):
        return None
    if number := _number(text):
        return number
    site = _SITE_LABEL.sub("", text)
    if _SITE.match(site):
        return (Field.SOCIAL, site) if _SOCIAL.search(site) else (Field.WEBSITE, site)
    if Field.FULL_NAME not in known and _is_name(text, sender):
        return Field.FULL_NAME, text
    if _FIRM.search(text) or _bears(domain, text):
        return Field.COMPANY, text
    return (Field.TITLE, text) if _TITLE.search(text) else None


def _number(text: str) -> tuple[Field, str] | None:
    found = _NUMBER.search(text)
    if not found or sum(map(str.isdigit, found[0])) < 7:
        return None
    label = _LABEL.match(text)
    before = text[: found.start()].strip(" .:")
    if before and not label:
        return None  # a street or a register number
    if label and label["fax"]:
        return Field.IGNORE, found[0]
    return (Field.MOBILE if label and label["mobile"] else Field.PHONE), found[0]


def _is_name(text: str, sender: str) -> bool:
    if _FIRM.search(text) or _TITLE.search(text) or not _PERSON.match(text):
        return False
    words = _words(text)
    return bool(words & _words(sender)) if sender else all(one[:1].isupper() for one in text.split())


def _bears(domain: str, text: str) -> bool:
    """Whether a line is the name in the domain: "Alder & Finch" of alder-finch.example."""
    label = domain.partition(".")[0].replace("-", "")
    squashed = "".join(sorted(_words(text), key=without_accents(text).casefold().find))
    return len(label) > 2 and squashed in (label, label.replace("and", ""))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", without_accents(text).casefold()))
