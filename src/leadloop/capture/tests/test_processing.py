"""Claiming, reading and settling: sets of deliveries in a constant number of statements."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leadloop.capture import inbox, queries, services
from leadloop.capture.contracts import Claimed, Delivery, Settled, Unreadable
from leadloop.capture.models import Inquiry, Submission
from leadloop.capture.services import processing
from leadloop.capture.tests.conftest import NOW
from leadloop.catalogue.models import Family
from leadloop.kernel.errors import Conflict, NotFound
from leadloop.ledger.contracts import Lane, by_system
from leadloop.ledger.models import Event
from leadloop.ledger.sql import run
from leadloop.platform import queries as platform
from leadloop.programmes import services as programmes
from leadloop.programmes.contracts import Rule

INTAKE = by_system("intake")


def deliver(portal: Any, *bodies: Any, lane: Lane = Lane.LIVE) -> list[int]:
    raw = [one if isinstance(one, bytes) else orjson.dumps(one) for one in bodies]
    made = [
        Delivery(portal_id=portal.id, key=services.delivery_key(""), body=body, content_type="application/json")
        for body in raw
    ]
    return [one.submission_id for one in inbox.store(made, lane=lane, received_at=NOW)]


def claim(limit: int = 1000, lane: Lane = Lane.LIVE, by: int = 1) -> list[Claimed]:
    return services.claim(lane=lane, limit=limit, now=NOW, by=by)


def hand(number: int) -> dict[str, str]:
    email = f"ann{number}@berg.example"
    return {"name": f"Ann Berg{number}", "email": email, "company": "Berg", "utm_source": "google"}


def settle_all(outcome: str = "new") -> int:
    with transaction.atomic():
        parsed, unreadable = services.read(claim(), now=NOW)
        pairs = [(one, Settled(one.ref, 900, 800 + n, outcome, 700, None)) for n, one in enumerate(parsed)]
        services.settle(pairs, actor=INTAKE, now=NOW)
        services.quarantine(unreadable, actor=INTAKE, now=NOW)
    return len(parsed)


def test_the_oldest_wait_first_and_lanes_are_apart(db: None, save: Any) -> None:
    portal = save()
    ids = deliver(portal, hand(1), hand(2), hand(3))
    bulk = deliver(portal, hand(4), lane=Lane.BULK)
    assert [one.submission_id for one in claim(2)] == ids[:2]
    assert [one.submission_id for one in claim(10, Lane.BULK)] == bulk
    first = claim(1)[0]
    assert (first.portal.key, first.received_at, orjson.loads(first.body)) == ("web", NOW, hand(1))


def test_two_processes_never_claim_the_same(fresh_db: str, save: Any) -> None:
    ids = deliver(save(), *map(hand, range(10)))
    taken: list[int] = []

    def other() -> None:
        with transaction.atomic():
            taken.extend(one.submission_id for one in claim(10))
        connection.close()

    with transaction.atomic():
        mine = [one.submission_id for one in claim(4)]
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert mine == ids[:4]
    assert taken == ids[4:]


def test_towards_the_end_of_an_import_each_takes_its_share(
    fresh_db: str, save: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another works on is not counted: it is nobody's share any more."""
    monkeypatch.setattr(processing, "_LEAST", 3)
    ids = deliver(save(), *map(hand, range(26)), lane=Lane.BULK)
    taken: list[int] = []

    def other() -> None:
        for size in (8, 4, 3, 1, 0):  # 16 are left, then 8, 4 and 1
            with transaction.atomic():
                share = [one.submission_id for one in claim(10, Lane.BULK, by=2)]
                run(
                    "update capture_submission set state = 'joined', settled_at = now() where id = any(%s::bigint[])",
                    [share],
                )
            assert len(share) == size
            taken.extend(share)
        connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as thread:
        mine = [one.submission_id for one in claim(10, Lane.BULK, by=2)]
        thread.submit(other).result()
    assert (mine, taken) == (ids[:10], ids[10:])


