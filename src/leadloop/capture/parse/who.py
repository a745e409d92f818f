"""Who raised a hand: names, addresses and firm, each in its normal form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from leadloop.capture import rules
from leadloop.capture.contracts import Claimed, PortalKind
from leadloop.capture.parse.clean import line
from leadloop.capture.parse.draft import Draft
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.places import country_code, language_code, zone_name
from leadloop.capture.parse.profiles import profile
from leadloop.capture.parse.words import BUYING_ROLES
from leadloop.identity.contracts import Candidate
from leadloop.kernel.text import clean_name, domain_of, email, has_lookalikes, is_disposable, phone, split_name
from leadloop.kernel.values import dataclass

_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()\[\]]+")
_NUMBER = re.compile(r"\d+")
_GROUPING = re.compile(r"(?<=\d)[.,'\u2019\u00a0\u202f ](?=\d{3}\b)")
_MOST_EMPLOYEES = 10_000_000


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, cleaned. Texts are empty where nothing was said; `email` and `phone` None without a normal form."""

    given: str
    family: str
    email: str | None
    email_given: str
    phone: str | None
    phone_given: str
    social: str
    country: str
    language: str
    zone: str
    disposable: bool

    def reachable(self, *, firm: bool, filed: bool) -> bool:
        """Tell whether anybody could answer."""
        return rules.reachable(
            email=self.email is not None,
            phone_digits=len(self.phone or "") or sum(map(str.isdigit, self.phone_given)),
            social=bool(self.social),
            named=bool(self.given or self.family),
            firm=firm,
            filed=filed,
        )

    def candidate(
        self, claimed: Claimed, values: Mapping[str, str], attributes: dict[str, str], *, overwrite: bool
    ) -> Candidate:
        """Return the person as `identity` wants to see them. Attributes may be empty."""
        if self.social:
            attributes["social"] = self.social
        return Candidate(
            ref=claimed.submission_id,
            given=self.given,
            family=self.family,
            email=self.email,
            email_given=self.email_given,
            phone=self.phone,
            phone_given=self.phone_given,
            company_name=_text(values, Field.COMPANY),
            website=website_in(values[Field.WEBSITE]) if Field.WEBSITE in values else "",
            industry=_text(values, Field.INDUSTRY),
            employees=employees_in(values[Field.EMPLOYEES]) if Field.EMPLOYEES in values else None,
            country=self.country,
            city=_text(values, Field.CITY),
            title=_text(values, Field.TITLE),
            buying_role=BUYING_ROLES.get(values.get(Field.BUYING_ROLE, "").casefold(), "unknown"),
            external=_external(claimed, values),
            language=self.language,
            zone=self.zone,
            attributes=attributes,
            lookalike=_poses(self.given) or _poses(self.family) or _poses(self.email_given),
            disposable=self.disposable,
            overwrite=overwrite,
        )


_poses = lru_cache(maxsize=16384)(has_lookalikes)


def _text(values: Mapping[str, str], field: Field) -> str:
    return line(values[field]) if field in values else ""


def who(draft: Draft, left: dict[str, str]) -> Who:
    """Read who it is; what is said twice or can't be used goes to `left`."""
    values = draft.values
    given, family = _name(values)
    address, address_given = _email(values.get(Field.EMAIL, ""))
    country = _sound(values, Field.COUNTRY, country_code, left)
    number, number_given = _phone(draft, country, left)
    return Who(
        given=given,
        family=family,
        email=address,
        email_given=address_given,
        phone=number,
        phone_given=number_given,
        social=line(values[Field.SOCIAL]) if Field.SOCIAL in values else "",
        country=country,
        language=_sound(values, Field.LANGUAGE, language_code, left),
        zone=_sound(values, Field.ZONE, zone_name, left),
        disposable=address is not None and is_disposable(domain_of(address)),
    )


def _name(values: Mapping[str, str]) -> tuple[str, str]:
    given, family = values.get(Field.GIVEN_NAME, ""), values.get(Field.FAMILY_NAME, "")
    if given or family:
        return clean_name(line(given)), clean_name(line(family))
    full = values.get(Field.FULL_NAME)
    return split_name(line(full)) if full else ("", "")


def _email(text: str) -> tuple[str | None, str]:
    """Return the normal form and what was typed, of the first address in the text."""
    if not text:
        return None, ""
    given = line(text, 320)
    normal = email(given)
    if normal is None and (found := _ADDRESS.search(given)):
        normal = email(found[0])
        given = found[0] if normal else given
    return normal, given


def _sound(values: Mapping[str, str], field: Field, read: Callable[[str], str], left: dict[str, str]) -> str:
    """Return a text in its common form; one that has none is kept as an attribute."""
    text = values.get(field)
    if text is None:
        return ""
    found = read(line(text, 60))
    if not found:
        left.setdefault(field, text)
    return found


def _phone(draft: Draft, country: str, left: dict[str, str]) -> tuple[str | None, str]:
    """Return the first number in E.164 and as typed; a second one is kept as an attribute."""
    values = draft.values
    numbers = [line(values[field], 60) for field in (Field.PHONE, Field.MOBILE) if field in values]
    if not numbers:
        return None, ""
    if len(numbers) == 2 and numbers[0] != numbers[1]:
        left.setdefault(Field.MOBILE, numbers[1])
    home = draft.plan.country if draft.plan else draft.claimed.portal.country
    normal = phone(numbers[0], country or home or None)
    if normal is None and country and home and country != home:
        normal = phone(numbers[0], home)
    return normal, numbers[0]


def website_in(text: str) -> str:
    """Return a web address; empty for other schemes, which a link on a page could be made to run."""
    address = line(text, 500)
    scheme, colon, _ = address.partition(":")
    if colon and "." not in scheme and scheme.lower() not in ("http", "https"):
        return ""
    return address


def employees_in(text: str) -> int | None:
    """Return the (lowest) number in a text such as "1,000+" or "11-50"."""
    found = _NUMBER.search(_GROUPING.sub("", line(text, 60)))
    number = int(found[0]) if found else None
    return number if number is not None and number <= _MOST_EMPLOYEES else None


def _external(claimed: Claimed, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the person's number in the other system; a record's number tells the person in files only.

    What our own people enter is told apart by the profile's handle, too: from outside anybody could give another's.
    """
    number = values.get(Field.PERSON_ID) or (values.get(Field.EXTERNAL_ID) if claimed.reading else None)
    own = ((claimed.portal.key, line(number, 120)),) if number else ()
    if Field.SOCIAL not in values or claimed.portal.kind != PortalKind.STAFF:
        return own
    seen = profile(values[Field.SOCIAL])
    return (*own, (seen.network, seen.handle)) if seen and seen.handle and not seen.is_firm else own
