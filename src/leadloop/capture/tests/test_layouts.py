"""What a form asks: checked before it is kept, shown a few questions at a time, described to other sites."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leadloop.capture import services
from leadloop.capture.contracts import PortalKind
from leadloop.capture.forms import (
    OFFERED,
    STANDARD,
    HostedForm,
    Layout,
    Question,
    check,
    described,
    layout_of,
    save_layout,
    submit,
)
from leadloop.capture.forms.layouts import key_of, read, written
from leadloop.capture.forms.words import LANGUAGES, words
from leadloop.capture.tests.conftest import NOW
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.ledger.contracts import Lane, by_system

EMAIL = Question(key="email", label="E-mail", required=True)
SIZE = Question(key="pump_size", label="Pump size", options=("Small", "Large"), queued=True)
PLACE = Question(key="city", label="Where is it?", queued=True)
WHEN = Question(key="timing", label="When?", queued=True)
ASKING = Layout(questions=(EMAIL, SIZE, PLACE, WHEN), at_once=1)
MANY = [Question(key=f"q{n}", label=f"Q{n}") for n in range(20)]
ACTOR = by_system("test")


@pytest.mark.parametrize(
    ("layout", "field", "words"),
    [
        (Layout(questions=(SIZE,)), "questions", "Nobody could be answered"),
        (Layout(questions=(replace(EMAIL, queued=True),)), "questions", "Nobody could be answered"),
        (Layout(questions=(EMAIL, EMAIL)), "label-1", "asked twice"),
        (Layout(questions=(EMAIL, Question(key="", label=""))), "label-1", "has a text"),
        (Layout(questions=(EMAIL, Question(key="9lives", label="9 lives"))), "label-1", "no name"),
        (Layout(questions=(EMAIL, replace(SIZE, options=("Small",)))), "options-1", "2 to 50"),
        (Layout(questions=(replace(EMAIL, options=("a@b.example", "c@d.example")),)), "options-0", "can't be chosen"),
        (replace(ASKING, at_once=0), "at_once", "at once"),
        (replace(ASKING, language="tlh"), "language", "no words"),
        (replace(ASKING, forward="javascript:alert(1)"), "forward", "no address"),
        (replace(ASKING, forward="//evil.example"), "forward", "no address"),
        (Layout(questions=(EMAIL, *MANY)), "questions", "at the most"),
    ],
)  # fmt: skip
def test_what_keeps_a_form_from_working_is_said_at_its_field(layout: Layout, field: str, words: str) -> None:
    with pytest.raises(Invalid) as no:
        check(layout)
    assert no.value.field == field
    assert words in no.value.problem
    assert no.value.mend


def test_the_standard_form_works_in_every_language_we_have() -> None:
    for language in LANGUAGES:
        check(replace(STANDARD, language=language))
        assert words(language).keys() == words("en").keys()


@given(st.text(min_size=1).filter(str.strip))
def test_any_question_has_a_name_to_be_kept_under(label: str) -> None:
    assume(key_of(label) != EMAIL.key)
    check(Layout(questions=(EMAIL, Question(key=key_of(label), label="Any"))))


@given(st.lists(st.sampled_from(sorted(OFFERED)), unique=True), st.integers(1, 20), st.sets(st.integers(0, 19)))
def test_a_layout_comes_back_as_it_was_kept(keys: list[str], at_once: int, queued: set[int]) -> None:
    asked = tuple(Question(key=key, label=OFFERED[key], queued=n in queued) for n, key in enumerate(keys))
    layout = Layout(questions=asked, at_once=at_once)
    assert read(written(layout)) == layout
    assert [one for one in layout.shown() if one.queued] == [one for one in asked if one.queued][:at_once]
    assert [one for one in layout.shown() if not one.queued] == [one for one in asked if not one.queued]


def test_a_kept_form_asks_what_it_says_and_what_is_answered_arrives(db: None, save: Any) -> None:
    portal = save("web", kind=PortalKind.BROWSER)
    assert layout_of(portal.id) is STANDARD
    save_layout(portal_id=portal.id, layout=ASKING, actor=ACTOR, now=NOW)
    save_layout(portal_id=portal.id, layout=replace(ASKING, title="Pumps"), actor=ACTOR, now=NOW)
    layout = layout_of(portal.id)
    assert layout.title == "Pumps"

    said = {"email": "ann@berg.example", "pump_size": "Large"}
    form = HostedForm(portal, {}, said, layout=layout)
    assert [field.name for field in form.questions()] == ["email", "pump_size"]
    assert form.is_valid(), form.errors
    submit(form=form, context={}, now=NOW, foreign=True)
    (parsed,), _ = services.read(services.claim(lane=Lane.LIVE, limit=5, now=NOW), now=NOW)
    assert (parsed.candidate.email, parsed.candidate.attributes) == ("ann@berg.example", {"pump_size": "Large"})


def test_an_answer_that_was_not_offered_is_refused(db: None, save: Any) -> None:
    portal = save("web", kind=PortalKind.BROWSER)
    form = HostedForm(portal, {}, {"email": "ann@berg.example", "pump_size": "Huge"}, layout=ASKING)
    assert not form.is_valid()
    assert "pump_size" in form.errors


def test_only_portals_for_web_pages_have_a_form(db: None, save: Any) -> None:
    portal = save("list", kind=PortalKind.STAFF)
    with pytest.raises(NotFound):
        save_layout(portal_id=portal.id, layout=ASKING, actor=ACTOR, now=NOW)


def test_other_sites_are_told_everything_but_secrets(db: None, save: Any) -> None:
    portal = save("web", kind=PortalKind.BROWSER, consent_wording="Yes, write to me.")
    told = described(portal, STANDARD, {"pumps": "Pumps", "service": "Service"})
    assert [one["key"] for one in told["fields"]] == ["name", "email", "company", "phone", "interest", "message"]
    controls = {one["key"]: one["control"] for one in told["fields"]}
    assert controls["interest"] == "choice"
    assert (controls["email"], controls["phone"], controls["message"]) == ("email", "tel", "long")
    assert told["consent"] == "Yes, write to me."
    assert not {"token_digest", "token_prefix", "owner_id"} & told.keys()
    assert "interest" not in [one["key"] for one in described(portal, STANDARD, {"pumps": "Pumps"})["fields"]]
