"""Portals of platforms on their pages: connected step by step, mapped with a preview, compared with what was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest

from leadloop.capture.contracts import PortalKind, Unreadable
from leadloop.capture.doors import HookScheme, Proof
from leadloop.capture.queries import hook
from leadloop.capture.queries import portal as portal_by_key
from leadloop.capture.services import PortalIn, quarantine, receive, save_portal
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user
from leadloop.platform.services import create_token
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
PASTED = "0123456789abcdef-of-the-app"
BODY = orjson.dumps({"data": {"who": "Ana Ruiz", "contact": [{"addr": "ana@ruiz.example"}], "seats": 40}}).decode()


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


def set_up(cast: Cast, kind: PortalKind, **changes: Any) -> Any:
    given = {"owner_id": cast.user["tomas"], "interest_id": cast.interest["general"]}
    wanted = PortalIn(key="ads", name="Spring ads", kind=kind, **{**given, **changes})
    save_portal(portal=wanted, actor=by_user(cast.user["tomas"]), now=MONDAY)
    return portal_by_key("ads")


def page(cast: Cast, portal: Any, name: str = "tomas", path: str = "") -> str:
    return as_user(cast, name).get(f"/portals/{portal.id}{path}").content.decode()


@pytest.mark.parametrize("kind", [PortalKind.META, PortalKind.TYPEFORM, PortalKind.WEBHOOK])
def test_a_new_portal_says_what_is_pasted_where_until_it_is_connected(cast: Cast, kind: PortalKind) -> None:
    shown = page(cast, set_up(cast, kind))
    assert "Not connected yet" in shown
    assert "/api/capture/ads" in shown
    assert "below" in shown
    assert ("Verification token" in shown) is (kind is PortalKind.META)
    assert ("How it shows who it is" in shown) is (kind is PortalKind.WEBHOOK)


def test_a_pasted_secret_is_kept_and_never_shown(cast: Cast) -> None:
    portal = set_up(cast, PortalKind.META)
    client = as_user(cast, "tomas")
    pasted = {"secret-secret": f" {PASTED} ", "secret-access_token": ""}
    assert client.post(f"/portals/{portal.id}/secrets", pasted).status_code == 302
    assert hook(portal.id).held == {"secret"}
    shown = page(cast, portal)
    assert "is set; paste another one" in shown
    assert PASTED not in shown
    wrong = client.post(f"/portals/{portal.id}/secrets", {"secret-secret": "short"})
    assert wrong.status_code == 422
    assert "Paste it whole" in wrong.content.decode()
    assert "short" not in wrong.content.decode().split("Paste it whole")[0].split("<main")[1]


def test_a_secret_is_made_after_asking_and_shown_once(cast: Cast) -> None:
    portal = set_up(cast, PortalKind.META)
    client, address = as_user(cast, "tomas"), f"/portals/{portal.id}/secrets/verify_token"
    assert "<dialog" in client.get(address).content.decode()
    made = client.post(address).content.decode()
    assert "Verification token, shown this once" in made
    plain = made.split('aria-label="Verification token">')[1].split("<")[0]
    assert plain.startswith("llw_")
    assert plain not in page(cast, portal)
    assert client.post(f"/portals/{portal.id}/secrets/nonsense").status_code == 422


def test_who_may_only_look_sees_that_it_is_connected_and_no_more(cast: Cast) -> None:
    portal = set_up(cast, PortalKind.META)
    shown = page(cast, portal, "grace")
    assert "Not set" in shown
    assert "/secrets" not in shown
    assert "/counts" not in shown
    for path in ("secrets", "secrets/secret", "scheme", "mapping", "mapping/preview", "counts"):
        assert as_user(cast, "grace").post(f"/portals/{portal.id}/{path}").status_code == 403


def test_a_general_webhook_says_how_it_shows_who_it_is(cast: Cast) -> None:
    portal = set_up(cast, PortalKind.WEBHOOK)
    client, address = as_user(cast, "tomas"), f"/portals/{portal.id}/scheme"
    given = {"proof": "hmac_sha1", "header": "X-Acme", "before": "sha1=", "encoding": "base64", "event_path": "$.id"}
    assert client.post(address, given).status_code == 302
    wanted = HookScheme(proof=Proof.HMAC_SHA1, header="x-acme", prefix="sha1=", encoding="base64", event_path="$.id")
    assert hook(portal.id).scheme == wanted
    assert 'value="x-acme"' in page(cast, portal)
    wrong = client.post(address, given | {"event_path": "$..id"})
    assert wrong.status_code == 422
    assert "Leave it empty to tell deliveries apart" in wrong.content.decode()
    meta = client.post(f"/portals/{portal.id}/scheme", given | {"header": "no header"})
    assert meta.status_code == 422


def test_a_pasted_delivery_shows_how_it_is_read_and_the_mapping_is_saved(cast: Cast) -> None:
    portal = set_up(cast, PortalKind.WEBHOOK)
    client, address = as_user(cast, "tomas"), f"/portals/{portal.id}/mapping"
    first = client.post(address, {"sample": BODY, "do": "look"}).content.decode()
    assert "$.data.contact[0].addr" in first
    assert "Ana Ruiz" in first
    chosen = {
        "sample": BODY,
        "key-0": "$.data.who",
        "field-0": "full_name",
        "key-1": "$.data.seats",
        "field-1": "need",
    }
    tried = client.post(f"{address}/preview", chosen).content.decode()
    assert "<dt>Full name</dt><dd>Ana Ruiz</dd>" in tried
    assert "<dt>Need</dt><dd>40</dd>" in tried
    assert "<html" not in tried
    assert portal_by_key("ads").mapping == ()
    assert client.post(address, chosen | {"do": "save"}).status_code == 302
    assert portal_by_key("ads").mapping == (("$.data.seats", "need"), ("$.data.who", "full_name"))
    assert portal_by_key("ads").name == "Spring ads"
    wrong = client.post(address, chosen | {"field-0": "nonsense", "do": "save"})
    assert wrong.status_code == 422
    assert "There is no field" in wrong.content.decode()


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        ("{broken", "neither JSON nor a form"),
        ('{"a":' * 40 + "1" + "}" * 40, "nested too deeply"),
        ("{}", "Nothing of it"),
    ],
)
def test_a_sample_that_cannot_be_read_says_so(cast: Cast, sample: str, said: str) -> None:
    portal = set_up(cast, PortalKind.SERVER)
    shown = as_user(cast, "tomas").post(f"/portals/{portal.id}/mapping", {"sample": sample}).content.decode()
    assert said in shown


def test_markup_in_a_sample_is_text(cast: Cast) -> None:
    portal = set_up(cast, PortalKind.SERVER)
    sample = orjson.dumps({"<script>alert(1)</script>": "<img src=x onerror=alert(1)>", "name": "<b>Eve</b>"}).decode()
    shown = as_user(cast, "tomas").post(f"/portals/{portal.id}/mapping", {"sample": sample}).content.decode()
    assert "<img src=x" not in shown
    assert "<script>alert" not in shown
    assert "&lt;b&gt;Eve" in shown


def test_the_page_says_how_the_portal_fares(cast: Cast) -> None:
    portal = set_up(cast, PortalKind.TYPEFORM)
    held = receive(portal=portal, body=b"", now=MONDAY)
    quarantine(unreadable=[Unreadable(held, "empty", "Empty.")], actor=by_user(1), now=MONDAY)
    shown = page(cast, portal)
    assert "<dt>Today</dt><dd>1</dd>" in shown
    assert f'<a href="/quarantine?portal={portal.id}">Empty 1</a>' in shown
    assert "<dt>Turned away today</dt><dd>nothing</dd>" in shown


def test_counts_are_compared_and_a_gap_shows_here_and_on_the_system_page(cast: Cast) -> None:
    portal = set_up(cast, PortalKind.TYPEFORM)
    client, address = as_user(cast, "tomas"), f"/portals/{portal.id}/counts"
    day = (MONDAY - timedelta(days=3)).date()
    receive(portal=portal, body=b"{}", now=MONDAY - timedelta(days=3))
    answer = client.post(
        address, {"day": "", "count": "", "lines": f"Day;Leads\n{day};3\n{day - timedelta(days=1)}\t0"}
    )
    assert answer["Location"] == f"/portals/{portal.id}#counts"
    shown = page(cast, portal)
    assert "2 inquiries that were sent did not come in." in shown
    system = as_user(cast, "ada").get("/system").content.decode()
    assert "Counted and not come" in system
    assert "2 missing" in system
    client.post(address, {"day": str(day), "count": "1", "lines": ""})
    assert "did not come in" not in page(cast, portal)
    assert "Counted and not come" not in as_user(cast, "ada").get("/system").content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"day": "2026-02-02"}, "Give a day and its number"),
        ({"lines": "2026-02-01,1\nnonsense"}, "Line 2 can’t be read"),
        ({"day": "2036-02-02", "count": "1"}, "Give days of the last year"),
    ],
)
def test_counts_that_cannot_be_are_said_at_their_field(cast: Cast, given: dict[str, str], said: str) -> None:
    portal = set_up(cast, PortalKind.TYPEFORM)
    answer = as_user(cast, "tomas").post(f"/portals/{portal.id}/counts", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_programs_report_counts_with_a_token_of_that_scope(cast: Cast, client: Any) -> None:
    set_up(cast, PortalKind.TYPEFORM)
    made = {"user_id": cast.user["tomas"], "name": "Reports", "actor": by_user(cast.user["tomas"]), "now": MONDAY}
    _, right = create_token(scopes=["portals:edit"], **made)
    _, other = create_token(scopes=["programmes:see"], **made)
    day = str((MONDAY - timedelta(days=3)).date())

    def report(body: Any, token: str, key: str = "ads") -> Any:
        headers = {"authorization": f"Bearer {token}"}
        return client.post(f"/api/v1/portals/{key}/counts", body, content_type="application/json", headers=headers)

    answer = report({"counts": [{"day": day, "count": 4}]}, right)
    assert (answer.status_code, answer.json()) == (200, [{"day": day, "said": 4, "came": 0, "missing": 4}])
    assert report({"counts": [{"day": day, "count": 4}]}, other).status_code == 403
    assert report({"counts": [{"day": day, "count": 4}]}, right, "nowhere").status_code == 404
    assert report({"counts": [{"day": day, "count": -1}]}, right).json()["field"] == "counts.0.count"
    assert report({"counts": [{"day": "2036-01-01", "count": 1}]}, right).json()["field"] == "day"