def test_an_import_is_taken_in_its_order_by_several_too(fresh_db: str, save: Any) -> None:
    """Whoever asked twice is opened by the first row and joined by the second, wherever these stand in the file."""
    ids = deliver(save(), *map(hand, range(20)), lane=Lane.BULK)
    taken: list[list[int]] = []

    def other() -> None:
        with transaction.atomic():
            taken.append([one.submission_id for one in claim(6, Lane.BULK)])
        connection.close()

    with transaction.atomic():
        mine = [one.submission_id for one in claim(4, Lane.BULK)]
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert (mine, taken) == (ids[:4], [ids[4:10]])


def test_what_others_work_on_nearby_is_known(fresh_db: str, save: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "_REACH", 2)
    ids = deliver(save(), *map(hand, range(12)), lane=Lane.BULK)
    seen: list[list[int]] = []

    def other(limit: int) -> None:
        with transaction.atomic():
            mine = claim(limit, Lane.BULK)
            seen.append([one.submission_id for one in services.beside(mine, lane=Lane.BULK)])
        connection.close()

    def beside(limit: int) -> list[int]:
        thread = threading.Thread(target=other, args=[limit])
        thread.start()
        thread.join()
        return seen[-1]

    assert beside(5) == []
    with transaction.atomic():
        held = [one.submission_id for one in claim(8, Lane.BULK)]
        assert held == ids[:8]
        assert beside(3) == ids[6:8]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select from capture_submission where id = any(%s) for update", [ids[1:7]])
        assert beside(4) == [*ids[1:3], *ids[5:7]]  # of ids 0, 7, 8, 9


def test_settling_writes_the_inquiry_the_state_and_the_fact(db: None, save: Any, cast: Any) -> None:
    portal = save("web", programme_id=cast.programme["spring"])
    ref = deliver(portal, hand(1) | {"message": "Hello", "budget": "5k", "id": "X1"})[0]
    settle_all("joined")
    submission = Submission.objects.get(id=ref)
    assert (submission.state, submission.settled_at, submission.reason_code) == ("joined", NOW, "")
    row = queries.inquiry(ref)
    assert row is not None
    assert (row.person_id, row.lead_id, row.outcome) == (900, 800, "joined")
    assert (row.message, row.external_id) == ("Hello", "X1")
    assert (row.answers, row.touch) == ({"budget": "5k"}, {"utm_source": "google"})
    assert (row.programme_id, row.source_id, row.interest_id) == (
        cast.programme["spring"], cast.source["web"], cast.interest["general"],
    )  # fmt: skip
    fact = Event.objects.get(kind="inquiry.received")
    assert (fact.person_id, fact.company_id, fact.lead_id, fact.programme_id, fact.happened_at) == (
        900, 700, 800, cast.programme["spring"], NOW,
    )  # fmt: skip
    assert fact.payload["inquiry_id"] == ref
    assert (fact.payload["outcome"], fact.payload["acknowledge"], fact.payload["historic"]) == ("joined", True, False)
    assert "ann" not in orjson.dumps(fact.payload).decode()
    assert queries.inquiries([800]) == [row] == queries.inquiries(person_ids=[900])


def test_an_inquiry_that_is_not_about_buying_goes_to_its_place(db: None, save: Any, cast: Any) -> None:
    deliver(save("help", inquiry_kind="support"), hand(1))
    parsed, _ = services.read(claim(), now=NOW)
    place = cast.user["viktor"]
    settled = Settled(parsed[0].ref, 900, None, "other", None, place)
    services.settle([(parsed[0], settled)], actor=INTAKE, now=NOW)
    assert [row.kind for row in queries.in_places([place])] == ["support"]


def test_what_was_settled_cannot_be_settled_again(db: None, save: Any) -> None:
    deliver(save(), hand(1))
    parsed, _ = services.read(claim(), now=NOW)
    pairs = [(parsed[0], Settled(parsed[0].ref, 900, 800, "new"))]
    services.settle(pairs, actor=INTAKE, now=NOW)
    with pytest.raises(Conflict):
        services.settle(pairs, actor=INTAKE, now=NOW)
    assert Inquiry.objects.count() == 1


