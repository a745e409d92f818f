"""The page of duplicates: what waits, two records side by side, what is decided, and who may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from leadloop.front.alike.queue import odds
from leadloop.front.tests.pages import as_user
from leadloop.identity.contracts import Suggested, Verdict
from leadloop.identity.queries import open_suggestions, suggestions_of, survivors
from leadloop.identity.services import suggest
from leadloop.identity.tests.world import somebody, who
from leadloop.kernel import clock
from leadloop.kernel.decision import Reason
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import open_of
from leadloop.leads.tests.world import World, world
from leadloop.platform.models import User
from leadloop.platform.roles import Role
from tests.support.cast import Cast
from tests.support.statements import asked

WHY = (Reason("name", "Same given name, same family name", 14.5), Reason("email", "Different e-mail addresses", -1.5))
POSES = (Reason("look_alike", "Letters that pose as others, or hidden ones: somebody has to look", 0.0), *WHY)


@pytest.fixture
def office(db: None, cast: Cast) -> Iterator[World]:
    office = world(cast)
    with clock.at(office.now):
        yield office


def two(
    office: World, name: str = "Anna", weight: float = 8.5, why: tuple[Reason, ...] = WHY, owner: str = ""
) -> tuple[int, int, int]:
    """Two records of somebody, each with a lead, and the suggestion that they are one."""
    one, other = who(
        somebody(f"{name}@acme.com", given=name, family="Berg", company_name="Acme", title="Buyer"),
        somebody(f"{name}.berg@home.net", given=name, family="Berg", city="Kiel"),
    )
    for person_id in (one, other):
        office.raise_hand(person_id, **({"owner_id": office.user(owner)} if owner else {}))
    suggest([Suggested(one, other, weight, why)], now=office.now)
    return one, other, next(row.id for row in suggestions_of([one]))


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def state(person_id: int) -> list[Verdict]:
    return [row.state for row in suggestions_of([person_id], states=tuple(Verdict))]


def test_nothing_waits_at_first(office: World) -> None:
    assert "Nobody looks like somebody else here" in text(as_user(office.cast, "grace"), "/duplicates")


def test_what_waits_is_listed_and_opens_side_by_side(office: World) -> None:
    _, _, pair = two(office)
    grace = as_user(office.cast, "grace")
    listed = text(grace, "/duplicates")
    assert f'href="/duplicates/{pair}"' in listed
    assert "997 of 1,000" in listed
    shown = text(grace, f"/duplicates/{pair}")
    for words in ("anna@acme.com", "anna.berg@home.net", "Only one has it", "Differs", "Why they weigh 8.5", "Buyer"):
        assert words.lower() in shown.lower()
    assert shown.count('href="/leads/') == 2


def test_merging_keeps_whom_was_chosen_and_goes_on_with_the_next(office: World) -> None:
    one, other, pair = two(office)
    *_, following = two(office, "Rosa", 4.0)
    grace = as_user(office.cast, "grace")
    answer = grace.post(f"/duplicates/{pair}/merge", {"survivor": other}, follow=True)
    assert answer.redirect_chain == [(f"/duplicates/{following}", 302)]
    assert "They are one person now" in answer.content.decode()
    assert survivors([one]) == {one: other}
    assert len(open_of([other])) == 1
    assert "They were made one person." in text(grace, f"/duplicates/{pair}")
    undo = answer.content.decode().partition('hx-post="/persons/')[2].partition('"')[0]
    taken_back = grace.post(f"/persons/{undo}")
    assert (taken_back.status_code, taken_back["HX-Redirect"]) == (204, f"/persons/{other}")
    assert survivors([one]) == {one: one}
    assert "two persons again" in text(grace, f"/persons/{one}")
    assert grace.post(f"/persons/{undo}").status_code == 409


def test_a_pair_leads_to_the_comparison_field_by_field(office: World) -> None:
    one, other, pair = two(office)
    grace = as_user(office.cast, "grace")
    assert f'href="/persons/{one}/merge?with={other}"' in text(grace, f"/duplicates/{pair}")
    side_by_side = text(grace, f"/persons/{one}/merge?with={other}")
    assert "Are these one person?" in side_by_side
    merged = grace.post(f"/persons/{one}/merge", {"with": other, "do": "merge"}, follow=True).content.decode()
    undo = merged.partition('hx-post="/persons/')[2].partition('"')[0]
    assert grace.post(f"/persons/{undo}")["HX-Redirect"] == f"/persons/{one}"
    assert survivors([other]) == {other: other}


@pytest.mark.parametrize("verdict", ["never", "related", "dismissed"])
def test_a_decision_leaves_the_queue_and_can_be_taken_back(office: World, verdict: str) -> None:
    one, _, pair = two(office)
    grace = as_user(office.cast, "grace")
    answer = grace.post(f"/duplicates/{pair}/{verdict}", follow=True)
    assert answer.redirect_chain == [("/duplicates", 302)]
    assert state(one) == [Verdict(verdict)]
    undo = answer.content.decode().partition('hx-post="/undo/')[2].partition('"')[0]
    assert grace.post(f"/undo/{undo}").status_code == 200
    assert state(one) == [Verdict.OPEN]


def test_what_is_decided_already_or_wrong_is_said(office: World) -> None:
    one, _, pair = two(office)
    grace = as_user(office.cast, "grace")
    assert "One of the two has to stay" in grace.post(f"/duplicates/{pair}/merge", follow=True).content.decode()
    assert grace.post(f"/duplicates/{pair}/whatever").status_code == 404
    grace.post(f"/duplicates/{pair}/related")
    for step in ("never", "merge"):
        answer = grace.post(f"/duplicates/{pair}/{step}", {"survivor": one}, follow=True)
        assert "Somebody has decided about these two already" in answer.content.decode()
    assert state(one) == [Verdict.RELATED]


def test_from_a_weight_on_all_are_merged_but_those_who_pose(office: World) -> None:
    heavy, _, _ = two(office, "Anna", 14.0)
    posing, _, _ = two(office, "Rosa", 15.0, POSES)
    light, _, _ = two(office, "Lena", 3.0)
    grace = as_user(office.cast, "grace")
    assert "1 pair would become one person each" in text(grace, "/duplicates/accept?weight=12")
    answer = grace.post("/duplicates/accept", {"weight": "12"}, follow=True)
    assert "1 pair merged" in answer.content.decode()
    assert (state(heavy), state(posing), state(light)) == ([Verdict.MERGED], [Verdict.OPEN], [Verdict.OPEN])
    again = grace.post("/duplicates/accept", {"weight": "12"}, follow=True)
    assert "There is nothing of this weight to merge" in again.content.decode()
    assert grace.get("/duplicates/accept?weight=heavy").status_code == 422
    assert "No pair weighs that much" in text(grace, "/duplicates/accept?weight=900")


def test_who_may_not_change_everybody_sees_the_pairs_whose_every_lead_is_theirs(office: World) -> None:
    _, _, hers = two(office, owner="kim")
    *_, others = two(office, "Rosa", owner="ola")
    kim = as_user(office.cast, "kim")
    listed = text(kim, "/duplicates")
    assert f'href="/duplicates/{hers}"' in listed
    assert f'href="/duplicates/{others}"' not in listed
    for answer in (kim.get(f"/duplicates/{others}"), kim.post(f"/duplicates/{others}/never")):
        assert answer.status_code == 404
    assert "No pair weighs" in text(kim, "/duplicates/accept?weight=9")
    assert "1 pair would" in text(kim, "/duplicates/accept?weight=8")


def test_who_may_only_look_at_people_gets_no_page_and_no_link(office: World) -> None:
    User.objects.filter(id=office.user("grace")).update(roles=[Role.PRESIDENT])
    grace = as_user(office.cast, "grace")
    assert grace.get("/duplicates").status_code == 403
    assert 'href="/duplicates"' not in text(grace, "/companies")


def test_the_queue_goes_on_where_the_page_before_ended(office: World) -> None:
    for number in range(3):
        two(office, f"Name{'abc'[number]}", 5.0 + number)
    first = open_suggestions(limit=1)[0]
    rest = text(as_user(office.cast, "grace"), f"/duplicates?after={first.weight}:{first.id}")
    assert [f'href="/duplicates/{row.id}"' in rest for row in open_suggestions(limit=3)] == [False, True, True]
    assert as_user(office.cast, "grace").get("/duplicates?after=nonsense").status_code == 422


def test_the_number_of_statements_does_not_grow_with_the_queue(office: World) -> None:
    *_, pair = two(office)
    grace = as_user(office.cast, "grace")
    pages = ("/duplicates", f"/duplicates/{pair}", "/duplicates/accept?weight=1")
    for page in pages:
        text(grace, page)
    before = [asked(grace, page) for page in pages]
    for name in ("Rosa", "Lena", "Ute", "Jana"):
        two(office, name)
    assert [asked(grace, page) for page in pages] == before


def test_the_record_hints_at_what_waits_and_who_is_related(office: World) -> None:
    one, _, pair = two(office, owner="kim")
    (lead,) = open_of([one])
    grace, kim = as_user(office.cast, "grace"), as_user(office.cast, "kim")
    for client in (grace, kim):
        assert f'Duplicates? 1 <a href="/duplicates/{pair}">review</a>' in text(client, f"/leads/{lead.id}")
    grace.post(f"/duplicates/{pair}/related")
    shown = text(grace, f"/leads/{lead.id}")
    assert "Duplicates?" not in shown
    assert "Related, not the same: Anna Berg" in shown


def test_the_record_says_nothing_to_who_may_not_decide(office: World) -> None:
    one, other, _ = two(office, owner="kim")
    (lead,) = open_of([one])
    (hers,) = open_of([other])
    office.move(hers.id, Stage.NURTURING, owner_id=office.user("ola"))
    assert "Duplicates?" not in text(as_user(office.cast, "kim"), f"/leads/{lead.id}")


def test_odds_in_words() -> None:
    assert [odds(weight) for weight in (0.0, 2.0, 7.0, 8.5, 20.0)] == [
        "50 of 100", "80 of 100", "992 of 1,000", "997 of 1,000", "nearly certain",
    ]  # fmt: skip
