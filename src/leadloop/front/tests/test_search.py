"""Leads are found by what people remember: in the list and in the palette, within what the viewer may see."""

from __future__ import annotations

import pytest

from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_system_pages import open_leads
from leadloop.kernel import clock
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db


def test_a_name_finds_its_leads_and_no_name_finds_none(cast: Cast) -> None:
    with clock.at(MONDAY):
        mine = open_leads(cast.user["kim"], cast.interest["general"], 2)
        (other,) = open_leads(cast.user["sam"], cast.interest["pumps"])
        client = as_user(cast, "kim")
        found = client.get("/leads?q=ann").content.decode()
        assert all(f"/leads/{lead_id}" in found for lead_id in mine)
        assert f"/leads/{other}" not in found
        assert "No lead fits." in client.get("/leads?q=zzyzx").content.decode()
        assert f"/leads/{mine[0]}" in client.get("/search?q=ann").content.decode()
        assert f"/leads/{other}" not in client.get("/search?q=ann").content.decode()


def test_open_and_closed_are_told_apart(cast: Cast) -> None:
    with clock.at(MONDAY):
        (lead_id,) = open_leads(cast.user["kim"], cast.interest["general"])
        client = as_user(cast, "kim")
        assert f"/leads/{lead_id}" in client.get("/leads?open=1").content.decode()
        assert f"/leads/{lead_id}" not in client.get("/leads?open=0").content.decode()
