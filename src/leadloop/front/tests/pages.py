"""What tests of pages share: a client of somebody of the cast."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.test import Client

from tests.support.cast import Cast


def as_user(cast: Cast, name: str) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(get_user_model().objects.get(pk=cast.user[name]))
    return client