def test_campaign_codes_lead_to_source_and_programme(db: None, save: Any, cast: Any) -> None:
    rule = Rule(1, utm_source="google", source_id=cast.source["google"], programme_id=cast.programme["ads"])
    programmes.set_utm_rules(rules=[rule], actor=INTAKE, now=NOW)
    deliver(save(), hand(1), {"email": "b@berg.example"}, hand(2) | {"source": "Referral", "interest": "Pumps"})
    parsed, _ = services.read(claim(), now=NOW)
    assert [one.source_id for one in parsed] == [cast.source["google"], cast.source["web"], cast.source["referral"]]
    assert [one.programme_id for one in parsed] == [cast.programme["ads"], None, cast.programme["ads"]]
    assert parsed[2].interest_id == cast.interest["pumps"]


def test_an_interest_that_is_no_longer_offered_is_not_taken(db: None, save: Any, cast: Any) -> None:
    Family.objects.filter(key="pumps").update(is_active=False)
    deliver(save(), {"email": "b@berg.example", "interest": "pumps"})
    parsed, _ = services.read(claim(), now=NOW)
    assert parsed[0].interest_id == cast.interest["general"]


@pytest.mark.parametrize("size", [1, 300])
def test_the_number_of_statements_does_not_depend_on_the_batch(db: None, save: Any, size: int) -> None:
    everything = {"interest": "Pumps", "source": "Trade show", "asset": "guide"}
    portal = save()
    deliver(portal, *[hand(n) | everything for n in range(size)], *[b"?"] * size)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        claimed_ = claim(2 * size)
    assert len(counted) == 3  # the company's country, portals, deliveries
    with CaptureQueriesContext(connection) as counted:
        parsed, unreadable = services.read(claimed_, now=NOW)
    assert len(counted) == 4  # interests, sources, content, campaign rules
    assert (len(parsed), len(unreadable)) == (size, size)
    with CaptureQueriesContext(connection) as counted:
        services.settle([(one, Settled(one.ref, 1, one.ref, "new")) for one in parsed], actor=INTAKE, now=NOW)
    assert len([q for q in counted if "SAVEPOINT" not in q["sql"]]) == 3
    with CaptureQueriesContext(connection) as counted:
        services.quarantine(unreadable, actor=INTAKE, now=NOW)
    assert len([q for q in counted if "SAVEPOINT" not in q["sql"]]) == 2
    with CaptureQueriesContext(connection) as counted:
        services.replay([one.submission_id for one in unreadable], actor=INTAKE, now=NOW)
    assert len([q for q in counted if "SAVEPOINT" not in q["sql"]]) == 2


def test_nothing_to_do_costs_nothing(db: None, save: Any) -> None:
    save()
    assert claim() == []
    with CaptureQueriesContext(connection) as counted:
        assert services.read([], now=NOW) == ([], [])
        services.settle([], actor=INTAKE, now=NOW)
        assert services.quarantine([], actor=INTAKE, now=NOW) == []
    assert len([q for q in counted if "SAVEPOINT" not in q["sql"]]) == 0


def test_quarantine_keeps_the_original_and_replay_completes_it(db: None, save: Any, cast: Any) -> None:
    body = b'{"name": "Ann Berg", "mesage": "call me"}'
    ref = deliver(save(), body)[0]
    assert settle_all() == 0
    submission = Submission.objects.get(id=ref)
    assert (submission.state, submission.reason_code, submission.settled_at) == ("quarantined", "no_contact", NOW)
    assert submission.reason_text.startswith("There is no e-mail address")
    fact = Event.objects.get(kind="inquiry.quarantined")
    assert (fact.reason, fact.payload["inquiry_id"]) == ("no_contact", ref)

    replayed = services.replay([ref], corrected={ref: {"email": "ann@berg.example"}}, actor=INTAKE, now=NOW)
    assert replayed == [ref]
    assert services.replay([ref], actor=INTAKE, now=NOW) == []
    assert settle_all() == 1
    submission.refresh_from_db()
    assert (bytes(submission.body), submission.corrected, submission.attempts, submission.state) == (
        body, {"email": "ann@berg.example"}, 1, "new",
    )  # fmt: skip
    assert Event.objects.get(kind="inquiry.replayed").payload["corrected"] is True


