"""E-mail addresses: one normal form, whatever was typed."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.tests.samples import sample
from leadloop.kernel.text import domain_of, email, matching_view
from leadloop.kernel.text.email import _thorough


def _of_length(length: int) -> str:
    """An address of so many characters in all, none of its parts too long."""
    return f"{'a' * 60}@{'.'.join(['b' * 47] * 3)}.{'c' * (length - 208)}.de"


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("anna@example.com", "anna@example.com"),
        ("A@EXAMPLE.com", "a@example.com"),
        ("  anna@example.com\r\n", "anna@example.com"),
        ("a+b@example.com", "a+b@example.com"),
        ("a.b@gmail.com", "a.b@gmail.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("anna@example.com.", "anna@example.com"),
        ("anna@münchen.de", "anna@xn--mnchen-3ya.de"),
        ("anna@MÜNCHEN.de", "anna@xn--mnchen-3ya.de"),
        ("anna@xn--mnchen-3ya.de", "anna@xn--mnchen-3ya.de"),
        ("anna@XN--MNCHEN-3YA.DE", "anna@xn--mnchen-3ya.de"),
        ("用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v"),
        ("Jürgen@example.com", "jürgen@example.com"),
        ("ju\u0308rgen@example.com", "jürgen@example.com"),
        ('"anna"@example.com', "anna@example.com"),
        ("anna@acme.test", "anna@acme.test"),
        (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
        (_of_length(254), _of_length(254)),
        ("anna😀@example.com", "anna😀@example.com"),
    ],
)
def test_the_normal_form(raw, normal):
    assert email(raw) == normal


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "@",
        "anna",
        "anna@",
        "@example.com",
        "anna@localhost",
        "anna@b@example.com",
        "anna@@example.com",
        "anna@😀.com",
        "anna@exa mple.com",
        "anna@-example.com",
        "anna@example..com",
        "anna@example.com..",
        "anna@.example.com",
        "anna@example.c",
        "anna@1.2.3.4",
        "anna@[1.2.3.4]",
        "anna@printer.local",
        "anna@example.invalid",
        "anna@test",
        ".anna@example.com",
        "anna.@example.com",
        "an..na@example.com",
        '"an na"@example.com',
        "Anna <anna@example.com>",
        "anna@example.com (work)",
        "anna@example.com\r\nBcc: x@example.com",
        "anna\x00@example.com",
        "anna@xn--\u00fc.de",
        "anna@xn--0.de",
        f"{'a' * 65}@example.com",
        f"{'ü' * 33}@example.com",
        f"a@{'b' * 64}.com",
        f"a@{'.'.join(['b' * 60] * 4)}.example.com",
        "a" * 1_000_000 + "@example.com",
        _of_length(255),
        '"an@na"@example.com',
    ],
)
def test_what_mail_can_not_be_sent_to(raw):
    assert email(raw) is None


@pytest.mark.parametrize(
    ("normal", "mailbox"),
    [
        ("anna.berg+news@example.com", "anna.berg@example.com"),
        ("anna.berg+news@gmail.com", "annaberg@gmail.com"),
        ("a.n.n.a@googlemail.com", "anna@gmail.com"),
        ("anna+a+b@example.com", "anna@example.com"),
        ("+anna@example.com", "+anna@example.com"),
        ("anna@example.com", "anna@example.com"),
    ],
)
def test_variants_of_a_mailbox_meet(normal, mailbox):
    assert matching_view(normal) == mailbox
    assert matching_view(mailbox) == mailbox


def test_the_domain_stands_after_the_last_at():
    assert domain_of("anna@example.com") == "example.com"


atoms = st.text(alphabet="ab1_%+-.'ü\"K", min_size=1, max_size=12)
labels = st.text(alphabet="ab1-xnü.", min_size=1, max_size=12)
nearly_addresses = st.one_of(
    st.builds("{}@{}.{}".format, atoms, labels, st.sampled_from(["com", "DE", "test", "c", "xn--p1ai", "1", "local"])),
    st.from_regex(r"[a-z0-9_%+.-]{1,70}@[a-z0-9.-]{1,70}\.[a-z]{1,30}", fullmatch=True),
    st.emails(),
    st.text(max_size=20),
)


@given(nearly_addresses)
def test_the_short_cut_gives_what_the_library_gives(raw):
    assert email(raw) == _thorough(raw.strip())


@given(nearly_addresses)
def test_a_normal_form_is_stable_and_plain(raw):
    normal = email(raw)
    if normal is None:
        return
    assert email(normal) == normal
    assert not normal.isascii() or email(f" {normal.upper()} ") == normal
    assert domain_of(normal).isascii()
    assert not re.search(r"[\s<>\"]", normal)
    assert matching_view(matching_view(normal)) == matching_view(normal)


# What the collection calls valid and mail services refuse all the same: domains without a dot, or with a top
# level of one letter or with anything but letters in it.
_REFUSED_ON_PURPOSE = re.compile(r"@[^.]+$|\.(?:[a-z]|[^.]*[^a-z.][^.]*)$", re.IGNORECASE)
# What it warns of and people type all the same: blanks around, a dot at the end, quotes that aren't needed.
_TAKEN_ON_PURPOSE = re.compile(r'^\s|[\s.]$|^"')
_VALID = {"ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN"}


def isemail_cases():
    """Return (address, valid?) of the isemail collection, which writes control characters as their symbols."""
    cases = ET.parse(sample("email_validation/isemail_tests.xml")).getroot().iter("test")
    symbols = {0x2400 + code: code for code in range(32)}
    return [
        ((case.findtext("address") or "").translate(symbols), case.findtext("category") in _VALID) for case in cases
    ]


def test_agreement_with_the_isemail_collection():
    cases = isemail_cases()
    differing = [(address, valid) for address, valid in cases if (email(address) is not None) != valid]
    assert len(cases) == 164
    assert len(cases) - len(differing) >= 132
    for address, valid in differing:
        on_purpose = _REFUSED_ON_PURPOSE if valid else _TAKEN_ON_PURPOSE
        assert on_purpose.search(address), (address, valid)
