"""The agreement's pages: read by everybody, drafted by those who keep stages, in force when the right people sign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from leadloop.agreement import services
from leadloop.agreement.queries import drafts, in_force
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


def filled(cast: Cast, **changes: Any) -> dict[str, Any]:
    """The draft form as it stands when it is opened, with some fields filled in anew."""
    clauses = in_force().clauses
    found: dict[str, Any] = {
        "leadership": clauses.leadership,
        "handover": clauses.handover,
        "reopen_days": clauses.reopen_days,
        "note": "",
    }
    for key, stage in clauses.stages.items():
        found |= {f"stages.{key}.{name}": getattr(stage, name) or "" for name in ("label", "means", "keeper_id")}
        found[f"stages.{key}.deputy_id"] = stage.deputy_id or ""
    found |= {f"promises.{key}.minutes": clause.minutes for key, clause in clauses.promises.items()}
    found |= {f"places.{key}": user_id for key, user_id in clauses.places.items()}
    return {**found, **changes}


def propose(cast: Cast, now: datetime) -> int:
    changes = {"promises": {"reply": {"minutes": 120}}}
    return services.propose(clauses=changes, note="Faster", actor=by_user(cast.user["ines"]), now=now)


def test_everybody_reads_what_is_in_force(cast: Cast) -> None:
    page = as_user(cast, "kim").get("/agreement").content.decode()
    assert "Version 1, in force since 1 Jan 2026" in page
    assert "Somebody raised a hand; nobody has judged it yet." in page
    assert "Mira Costa" in page  # keeps the inquiries
    assert "Fit is at least 40" in page or "fit is at least 40" in page
    assert "4 working hours" in page
    assert "Propose a change" not in page


def test_a_draft_says_what_it_changes_and_whose_signature_is_missing(cast: Cast, now: datetime) -> None:
    answer = as_user(cast, "ines").post("/agreement/draft", filled(cast, **{"promises.reply.minutes": 120}))
    assert answer.status_code == 302
    page = as_user(cast, "ines").get(answer["Location"]).content.decode()
    assert "“First answer” is promised within 2 working hours instead of 4 working hours." in page
    assert page.count("Missing") == 2
    assert "Sign as" not in page
    assert in_force().clauses.promises["reply"].minutes == 240


def test_it_is_in_force_once_both_have_signed(cast: Cast, now: datetime) -> None:
    draft_id = propose(cast, now)
    page = as_user(cast, "grace").get(f"/agreement/{draft_id}").content.decode()
    assert "Sign as head of sales" in page
    assert "Sign as head of marketing" not in page
    as_user(cast, "grace").post(f"/agreement/{draft_id}/sign", {"capacity": "head_of_sales"})
    assert in_force().version == 1
    last = as_user(cast, "paul").post(f"/agreement/{draft_id}/sign", {"capacity": "head_of_marketing"})
    assert last["Location"] == "/agreement"
    assert in_force().version == 2
    assert "Version 2" in as_user(cast, "kim").get("/agreement").content.decode()


def test_nobody_signs_for_another(cast: Cast, now: datetime) -> None:
    draft_id = propose(cast, now)
    answer = as_user(cast, "ines").post(f"/agreement/{draft_id}/sign", {"capacity": "head_of_sales"})
    assert answer.status_code == 403
    assert "Only the head of sales signs as head of sales" in answer.content.decode()


def test_an_overtaken_draft_says_so_and_offers_no_signature(cast: Cast, now: datetime) -> None:
    old, new = propose(cast, now), propose(cast, now)
    for name, capacity in (("grace", "head_of_sales"), ("paul", "head_of_marketing")):
        as_user(cast, name).post(f"/agreement/{new}/sign", {"capacity": capacity})
    page = as_user(cast, "grace").get(f"/agreement/{old}").content.decode()
    assert "Another version came into force meanwhile" in page
    assert "Sign as" not in page
    assert "Overtaken" in as_user(cast, "grace").get("/agreement").content.decode()


def test_mistakes_are_said_at_their_fields(cast: Cast) -> None:
    wrong = {"stages.inquiry.keeper_id": "", "promises.reply.minutes": 0, "stages.won.label": "Lost"}
    answer = as_user(cast, "ines").post("/agreement/draft", filled(cast, **wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-describedby="id_stages.inquiry.keeper_id_error"' in page
    assert "greater than or equal to 1" in page
    twice = as_user(cast, "ines").post("/agreement/draft", filled(cast, **{"stages.won.label": "Lost"}))
    assert "“Lost” is the name of two stages. Give each its own name." in twice.content.decode()


def test_a_draft_that_changes_nothing_is_not_written(cast: Cast) -> None:
    answer = as_user(cast, "ines").post("/agreement/draft", filled(cast))
    assert answer.status_code == 422
    assert "Nothing differs from the version in force" in answer.content.decode()
    assert drafts() == []


def test_what_people_write_is_shown_as_text(cast: Cast) -> None:
    answer = as_user(cast, "ines").post(
        "/agreement/draft", filled(cast, **{"stages.won.means": "<script>x</script>", "note": "<b>bold</b>"})
    )
    page = as_user(cast, "ines").get(answer["Location"]).content.decode()
    assert "<script>x" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_a_page_that_is_not_there(cast: Cast) -> None:
    assert as_user(cast, "kim").get("/agreement/999999").status_code == 404