def test_a_correction_with_a_nul_is_kept_without_it(db: None, save: Any) -> None:
    ref = deliver(save(), b"?")[0]
    settle_all()
    services.replay([ref], corrected={ref: {"email": "ann@berg.example", "x": "a\x00b"}}, actor=INTAKE, now=NOW)
    assert Submission.objects.get(id=ref).corrected == {"email": "ann@berg.example", "x": "ab"}


def test_receiving_without_a_server_works_the_same(db: None, save: Any) -> None:
    portal = save()
    first = services.receive(portal=portal, body=b"{}", now=NOW, idempotency_key="k", context={"address": "1.2.3.4"})
    assert services.receive(portal=portal, body=b"{}", now=NOW, idempotency_key="k") == first
    assert services.receive(portal=portal, body=b"{}", now=NOW) != services.receive(portal=portal, body=b"{}", now=NOW)
    with pytest.raises(Conflict, match="another body"):
        services.receive(portal=portal, body=b"[]", now=NOW, idempotency_key="k")
    with pytest.raises(Conflict, match="closed"):
        services.receive(portal=save("old", is_on=False), body=b"{}", now=NOW)


def test_the_sums_of_a_day_come_out_in_the_companys_zone(db: None, save: Any) -> None:
    portal, other = save(), save("other")
    deliver(portal, hand(1), hand(2), b"?")
    settle_all()
    deliver(other, hand(3))
    settle_all("other")
    deliver(portal, hand(4), hand(5))
    late = NOW.replace(hour=23, minute=30)  # 00:30 on the next day in Berlin
    Submission.objects.filter(id=deliver(portal, hand(6))[0]).update(received_at=late)
    rows = queries.balance(first=NOW.date(), last=NOW.date())
    assert [(r.portal_id, r.received, r.new, r.joined, r.other, r.quarantined, r.waiting) for r in rows] == [
        (portal.id, 5, 2, 0, 0, 1, 2), (other.id, 1, 0, 0, 1, 0, 0),
    ]  # fmt: skip
    assert all(r.received == r.new + r.joined + r.other + r.quarantined + r.waiting for r in rows)
    assert queries.waiting() == 3


def test_the_quarantine_is_listed_for_whom_it_concerns(db: None, save: Any, cast: Any) -> None:
    mine, theirs = save("mine"), save("theirs", owner_id=cast.user["paul"])
    ids = deliver(mine, b"?", b"{}") + deliver(theirs, b"\xff")
    settle_all()
    ines, sam = viewer(cast, "ines"), viewer(cast, "sam")
    assert [row.id for row in queries.quarantined(viewer=ines)] == ids[::-1]
    assert [row.id for row in queries.quarantined(viewer=ines, portal_id=mine.id, limit=1)] == [ids[1]]
    assert [row.id for row in queries.quarantined(viewer=ines, code="unreadable", before=ids[2])] == [ids[0]]
    assert queries.quarantined(viewer=sam) == []
    assert queries.delivery(ids[2]).body == "\ufffd"
    with pytest.raises(NotFound):
        queries.delivery(10**9)


def viewer(cast: Any, name: str) -> Any:
    return platform.viewer(cast.user[name])


def test_a_foreign_reason_is_kept_short_and_on_one_line(db: None, save: Any) -> None:
    ref = deliver(save(), hand(1))[0]
    services.quarantine([Unreadable(ref, "", "a\nb" * 500)], actor=INTAKE, now=NOW)
    kept = Submission.objects.get(id=ref)
    assert kept.reason_code == "unknown"
    assert 400 < len(kept.reason_text) <= 500
    assert "\n" not in kept.reason_text
