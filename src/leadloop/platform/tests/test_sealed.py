"""Secrets that are kept to be read again."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.platform.sealed import Unreadable, seal, unseal

SECRETS = {"secret": "shh-1234567890", "access_token": "tököä"}


def test_what_was_sealed_is_read_again_and_stands_nowhere_in_it() -> None:
    sealed = seal(SECRETS)
    assert unseal(sealed) == SECRETS
    assert "1234567890" not in sealed
    assert seal(SECRETS) != sealed
    assert unseal("") == {}


def test_another_installations_key_opens_nothing_and_a_former_one_still_does(settings: Any) -> None:
    sealed, former = seal(SECRETS), settings.SECRET_KEY
    settings.SECRET_KEY = "another key of another installation, long enough"
    with pytest.raises(Unreadable):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert unseal(sealed) == SECRETS


def test_a_damaged_one_is_said_to_be_unreadable() -> None:
    sealed = seal(SECRETS)
    with pytest.raises(Unreadable):
        unseal(sealed[:-8] + "AAAAAAA=")
