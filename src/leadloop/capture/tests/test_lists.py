"""Block and allow lists: what they catch, what they let in, and that asking them costs the intake nothing."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture import services
from leadloop.capture.contracts import Code, Parsed, PortalKind, PortalRow, Unreadable
from leadloop.capture.lists.contracts import Kind, NewEntry
from leadloop.capture.lists.forms import entries, told
from leadloop.capture.lists.keeping import add_entries, remove_entries
from leadloop.capture.lists.matching import compiled, lists_of
from leadloop.capture.lists.queries import entries as listed
from leadloop.capture.lists.queries import entry_count, hits
from leadloop.capture.queries import portal
from leadloop.capture.tests.conftest import NOW
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import Lane, by_system
from leadloop.ledger.sql import fetch
from leadloop.people import services as people
from leadloop.people.contracts import ContactValue, NewPerson

ME = by_system("test")
PERSON = {"email": "ann@berg.example", "message": "Please call me", "_elapsed": "30"}


def put(lines: str, **more: Any) -> int:
    return add_entries(entries(lines, **{"kind": None, "reason": "Spam", **more}), actor=ME, now=NOW)


def come(where: PortalRow, *bodies: dict[str, Any], **context: str) -> list[Parsed | Unreadable]:
    """Deliveries are read as intake reads them, by who knows the portal as it is now."""
    fresh = portal(where.key)
    for body in bodies:
        services.receive(portal=fresh, body=orjson.dumps({**PERSON, **body}), context=context, now=NOW)
    claimed = services.claim(lane=Lane.LIVE, limit=1000, now=NOW)
    parsed, unreadable = services.read(claimed=claimed, now=NOW)
    services.quarantine(unreadable=unreadable, actor=ME, now=NOW)
    done([one.ref for one in parsed])
    return [*parsed, *unreadable]


def done(ids: list[int]) -> None:
    """They don't wait any more."""
    fetch("update capture_submission set state = 'other', settled_at = now() where id = any(%s) returning id", [ids])


@pytest.fixture
def web(db: None, save: Any) -> PortalRow:
    return save("web", kind=PortalKind.BROWSER)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("lines", "body", "context"),
    [
        ("Ann@Berg.example", {}, {}),
        ("berg.example", {"email": "ann@mail.berg.example"}, {}),
        ("@berg.example", {}, {}),
        ("b\u00fccher.example", {"email": "a@xn--bcher-kva.example"}, {}),
        ("192.0.2.0/24", {}, {"address": "192.0.2.77"}),
        ("192.0.2.77", {}, {"address": "192.0.2.77"}),
        ("2001:db8::/32", {}, {"address": "2001:db8:1::9"}),
        ("cheap backlinks", {"message": "We sell CHEAP   Backlinks!"}, {}),
        ("casino*", {"message": "Best casinos in town"}, {}),
        ("viagra", {"company": "Viagra Ltd"}, {}),
    ],
)
def test_what_is_listed_is_held_with_its_reason_and_counted(
    web: PortalRow, lines: str, body: dict[str, str], context: dict[str, str]
) -> None:
    assert put(lines) == 1
    (found,) = come(web, body, **context)
    assert isinstance(found, Unreadable)
    (row,) = listed(allows=False)
    assert (found.code, found.caught_by, row.hits, row.reason) == (Code.BLOCKED, row.id, 1, "Spam")
    (hit,) = hits(row.id)
    assert (hit.submission_id, hit.held, hit.state) == (found.submission_id, True, "quarantined")
    assert "berg" not in found.text


@pytest.mark.parametrize(
    ("lines", "body", "context"),
    [
        ("berg.example", {"email": "ann@heidelberg.example"}, {}),
        ("192.0.2.0/24", {}, {"address": "192.0.3.1"}),
        ("192.0.2.0/24", {}, {"address": "2001:db8::1"}),
        ("192.0.2.0/24", {}, {"address": "unknown"}),
        ("casino", {"message": "Occasinonal"}, {}),
        ("a.b c", {"message": "aXb c"}, {}),
    ],
)
def test_what_only_looks_like_it_comes_in(
    web: PortalRow, lines: str, body: dict[str, str], context: dict[str, str]
) -> None:
    put(lines)
    (found,) = come(web, body, **context)
    assert isinstance(found, Parsed)
    assert found.flagged_by is None


def test_who_is_allowed_is_never_blocked(web: PortalRow) -> None:
    put("berg.example\nmailinator.com\n192.0.2.0/24\nplease call")
    put("ann@berg.example\nmailinator.com", allows=True)
    found = come(web, {}, {"email": "x@mailinator.com"}, {"email": "bo@berg.example"}, address="192.0.2.1")
    assert [isinstance(one, Parsed) for one in found] == [True, True, False]


def test_a_list_of_one_portal_holds_for_that_one(web: PortalRow, save: Any) -> None:
    other = save("other", kind=PortalKind.BROWSER)
    put("berg.example", portal_id=other.id)
    assert isinstance(come(web, {})[0], Parsed)
    assert isinstance(come(other, {})[0], Unreadable)
    assert entry_count(allows=False, portal_id=other.id) == 1


def test_a_portal_made_later_knows_the_lists_of_the_company(web: PortalRow, save: Any) -> None:
    put("berg.example")
    assert isinstance(come(save("later", kind=PortalKind.SERVER), {})[0], Unreadable)


