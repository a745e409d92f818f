"""A delivery becomes a raised hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from leadloop.capture.contracts import HOLD, Claimed, Code, Parsed, PortalKind, Unreadable
from leadloop.capture.parse import UNMATCHED, Known, Matched, build, draft, touch
from leadloop.capture.tests.conftest import NOW, a_portal, claimed

KNOWN = Known(interests={"pumps": 11, "general": 5}, sources={"tradeshow": 21}, assets={"pumpguide": 31}, programmes={})


def parse(said: Any, *, matched: Matched = UNMATCHED, portal: Any = None, **changed: Any) -> Parsed | Unreadable:
    body = said if isinstance(said, bytes) else orjson.dumps(said)
    return read(claimed(body, portal, **changed), matched)


def read(one: Claimed, matched: Matched = UNMATCHED) -> Parsed | Unreadable:
    made = draft(one, None)
    return made if isinstance(made, Unreadable) else build(made, touch(made), KNOWN, matched)


def parsed(said: Any, **options: Any) -> Parsed:
    found = parse(said, **options)
    assert isinstance(found, Parsed)
    return found


def refused(said: Any, **options: Any) -> str:
    found = parse(said, **options)
    assert isinstance(found, Unreadable)
    assert found.text
    return found.code


def test_a_whole_inquiry() -> None:
    found = parsed(
        {
            "First name": "Zoë",
            "Last name": "Müller",
            "E-Mail": "Zoe.Mueller@Example.COM",
            "phone": "030 12345678",
            "mobile": "0171 2345678",
            "company": "Müller & Söhne GmbH",
            "website": "https://mueller.example",
            "industry": "Chemistry",
            "employees": "1,000+",
            "country": "Deutschland",
            "city": "Berlin",
            "job title": "Head of IT",
            "message": "Hello,\r\nwe need pumps.",
            "interest": "Pumps",
            "source": "Trade show",
            "download": "Pump guide",
            "budget": "50k",
            "timing": "this quarter",
            "id": "R-17",
            "created_at": "2026-03-01T10:00:00Z",
            "utm_source": "newsletter",
            "favourite colour": "blue",
        }
    )
    who = found.candidate
    assert (who.given, who.family, who.email, who.email_given) == (
        "Zoë", "Müller", "zoe.mueller@example.com", "Zoe.Mueller@Example.COM",
    )  # fmt: skip
    assert (who.phone, who.phone_given) == ("+493012345678", "030 12345678")
    assert (who.company_name, who.website, who.industry, who.employees) == (
        "Müller & Söhne GmbH", "https://mueller.example", "Chemistry", 1000,
    )  # fmt: skip
    assert (who.country, who.city, who.title) == ("DE", "Berlin", "Head of IT")
    assert who.attributes == {"favourite colour": "blue", "mobile": "0171 2345678"}
    assert not who.lookalike
    assert who.external == ()
    assert (found.interest_id, found.source_id, found.asset_id) == (11, 21, 31)
    assert found.message == "Hello,\nwe need pumps."
    assert found.answers == {"budget": "50k", "timing": "this quarter"}
    assert found.touch == {"utm_source": "newsletter"}
    assert found.external_id == "R-17"
    assert found.happened_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert (found.kind, found.historic, found.owner_id, found.stage, found.closed_as) == (
        "sales", False, None, None, None,
    )  # fmt: skip


def test_what_nobody_said_comes_from_the_portal() -> None:
    portal = a_portal(asset_id=9, programme_id=8, inquiry_kind="support")
    found = parsed({"email": "a@b.example"}, portal=portal)
    assert (found.interest_id, found.source_id, found.asset_id, found.programme_id) == (5, 3, 9, 8)
    assert (found.kind, found.happened_at) == ("support", NOW)


def test_what_is_said_counts_before_campaign_rules_and_those_before_the_portal() -> None:
    said, codes = {"email": "a@b.example", "source": "trade-show"}, {"email": "a@b.example", "utm_source": "x"}
    rule = Matched(source_id=77, programme_id=78)
    assert (parsed(said, matched=rule).source_id, parsed(said, matched=rule).programme_id) == (21, 78)
    assert parsed(codes, matched=rule).source_id == 77
    assert parsed(codes).source_id == 3


def test_names_that_nobody_knows_are_kept_and_not_lost() -> None:
    found = parsed({"email": "a@b.example", "interest": "Submarines", "source": "A friend", "country": "Atlantis"})
    assert found.interest_id == 5
    assert found.candidate.attributes == {"interest": "Submarines", "source": "A friend", "country": "Atlantis"}


def test_fillers_are_not_values_but_mr_null_has_a_name() -> None:
    found = parsed({"email": "n@b.example", "last name": "Null", "first name": "None", "city": "Select", "x": "n/a"})
    assert (found.candidate.family, found.candidate.given, found.candidate.city) == ("Null", "None", "")
    assert found.candidate.attributes == {}
    assert parsed({"email": "n@b.example", "last name": "NULL"}).candidate.family == ""


def test_headers_smuggled_into_any_line_are_cut_off() -> None:
    evil = "Ann\r\nBcc: all@example.com"
    lines = dict.fromkeys(["first name", "company", "city", "website"], evil)
    found = parsed(lines | {"email": "a@b.example\nBcc: x@y.example"})
    who = found.candidate
    assert (who.given, who.company_name, who.city, who.website) == ("Ann", "Ann", "Ann", "Ann")
    assert (who.email, who.email_given) == ("a@b.example", "a@b.example")


def test_markup_is_kept_as_text_and_dangerous_links_are_not_kept_as_links() -> None:
    found = parsed({"name": "<b>Ann</b> Berg", "email": "a@b.example", "website": "javascript:alert(1)"})
    assert "<b>" in found.candidate.given + found.candidate.family
    assert found.candidate.website == ""


@pytest.mark.parametrize(
    ("typed", "email", "given"),
    [
        ("Ann Berg <Ann@Example.com>", "ann@example.com", "Ann@Example.com"),
        ("mailto:ann@example.com", "ann@example.com", "ann@example.com"),
        ("ann@example.com; ben@example.com", "ann@example.com", "ann@example.com"),
        ("ann@example", None, "ann@example"),
    ],
)
def test_addresses_are_found_in_what_people_type(typed: str, email: str | None, given: str) -> None:
    who = parsed({"email": typed, "name": "Ann Berg", "company": "Acme"}).candidate
    assert who.email == email
    assert who.email_given == given


def test_an_address_under_a_name_that_says_nothing_is_found() -> None:
    found = parsed({"20502584796": "pat.lee@example.com", "20502643516": "Pat"})
    assert found.candidate.email == "pat.lee@example.com"
    assert found.candidate.attributes == {"20502643516": "Pat"}


def test_letters_of_two_alphabets_in_a_name_are_noticed() -> None:
    assert parsed({"email": "a@b.example", "name": "Аnn Berg"}).candidate.lookalike


@pytest.mark.parametrize(
    "said", [{"phone": "+49 30 12345678"}, {"linkedin": "linkedin.com/in/ann"}, {"name": "A", "company": "B"}]
)
def test_one_way_to_answer_is_enough(said: dict[str, str]) -> None:
    parsed(said)


@pytest.mark.parametrize("said", [{}, {"name": "Ann"}, {"message": "hello"}, {"email": "ann@"}, {"email": "select"}])
def test_without_a_way_to_answer_it_is_set_aside(said: dict[str, str]) -> None:
    assert refused(said) == Code.NO_CONTACT


def test_what_cannot_be_read_is_set_aside() -> None:
    assert refused(b"{") == Code.UNREADABLE
    assert refused(b"") == Code.EMPTY


def test_bots_are_held_at_open_doors_only_and_let_go_by_a_person() -> None:
    browser = a_portal(kind=PortalKind.BROWSER, disposable=HOLD)
    trapped = {"email": "a@b.example", "_trap": "http://spam.example"}
    quick = {"email": "a@b.example", "_elapsed": 0.4}
    throwaway = {"email": "a@mailinator.com"}
    assert refused(trapped, portal=browser) == Code.SPAM_SUSPECTED
    assert refused(quick, portal=browser) == Code.SPAM_SUSPECTED
    assert refused(throwaway, portal=browser) == Code.DISPOSABLE_ADDRESS
    assert parsed(throwaway, portal=browser, released=True).candidate.disposable
    assert parsed(throwaway).candidate.disposable
    assert parsed({"email": "a@b.example", "_elapsed": "30"}, portal=browser).candidate.attributes == {}


def test_an_owner_named_from_outside_is_only_an_attribute() -> None:
    found = parsed({"email": "a@b.example", "owner": "Kim", "status": "Won", "score": 100})
    assert (found.owner_id, found.stage, found.closed_as) == (None, None, None)
    assert found.candidate.attributes == {"owner": "Kim", "status": "Won", "score": "100"}


def test_consent_keeps_the_wording_that_was_agreed_to() -> None:
    assert parsed({"email": "a@b.example", "consent": "on"}).consent == "Yes, write to me."
    shown = {"email": "a@b.example", "newsletter": True, "consent_wording": "Send me news."}
    assert parsed(shown).consent == "Send me news."
    assert parsed({"email": "a@b.example", "consent": "no"}).consent == ""
    assert parsed({"email": "a@b.example"}).consent == ""
    assert parsed({"email": "a@b.example", "Do not email": "Yes", "do_not_call": "0"}).opted_out == ("email",)


def test_the_kind_of_an_inquiry_may_be_said() -> None:
    assert parsed({"email": "a@b.example", "inquiry type": "Bewerbung"}).kind == "job"
    odd = parsed({"email": "a@b.example", "inquiry type": "Astrology"})
    assert (odd.kind, odd.candidate.attributes) == ("sales", {"kind": "Astrology"})


def test_a_touch_is_pieced_together_from_what_there_is() -> None:
    found = parsed(
        {"email": "a@b.example", "landing_page": "https://x.example/?utm_source=said&gclid=G1", "utm_source": "first"},
        context={"referrer": "https://x.example/form?utm_medium=cpc", "query": "utm_campaign=q", "address": "1.2.3.4"},
    )
    assert found.touch == {
        "utm_source": "first", "landing_page": "https://x.example/?utm_source=said&gclid=G1", "gclid": "G1",
        "utm_medium": "cpc", "utm_campaign": "q", "page": "https://x.example/form?utm_medium=cpc",
    }  # fmt: skip


def test_an_old_inquiry_is_history() -> None:
    old = NOW - timedelta(days=10)
    found = parsed({"email": "a@b.example", "created_at": old.isoformat()})
    assert (found.happened_at, found.historic) == (old, True)
    unclear = parsed({"email": "a@b.example", "created_at": "03/04/2025"})
    assert (unclear.happened_at, unclear.candidate.attributes) == (NOW, {"created_at": "03/04/2025"})


def test_the_portals_own_mapping_reads_strange_forms() -> None:
    portal = a_portal(mapping=(("q1", "email"), ("q2", "budget"), ("q3", "")))
    found = parsed({"q1": "a@b.example", "q2": "10k", "q3": "kept"}, portal=portal)
    assert (found.candidate.email, found.answers) == ("a@b.example", {"budget": "10k"})
    assert found.candidate.attributes == {"q3": "kept"}


def test_corrections_are_laid_over_the_original() -> None:
    one = claimed(b'{"name": "Ann Berg", "city": "Bonn"}', corrected={"email": "ann@b.example", "City": "", "x": "y"})
    found = read(one)
    assert isinstance(found, Parsed)
    assert (found.candidate.email, found.candidate.city, found.candidate.given) == ("ann@b.example", "", "Ann")
    unreadable = read(claimed(b"???", corrected={"email": "ann@b.example"}))
    assert isinstance(unreadable, Parsed)


def test_bounds_hold_for_everything() -> None:
    long = {"email": "a@b.example", "name": "x" * 5000, "message": "m" * 50_000}
    found = parsed(long | {f"k{n}": "v" * 5000 for n in range(200)})
    assert len(found.candidate.given) <= 200
    assert len(found.message) == 10_000
    assert len(found.candidate.attributes) == 80
    assert max(map(len, found.candidate.attributes.values())) == 1000


def test_control_characters_never_reach_the_database() -> None:
    found = parsed(b'{"email": "a@b.example", "name": "A\\u0000nn", "x\\u0000": "y\\u0000", "message": "m\\u0000"}')
    assert "\x00" not in repr(found).replace("\\x00", "\x00")


def test_deliveries_of_ad_platforms(data: Path) -> None:
    def of(name: str) -> Parsed:
        return parsed((data / "payloads" / f"{name}.json").read_bytes())

    google = of("google_ads_lead_form_webhook")
    assert (google.candidate.given, google.candidate.title, google.external_id) == (
        "Pat", "Plant manager", "CiEIABIZ-test-lead",
    )  # fmt: skip
    assert google.touch["gclid"].startswith("TeSter")
    meta = of("meta_lead_retrieved")
    assert (meta.candidate.email, meta.candidate.company_name) == ("pat.lee@example.com", "Example Tooling Ltd")
    assert (meta.external_id, meta.happened_at.year, meta.historic) == ("1814022725313742", 2024, True)
    booked = of("calendly_invitee_created")
    assert (booked.candidate.family, booked.message, booked.touch["utm_source"]) == (
        "Lee", "Pricing for 40 seats", "linkedin",
    )  # fmt: skip
    assert of("typeform_form_response").candidate.email == "pat.lee@example.com"
    assert of("linkedin_lead_form_response").candidate.email == "pat.lee@example.com"
