"""Domains: what a firm registered, and where anyone can have an address."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.tests.samples import sample
from leadloop.kernel.text import FREE_MAIL, domain_of, email, is_disposable, is_free_mail, registrable
from leadloop.kernel.text.mail_domains import DISPOSABLE


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("acme.com", "acme.com"),
        ("WWW.Acme.co.uk", "acme.co.uk"),
        ("https://user:secret@www.acme.com:8443/path?q=x.org#y", "acme.com"),
        ("//cdn.acme.com/x", "acme.com"),
        ("anna@mail.acme.com", "acme.com"),
        ("acme.com.", "acme.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("www.xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("one.myshopify.com", "one.myshopify.com"),
        ("www.acme.test", "acme.test"),
        ("co.uk", None),
        ("com", None),
        ("localhost", None),
        ("http://192.168.0.1/", None),
        ("http://[::1]:80/", None),
        ("1.2", None),
        ("foo..com", None),
        ("not a domain.com", None),
        ("<script>.com", None),
        ("", None),
        ("a" * 5000 + ".com", None),
    ],
)
def test_the_registered_part(text, domain):
    assert registrable(text) == domain


@given(st.text(max_size=30))
def test_whatever_is_registrable_stays_so(text):
    domain = registrable(text)
    if domain is not None:
        assert registrable(domain) == domain
        assert domain.isascii()
        assert domain == domain.lower()


def test_free_mail_names_no_employer():
    assert is_free_mail("gmail.com")
    assert is_free_mail(" GMX.de. ")
    assert not is_free_mail("acme.com")
    assert not is_free_mail("")


def test_throw_away_addresses_are_known_by_their_domain_and_those_below():
    assert is_disposable("mailinator.com")
    assert is_disposable("any.thing.Mailinator.com")
    assert not is_disposable("notmailinator.org")
    assert not is_disposable("acme.com")
    assert not is_disposable("")
    assert is_disposable("mail.acme.com", extra=frozenset({"acme.com"}))


def test_every_listed_domain_is_well_formed_and_on_one_list_only():
    assert not FREE_MAIL & DISPOSABLE
    for domain in FREE_MAIL:
        assert domain_of(email(f"a@{domain}") or "") == domain
    usable = sum(domain_of(email(f"a@{domain}") or "") == domain for domain in DISPOSABLE)
    assert usable >= len(DISPOSABLE) - 5  # of some no address can be written down


def test_throw_away_domains_are_those_of_the_public_list():
    public = set(sample("disposable_email_domains/disposable_email_blocklist.conf").read_text().split())
    assert len(public & DISPOSABLE) > len(public) * 0.95  # it changes by a few every day
    assert not public & FREE_MAIL


def test_the_sample_leads_all_have_throw_away_addresses():
    with sample("zoho_crm_demo/Leads.csv").open(encoding="utf-8-sig") as lines:
        addresses = [email(row["Email"]) for row in csv.DictReader(lines)]
    assert addresses
    assert all(address and is_disposable(domain_of(address)) for address in addresses)
