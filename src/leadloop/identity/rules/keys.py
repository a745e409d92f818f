"""The exact keys of a candidate and of the firm they name."""

from __future__ import annotations

from functools import lru_cache

from leadloop.identity.contracts import Candidate
from leadloop.kernel.text import company_key, domain_of, is_disposable, is_free_mail, matching_view, registrable

Key = tuple[str, str]  # kind and value

EMAIL, PHONE, EXTERNAL = "email", "phone", "external"
DOMAIN, NAME = "domain", "name"
# What people write where they have no firm to name; as keys (see `kernel.text.company_key`).
_NO_FIRM = frozenset(
    {
        "company", "firma", "freelance", "freelancer", "keine", "n a", "na", "nil", "no", "none", "not applicable",
        "null", "privat", "private", "privatperson", "self", "self employed", "selfemployed", "student", "test",
        "unbekannt", "unknown",
    }
)  # fmt: skip


def person_keys(candidate: Candidate) -> list[Key]:
    """Return the keys of a person, those first that decide first.

    The e-mail's value is the form under which one mailbox's variants meet.
    """
    keys: list[Key] = []
    if candidate.email:
        keys.append((EMAIL, matching_view(candidate.email)))
    keys.extend((f"{EXTERNAL}:{system}", external_id) for system, external_id in candidate.external)
    if candidate.phone:
        keys.append((PHONE, candidate.phone))
    return keys


def firm_keys(candidate: Candidate) -> list[Key]:
    """Return the keys of the firm that a candidate names: by domain, then by name and country. Empty for none."""
    mail = domain_of(candidate.email) if candidate.email and not candidate.disposable else None
    return list(_firm_keys(candidate.domain, candidate.website, mail, candidate.company_name, candidate.country))


@lru_cache(maxsize=32768)
def _firm_keys(domain: str | None, website: str, mail: str | None, name: str, country: str) -> tuple[Key, ...]:
    """Colleagues name the same firm, and each is asked about more than once."""
    own, named = _first_own(domain, website, mail), _name_key(name)
    by_domain: tuple[Key, ...] = ((DOMAIN, own),) if own else ()
    return (*by_domain, (NAME, f"{named}|{country}")) if named else by_domain


def firm_domain(candidate: Candidate) -> str | None:
    """Return the firm's own domain: the one given, the website's, or the e-mail address's; None for none.

    Domains at which anyone can have an address, lasting or throw-away, name no firm.
    """
    mail = domain_of(candidate.email) if candidate.email and not candidate.disposable else None
    return _first_own(candidate.domain, candidate.website, mail)


def _first_own(*sources: str | None) -> str | None:
    return next((domain for source in sources if source and (domain := _own_domain(source))), None)


@lru_cache(maxsize=32768)
def _own_domain(source: str) -> str | None:
    domain = registrable(source)
    return None if domain is None or is_free_mail(domain) or is_disposable(domain) else domain


def firm_name_key(candidate: Candidate) -> str:
    """Return the key of the firm's name, "" where none is named."""
    return _name_key(candidate.company_name)


def _name_key(name: str) -> str:
    key = company_key(name) if name else ""
    return "" if key in _NO_FIRM else key


def kind_of(key: Key) -> str:
    """Return the kind of a key without the system's name."""
    return key[0].partition(":")[0]
