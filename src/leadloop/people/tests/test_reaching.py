"""Consent, suppression, and what they mean for reaching somebody."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.people.contracts import Channel, ConsentWord, Reach, Suppress
from leadloop.people.queries import consents, contact_points, erased, reachable, suppressed
from leadloop.people.services import forget, give_consent, remember, suppress, withdraw_consent
from leadloop.people.tests.world import ME, NOW, facts, known, told


def reach(person_id: int, purpose: str = "marketing", channel: str = "email") -> Reach:
    return reachable([person_id], channel, purpose)[person_id]


def say_no(norm: str, purpose: str = "", reason: str = "unsubscribed", channel: Channel = Channel.EMAIL) -> int:
    return suppress([Suppress(channel=channel, norm=norm, purpose=purpose, reason=reason)], actor=ME, now=NOW)


def word(person_id: int, wording: str = "Yes, write to me", **more: object) -> ConsentWord:
    return ConsentWord(person_id=person_id, channel=Channel.EMAIL, purpose="marketing", wording=wording, **more)


def test_the_latest_word_rules(db: None) -> None:
    anna = known("Anna", emails=("anna@x.com",))
    assert reach(anna).consent == ""
    give_consent([word(anna)], actor=ME, now=NOW)
    assert (reach(anna).consent, reach(anna, "newsletter").consent) == ("given", "")
    withdraw_consent([word(anna)], actor=ME, now=NOW + timedelta(hours=1))
    assert reach(anna).consent == "withdrawn"
    assert [(c.state, c.at) for c in consents([anna])[anna]] == [("withdrawn", NOW + timedelta(hours=1))]


def test_a_word_that_arrives_late_does_not_overrule_a_newer_one(db: None) -> None:
    anna = known("Anna")
    withdraw_consent([word(anna)], actor=ME, now=NOW)
    give_consent([word(anna, at=NOW - timedelta(days=30))], actor=ME, now=NOW + timedelta(hours=1))
    assert reach(anna).consent == "withdrawn"


def test_the_same_word_is_kept_once_other_wording_again(db: None) -> None:
    anna = known("Anna")
    assert [give_consent([word(anna), word(anna)], actor=ME, now=NOW) for _ in range(2)] == [1, 0]
    assert give_consent([word(anna, "Yes, and call me")], actor=ME, now=NOW) == 1
    assert [withdraw_consent([word(anna, why)], actor=ME, now=NOW) for why in ("a", "b")] == [1, 0]
    assert (len(facts("consent.given")), len(facts("consent.withdrawn"))) == (2, 1)


def test_nobody_speaks_for_the_erased_or_unknown(db: None) -> None:
    anna = known("Anna")
    forget(person_id=anna, actor=ME, now=NOW)
    assert give_consent([word(anna), word(anna + 1000)], actor=ME, now=NOW) == 0


def test_an_address_that_bars_marketing_still_gets_answers(db: None) -> None:
    anna = known("Anna", emails=("anna@x.com",))
    assert say_no("anna@x.com", "marketing") == 1
    assert (reach(anna).suppressed, reach(anna, "transactional").suppressed) == (True, False)
    assert say_no("anna@x.com") == 1
    both = reach(anna, "transactional")
    assert (both.suppressed, both.suppressed_for_all) == (True, True)
    assert say_no("anna@x.com") == 0
    assert [(who, why) for who, _, why, _ in facts("address.suppressed")] == [(anna, "unsubscribed")] * 2


def test_it_holds_for_the_same_mailbox_and_for_whoever_has_it_later(db: None) -> None:
    say_no("anna+news@x.com")
    anna = known("Anna", emails=("anna@x.com",))
    assert reach(anna).suppressed
    assert suppressed(["anna@x.com", "peter@x.com"], "email", "marketing") == {"anna@x.com"}
    assert facts("address.suppressed")[0][0] is None


def test_a_second_address_is_no_way_round_a_word(db: None) -> None:
    anna = known("Anna", emails=("anna@x.com", "anna@y.com"))
    say_no("anna@y.com", "marketing")
    assert (reach(anna).address, reach(anna).suppressed) == ("anna@x.com", True)


def test_a_bounce_says_something_of_its_address_only(db: None) -> None:
    anna = known("Anna", emails=("anna@x.com", "anna@y.com"))
    say_no("anna@x.com", reason="bounced")
    assert (reach(anna).address, reach(anna).suppressed) == ("anna@y.com", False)
    assert [p.bad_why for p in contact_points([anna])[anna]] == ["bounced", ""]


def test_a_call_is_not_a_text_message(db: None) -> None:
    anna = known("Anna", phones=("+49301",), zone="Europe/Berlin", country="DE", language="de")
    say_no("+49301", channel=Channel.CALL)
    assert [reach(anna, channel=c).suppressed for c in ("call", "sms")] == [True, False]
    assert reach(anna, channel="sms") == Reach(anna, "+49301", "+49301", "", False, False, "Europe/Berlin", "DE", "de")


def test_who_has_no_address_has_none(db: None) -> None:
    anna = known("Anna", emails=("anna@x.com",))
    assert (reach(anna, channel="letter").address, reach(anna, channel="letter").norm) == (None, "")
    assert reachable([anna + 1000], "email", "marketing") == {}


def test_an_import_can_not_bring_a_suppressed_or_erased_address_back(db: None) -> None:
    anna = known("Anna", emails=("anna@x.com",), phones=("+49301",))
    say_no("anna@x.com", reason="unsubscribed")
    forget(person_id=anna, actor=ME, now=NOW)

    again = told("Anna", emails=("anna@x.com",), phones=("+49301",))
    back = remember([again], actor=ME, now=NOW)[again.ref]

    assert all(reach(back, "transactional", channel).suppressed_for_all for channel in ("email", "call", "sms"))
    assert erased(["anna@x.com", "peter@x.com"], "email") == {"anna@x.com"}
    assert erased(["+49301"], "call") == {"+49301"}


def test_five_hundred_take_as_many_statements_as_one(db: None) -> None:
    def statements(n: int) -> int:
        ids = [known("A", emails=(f"a{i}@x{n}.com",)) for i in range(n)]
        with CaptureQueriesContext(connection) as done:
            give_consent([word(i) for i in ids], actor=ME, now=NOW)
            withdraw_consent([word(i) for i in ids], actor=ME, now=NOW)
            batch = [Suppress(channel=Channel.EMAIL, norm=f"a{i}@x{n}.com", reason="bounced") for i in range(n)]
            suppress(batch, actor=ME, now=NOW)
            reachable(ids, "email", "marketing")
        return len(done)

    assert statements(1) == statements(500)
