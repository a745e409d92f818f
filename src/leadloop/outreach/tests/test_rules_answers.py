"""What a mail server says, and what it means."""

from __future__ import annotations

import re
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.outreach.rules.answers import (
    FIRST_WAIT,
    LONGEST_WAIT,
    Outcome,
    Phase,
    Reply,
    code_of,
    understand,
    wait_before,
)
from leadloop.outreach.rules.pace import MOST, next_stride

FIXTURES = Path(__file__).parents[5] / "shared" / "data" / "bounces_flufl" / "flufl_bounce_test_data.tar.xz"


@pytest.mark.parametrize(
    ("phase", "code", "text", "outcome"),
    [
        (Phase.END, 250, "2.0.0 OK", Outcome.SENT),
        (Phase.END, 0, "", Outcome.UNKNOWN),
        (Phase.SENDER, 0, "", Outcome.LINE),
        (Phase.RECIPIENT, 0, "", Outcome.LINE),
        (Phase.TEXT, 0, "", Outcome.LINE),
        (Phase.SENDER, 530, "5.7.0 Authentication required", Outcome.LINE),
        (Phase.RECIPIENT, 421, "4.7.0 Too many messages", Outcome.LINE),
        (Phase.END, 421, "4.3.2 shutting down", Outcome.LINE),
        (Phase.RECIPIENT, 450, "4.2.0 Greylisted", Outcome.LATER),
        (Phase.RECIPIENT, 451, "try again", Outcome.LATER),
        (Phase.END, 452, "4.2.2 mailbox full", Outcome.LATER),
        (Phase.RECIPIENT, 550, "5.1.1 <a@b.example>: User unknown", Outcome.NO_MAILBOX),
        (Phase.RECIPIENT, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound", Outcome.NO_MAILBOX),
        (Phase.END, 550, "5.1.1 no such user", Outcome.NO_MAILBOX),
        (Phase.RECIPIENT, 550, "User unknown", Outcome.NO_MAILBOX),
        (Phase.RECIPIENT, 550, "unknown user <userx@example.com>", Outcome.NO_MAILBOX),
        (Phase.RECIPIENT, 550, "No such user here", Outcome.NO_MAILBOX),
        (Phase.RECIPIENT, 553, "sorry, no mailbox here by that name", Outcome.NO_MAILBOX),
        (Phase.RECIPIENT, 550, "Mailbox bob@b.example does not exist", Outcome.NO_MAILBOX),
        (Phase.RECIPIENT, 550, "5.7.1 User unknown, or so we say", Outcome.POLICY),
        (Phase.RECIPIENT, 554, "5.7.1 Relay access denied", Outcome.POLICY),
        (Phase.RECIPIENT, 550, "Blocked: see spamhaus. User unknown", Outcome.POLICY),
        (Phase.END, 550, "message rejected as spam", Outcome.POLICY),
        (Phase.RECIPIENT, 550, "5.1.8 Bad sender's system address", Outcome.REJECTED),
        (Phase.RECIPIENT, 550, "5.1.7 Bad sender's mailbox", Outcome.REJECTED),
        (Phase.RECIPIENT, 552, "5.2.2 mailbox full", Outcome.REJECTED),
        (Phase.END, 552, "5.3.4 message too big", Outcome.REJECTED),
        (Phase.RECIPIENT, 550, "mailbox unavailable", Outcome.REJECTED),
        (Phase.RECIPIENT, 550, "", Outcome.REJECTED),
    ],
)
def test_an_answer_is_understood(phase: Phase, code: int, text: str, outcome: Outcome) -> None:
    assert understand(Reply(phase, code, text)) == outcome


@given(st.sampled_from(Phase), st.integers(200, 599), st.text(max_size=40))
def test_only_a_taken_text_counts_as_sent_and_only_silence_after_it_as_unknown(
    phase: Phase, code: int, text: str
) -> None:
    outcome = understand(Reply(phase, code, text))
    assert (outcome is Outcome.SENT) == (code < 300)
    assert outcome is not Outcome.UNKNOWN


@given(st.sampled_from([Phase.RECIPIENT, Phase.END]), st.text(max_size=60), st.integers(0, 20))
def test_a_refusal_by_policy_never_costs_an_address(phase: Phase, words: str, detail: int) -> None:
    assert understand(Reply(phase, 550, f"5.7.{detail} {words} user unknown")) is Outcome.POLICY


def test_codes_are_kept_and_words_are_not() -> None:
    assert code_of(Reply(Phase.RECIPIENT, 550, "5.1.1 <ana@acme.example> unknown")) == "550 5.1.1"
    assert code_of(Reply(Phase.RECIPIENT, 550, "ana@acme.example unknown")) == "550"


def test_real_diagnoses_are_told_apart() -> None:
    if not FIXTURES.exists():
        pytest.skip("the shared bounce fixtures are not beside this checkout")
    said = []
    with tarfile.open(FIXTURES) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member) if member.isfile() else None
            text = file.read().decode("latin-1") if file else ""
            said += re.findall(r"Diagnostic-Code: smtp;\s*(5\d\d)[ -](.+)", text, re.IGNORECASE)
    seen = {understand(Reply(Phase.RECIPIENT, int(code), words)) for code, words in said}
    assert Outcome.NO_MAILBOX in seen
    for code, words in said:
        outcome = understand(Reply(Phase.RECIPIENT, int(code), words))
        if "5.7." in words:
            assert outcome is Outcome.POLICY
        if "5.1.1" in words:
            assert outcome is Outcome.NO_MAILBOX


@given(st.integers(1, 40), st.floats(0, 1))
def test_waits_double_up_to_a_limit_and_are_spread(attempt: int, spread: float) -> None:
    wait = wait_before(attempt, spread)
    plain = min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)
    assert plain / 2 <= wait <= plain * 1.5
    assert wait_before(attempt, 0) < wait_before(attempt, 1)


def test_three_days_of_waiting_are_some_twenty_tries() -> None:
    total, tries = timedelta(0), 0
    while total < timedelta(hours=72):
        tries += 1
        total += wait_before(tries, 0.5)
    assert 20 <= tries <= 30


@given(st.integers(1, MOST), st.floats(0, 10))
def test_a_stride_lasts_a_fifth_of_a_second(last: int, seconds: float) -> None:
    size = next_stride(last, seconds)
    assert 1 <= size <= min(MOST, 2 * last)
    assert size == 1 or seconds < 1e-6 or size * (seconds / last) <= 0.2001
