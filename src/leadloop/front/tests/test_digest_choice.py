"""The letter of the week is switched off and on by those who get it, on their own page."""

from __future__ import annotations

import pytest

from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.loop.digest.sending import wants
from tests.support.cast import MONDAY, Cast


@pytest.mark.django_db
def test_readers_switch_it_off_on_their_own_page(cast: Cast) -> None:
    with clock.at(MONDAY):
        _switch(cast)


def _switch(cast: Cast) -> None:
    ruth, kim = as_user(cast, "ruth"), as_user(cast, "kim")
    assert "Letter of the week" not in kim.get("/me").content.decode()
    assert "Letter of the week" in ruth.get("/me").content.decode()
    assert ruth.post("/me/digest", {"digest": "off"}).status_code == 302
    assert "You get no letter of the week." in ruth.get("/me").content.decode()
    assert not wants(cast.user["ruth"])
    ruth.post("/me/digest", {"digest": "on"})
    assert wants(cast.user["ruth"])
