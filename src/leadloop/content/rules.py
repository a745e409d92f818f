"""What may stand in the library, and which text suits a recipient."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from leadloop.content.contracts import NewAsset, TemplateRow
from leadloop.content.render import check
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import looks_like_header_injection

LONGEST_BODY = 100_000
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
LAST_RESORT = "en"


def languages_for(language: str) -> list[str]:
    """The languages to try for a recipient, best first: "de-AT" gives de-AT, de, en."""
    return list(dict.fromkeys(one for one in (language, language.partition("-")[0], LAST_RESORT) if one))


def suiting(
    key: str,
    language: str,
    saved: Mapping[tuple[str, str], TemplateRow],
    standard: Mapping[tuple[str, str], TemplateRow],
) -> TemplateRow | None:
    """The company's own text in the best language there is, before the standard one in that language."""
    for one in languages_for(language):
        if found := saved.get((key, one)) or standard.get((key, one)):
            return found
    return None


def check_template(key: str, language: str, subject: str, body: str) -> None:
    """Raise Invalid for a key or language of the wrong form, an empty text, or flawed merge fields (all are named)."""
    _check_key(key)
    if not _LANGUAGE.fullmatch(language):
        raise Invalid(f"{language!r} is no language", field="language", mend="Use a code such as en or de-AT")
    if "\n" in subject or "\r" in subject or looks_like_header_injection(subject):
        raise Invalid("the subject must be one line", field="subject", mend="Take out the line breaks")
    if not body.strip():
        raise Invalid("the text is empty", field="body", mend="Write something")
    if len(body) > LONGEST_BODY:
        raise Invalid("the text is too long", field="body", mend=f"Keep to {LONGEST_BODY} characters")
    for field, text in (("subject", subject), ("body", body)):
        if flaws := check(text):
            raise Invalid("; ".join(flaw.text for flaw in flaws), field=field, mend="Mend the merge fields")


def check_assets(assets: Iterable[NewAsset]) -> None:
    """Raise Invalid for a key of the wrong form, a missing title, or an address that is not on the web."""
    for asset in assets:
        _check_key(asset.key)
        if not asset.title.strip():
            raise Invalid("the title is missing", field="title", mend="Give a title")
        parts = urlsplit(asset.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s<>\"']", asset.url):
            raise Invalid("this is no web address", field="url", mend="Give an address such as https://example.com/x")


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise Invalid(f"{key!r} can't be a key", field="key", mend="Use lower-case letters, digits, - and _")