def test_what_our_own_people_bring_is_flagged_and_comes_in(web: PortalRow, fair: PortalRow) -> None:
    put("berg.example")
    (found,) = come(fair, {})
    assert isinstance(found, Parsed)
    (row,) = listed(allows=False)
    assert found.flagged_by == row.id


def test_released_by_hand_it_comes_in(web: PortalRow) -> None:
    put("berg.example")
    (found,) = come(web, {})
    assert isinstance(found, Unreadable)
    services.replay(ids=[found.submission_id], actor=ME, now=NOW)
    (again,) = come(web)
    assert isinstance(again, Parsed)
    assert listed(allows=False)[0].hits == 1


def test_taken_off_it_catches_nobody_and_its_past_stays(web: PortalRow) -> None:
    put("berg.example")
    come(web, {})
    (row,) = listed(allows=False)
    assert remove_entries([row.id, row.id], actor=ME, now=NOW) == 1
    assert remove_entries([row.id], actor=ME, now=NOW) == 0
    assert isinstance(come(web, {})[0], Parsed)
    assert listed(allows=False) == []
    assert len(hits(row.id)) == 1
    assert put("berg.example") == 1


def test_a_pasted_list_is_taken_whole_or_not_at_all_and_once(web: PortalRow) -> None:
    pasted = "# bad ones\nberg.example\n\nann@berg.example\n10.0.0.0/8\nfree money*\n"
    assert put(pasted) == 4
    assert put(f"{pasted}more.example") == 1
    with pytest.raises(Invalid, match="line 2"):
        put("192.0.2.0/24\n10.0.0.0/4", kind=Kind.NETWORK)
    assert entry_count(allows=False) == 5
    kinds = {row.value: row.kind for row in listed(allows=False)}
    assert kinds["free money*"] is Kind.WORDS
    assert fetch("select sum((payload ->> 'added')::int) from ledger_event where kind = 'list.changed'") == [(5,)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [("a@b", Kind.ADDRESS), ("x y", Kind.WORDS), ("*.com", Kind.DOMAIN), ("1.2.3.4", Kind.NETWORK), ("::1", "network")],
)
def test_a_line_tells_what_it_is(line: str, kind: Kind) -> None:
    assert told(line) == kind


@pytest.mark.parametrize("lines", ["ab", "a*b*c*d", "x" * 101])
def test_words_stay_within_bounds(lines: str) -> None:
    with pytest.raises(Invalid):
        entries(lines, kind=Kind.WORDS, reason="Spam")


@pytest.mark.parametrize(("lines", "reason"), [("", "Spam"), ("a.example", " ")])
def test_a_list_says_what_and_why(lines: str, reason: str) -> None:
    with pytest.raises(Invalid):
        entries(lines, kind=None, reason=reason)


WORDS = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=60)


@given(WORDS, WORDS)
def test_whatever_words_say_they_are_found_in_themselves_and_never_break(words: str, text: str) -> None:
    try:
        (entry,) = entries(words, kind=Kind.WORDS, reason="Spam")
    except Invalid:
        return
    side, _ = compiled([(1, False, "words", entry.value)])
    side.find(None, "", [text])
    plain = entry.value.replace("*", "")
    if plain == entry.value and plain[0].isalnum() and plain[-1].isalnum():
        assert side.find(None, "", [f"so {words} it is"])


def test_no_words_make_the_search_slow() -> None:
    side, _ = compiled([(1, False, "words", "a*a*b")])
    started = time.process_time()
    assert side.find(None, "", ["a" * 20_000]) is None
    assert time.process_time() - started < 10  # unbounded, it would take hours


def test_a_batch_asks_nothing_for_its_lists_once_they_are_known(web: PortalRow) -> None:
    def asked(count: int) -> int:
        fresh = portal("web")
        for _ in range(count):
            services.receive(portal=fresh, body=orjson.dumps(PERSON), now=NOW)
        with CaptureQueriesContext(connection) as made:
            parsed, _ = services.read(claimed=services.claim(lane=Lane.LIVE, limit=1000, now=NOW), now=NOW)
        done([one.ref for one in parsed])
        return len(made)

    without = asked(1)
    put("other.example")
    assert asked(1) == without + 1  # read anew, as it has changed
    assert (asked(1), asked(200)) == (without, without)


def test_lists_of_a_transaction_that_was_rolled_back_catch_nobody(web: PortalRow) -> None:
    shared = compiled([])
    assert lists_of(shared, {}, 1).caught("ann@berg.example", "", ()) is None
    new = NewEntry(kind=Kind.DOMAIN, value="berg.example", reason="Spam")
    before = portal("web").listed
    add_entries([new], actor=ME, now=NOW + timedelta(days=1))
    assert portal("web").listed not in (0, before)


def test_an_entry_goes_with_the_erasure_of_whom_it_names(web: PortalRow) -> None:
    put("Ann@Berg.example\nbo@berg.example")
    new = NewPerson(ref=1, given="Ann", emails=(ContactValue("ann@berg.example", "ann@berg.example"),))
    people.forget(person_id=people.remember([new], actor=ME, now=NOW)[1], actor=ME, now=NOW)
    assert fetch("select count(*) from capture_listentry where value like 'ann%%' or reason = 'erased'") == [(1,)]
    assert [row.value for row in listed(allows=False)] == ["bo@berg.example"]
    assert isinstance(come(web, {})[0], Parsed)
    assert isinstance(come(web, {"email": "bo@berg.example"})[0], Unreadable)
