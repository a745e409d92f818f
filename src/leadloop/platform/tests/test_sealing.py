"""Secrets that are kept: unreadable without the key, and for one use only."""

from __future__ import annotations

import pytest

from leadloop.kernel.errors import Unavailable
from leadloop.platform.sealing import seal, unseal


def test_a_secret_comes_back_and_is_not_in_what_is_kept() -> None:
    kept = seal("köln-1234", use="mailbox")
    assert "1234" not in kept
    assert unseal(kept, use="mailbox") == "köln-1234"
    assert seal("köln-1234", use="mailbox") != kept
    assert seal("", use="mailbox") == unseal("", use="mailbox") == ""


def test_it_opens_for_its_own_use_and_key_only(settings: object) -> None:
    kept = seal("secret", use="mailbox")
    with pytest.raises(Unavailable):
        unseal(kept, use="webhook")
    settings.SECRET_KEY = "another key of at least thirty-two letters"  # type: ignore[attr-defined]
    with pytest.raises(Unavailable, match="Enter the secret again"):
        unseal(kept, use="mailbox")
