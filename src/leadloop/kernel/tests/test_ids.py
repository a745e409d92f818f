"""Secrets, digests and slugs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.ids import sha256_hex, slug, token


def test_tokens_are_long_url_safe_and_never_the_same():
    tokens = {token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", one) for one in tokens)
    assert len(token(48)) == 64


def test_the_digest_is_sha_256_of_the_text_in_utf_8():
    assert sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_hex("ü") == sha256_hex("ü".encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, World!", "hello-world"),
        ("  Größe & Łódź  ", "grosse-lodz"),
        ("already-a-slug", "already-a-slug"),
        ("a/../b", "a-b"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_slugs_read_like_the_text(text, expected):
    assert slug(text) == expected


def test_text_without_latin_letters_still_has_its_own_slug():
    assert re.fullmatch("[0-9a-f]{12}", slug("東京"))
    assert slug("東京") != slug("大阪")


@given(st.text(), st.integers(12, 80))
def test_slugs_are_plain_short_and_stable(text, limit):
    made = slug(text, limit)
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", made)
    assert len(made) <= limit
    assert slug(made, limit) == made
