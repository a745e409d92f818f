"""Setting up portals."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.capture import queries, services
from leadloop.capture.contracts import PortalKind
from leadloop.capture.models import Portal
from leadloop.capture.tests.conftest import NOW
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.kernel.ids import sha256_hex
from leadloop.ledger.contracts import by_system
from leadloop.ledger.models import Event
from leadloop.platform.models import Setting, User


def test_a_portal_is_found_by_key_and_slug_and_borrows_the_companys_country(db: None, save: Any) -> None:
    saved = save("web", name="Web form", mapping={"q1": "email"}, origins=("HTTPS://A.example/",))
    assert saved.slug == "web-form"
    assert queries.portal("web-form") == saved == queries.portals()[saved.id]
    assert (saved.country, saved.mapping, saved.origins) == ("DE", (("q1", "email"),), ("https://a.example",))
    assert not hasattr(saved, "token_digest")
    assert save("fr", country="FR").country == "FR"
    Setting.objects.update(country="AT")
    assert queries.portal("web").country == "AT"
    with pytest.raises(NotFound):
        queries.portal("nowhere")


def test_saving_says_what_changed_and_saying_the_same_again_says_nothing(db: None, save: Any) -> None:
    save("web")
    save("web")
    save("web", handover="all_inquiries", acknowledge=False)
    facts = [event.payload["changed"] for event in Event.objects.filter(kind="portal.saved").order_by("id")]
    assert len(facts) == 2
    assert facts[1] == ["acknowledge", "handover"]


def test_a_secret_is_shown_once_and_only_its_hash_is_kept(db: None, save: Any) -> None:
    portal = save("api")
    first, second = (services.new_token(portal_id=portal.id, actor=by_system("t"), now=NOW) for _ in range(2))
    row = Portal.objects.get(id=portal.id)
    assert first != second
    assert row.token_digest == sha256_hex(second)
    assert second.startswith(row.token_prefix)
    assert len(row.token_prefix) < 10
    assert not Event.objects.filter(payload__icontains=second[8:20]).exists()
    with pytest.raises(NotFound):
        services.new_token(portal_id=save("b", kind=PortalKind.BROWSER).id, actor=by_system("t"), now=NOW)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"key": "Web Form"}, "key"),
        ({"name": " "}, "name"),
        ({"inquiry_kind": "gossip"}, "inquiry_kind"),
        ({"handover": "whenever"}, "handover"),
        ({"alike": "whatever"}, "alike"),
        ({"owner_id": 10**6}, "owner"),
        ({"origins": ("www.example.com",)}, "origins"),
        ({"origins": ("https://a.example/page",)}, "origins"),
        ({"mapping": {"a": "nonsense"}}, "mapping"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(db: None, save: Any, changed: Any, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        save(**({"key": "web"} | changed))
    assert caught.value.field == field
    assert caught.value.mend
    assert not Portal.objects.exists()


def test_a_portal_needs_an_owner_who_works_here(db: None, save: Any, cast: Any) -> None:
    User.objects.filter(id=cast.user["kim"]).update(is_active=False)
    with pytest.raises(Invalid):
        save(owner_id=cast.user["kim"])
