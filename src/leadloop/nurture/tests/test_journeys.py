"""Leads that are not ready yet: kept in touch with until they are, or until later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from leadloop.criteria.compile import select_ids
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import promises
from leadloop.leads.services import break_due
from leadloop.leads.tests.world import owed, row, settled
from leadloop.nurture import queries, services, standard
from leadloop.nurture.contracts import End
from leadloop.nurture.models import Enrolment, Journey
from leadloop.nurture.tests.garden import (
    CLOCK,
    HAND_OVER,
    HOUR,
    RECYCLE,
    Garden,
    counted,
    decide,
    graph,
    send,
    stage,
    wait,
)
from leadloop.outreach.models import Message
from leadloop.people.contracts import ContactValue, NewPerson
from leadloop.people.links import read_key
from leadloop.people.services import remember
from leadloop.platform.models import User

SHORT = graph("pause", pause=wait("hello", days=2), hello=send("hello", "rest"), rest=wait("sales"), sales=HAND_OVER)


def test_an_inquiry_that_enters_a_journey_is_nurtured_and_owes_its_first_step(garden: Garden) -> None:
    garden.standard()
    (lead,) = garden.sown(1)

    entered = garden.enrol([lead])

    assert list(entered) == [lead.id]
    assert (stage(lead.id), row(lead.id).owner_id) == (Stage.NURTURING, garden.user("tomas"))
    assert garden.at(lead.id) == ("settle", garden.now + timedelta(days=1))
    assert {kind: one.due_at for kind, one in owed(lead.id).items()} == {
        "nurture": garden.now + timedelta(days=1) + HOUR
    }
    assert garden.told(lead.id) == [("journey.entered", "settle")]


def test_a_lead_that_is_nurtured_already_enters_without_a_move(garden: Garden) -> None:
    garden.standard()
    (lead,) = garden.sown(1, Stage.NURTURING)
    garden.enrol([lead])
    assert owed(lead.id)["nurture"].due_at == garden.now + timedelta(days=1) + HOUR
    assert row(lead.id).stage_since == lead.stage_since


@pytest.mark.parametrize("where", [Stage.QUALIFIED, Stage.WORKING, Stage.OPPORTUNITY])
def test_what_sales_has_is_never_put_on_a_journey(garden: Garden, where: Stage) -> None:
    garden.standard()
    (lead,) = garden.sown(1, where)
    assert garden.enrol([lead]) == {}
    assert stage(lead.id) is where


def test_nobody_is_on_two_journeys_at_once_nor_on_one_twice(garden: Garden) -> None:
    garden.standard()
    garden.text("hello")
    garden.publish(SHORT)
    (lead,) = garden.sown(1)
    assert garden.enrol([lead, lead]).keys() == {lead.id}
    assert garden.enrol([lead]) == {}
    assert garden.enrol([lead], "spring") == {}
    services.leave([lead.id], reason=End.BY_HAND, actor=CLOCK, now=garden.now, although_nurturing=True)
    assert garden.enrol([lead]) == {}
    assert garden.enrol([lead], "spring").keys() == {lead.id}


def test_who_has_been_through_enters_again_only_when_asked(garden: Garden) -> None:
    garden.text("hello")
    garden.publish(graph("later", later=RECYCLE))
    (lead,) = garden.sown(1)
    garden.enrol([lead], "spring")
    garden.tick()
    assert garden.enrol([lead], "spring") == {}
    assert garden.enrol([lead], "spring", again=True).keys() == {lead.id}
    assert len(queries.enrolments([lead.id])[lead.id]) == 2


def test_the_standard_journey_to_the_end_that_sales_likes(garden: Garden) -> None:
    garden.standard()
    (lead,) = garden.sown(1)
    garden.enrol([lead])

    assert garden.after(hours=23) == 0
    assert garden.after(hours=1) == 1
    assert garden.mail() == [(lead.id, "useful", "nurture-useful")]
    assert garden.at(lead.id) == ("think", garden.now + timedelta(days=5))
    assert settled(lead.id)["nurture"] == "kept"
    garden.later(days=4)
    garden.scored(lead.id, readiness=3)
    assert garden.after(days=1) == 1

    assert stage(lead.id) is Stage.QUALIFIED
    assert queries.on_journeys([lead.id]) == {}
    done = garden.way(lead.id)
    assert (done.state, done.reason, done.node, done.steps) == ("done", "handed_over", "sales", 4)
    assert garden.told(lead.id) == [
        ("journey.entered", "settle"),
        ("journey.stepped", "settle"),
        ("journey.stepped", "useful"),
        ("journey.stepped", "think"),
        ("journey.stepped", "ready"),
        ("journey.left", "handed_over"),
    ]
    assert garden.after(days=100) == 0


def test_the_standard_journey_to_a_later_day(garden: Garden) -> None:
    garden.standard()
    (lead,) = garden.sown(1)
    garden.enrol([lead])
    for days in (1, 5, 10):
        assert garden.after(days=days) == 1

    assert garden.mail() == [(lead.id, "useful", "nurture-useful"), (lead.id, "question", "nurture-question")]
    assert stage(lead.id) is Stage.NURTURING
    assert garden.way(lead.id).reason == "recycled"
    assert {kind: (one.due_at, one.note) for kind, one in owed(lead.id).items()} == {
        "wake": (garden.now + timedelta(days=90), "not_now")
    }
    kept = [one for one in promises([lead.id])[lead.id] if one.kind == "nurture"]
    assert {one.state for one in kept} == {"kept"}
    assert kept[0].evidence == f"enrolment:{garden.way(lead.id).id}:answer"


def test_engagement_that_has_faded_by_the_time_of_the_decision_does_not_count(garden: Garden) -> None:
    garden.standard()
    faded, fresh = garden.sown(2)
    garden.enrol([faded, fresh])
    garden.scored(faded.id, engagement=22)
    garden.scored(fresh.id, engagement=24)
    garden.after(days=1)
    garden.after(days=5)
    assert (stage(faded.id), stage(fresh.id)) == (Stage.NURTURING, Stage.QUALIFIED)


def test_a_step_that_is_done_in_time_breaks_no_promise(garden: Garden) -> None:
    garden.standard()
    (lead,) = garden.sown(1)
    garden.enrol([lead])
    garden.later(days=1, minutes=59)
    assert break_due(limit=10, now=garden.now) == []
    garden.tick()
    garden.later(days=5, minutes=61)
    assert [one.kind for one in break_due(limit=10, now=garden.now)] == ["nurture"]


def test_messages_speak_the_language_of_the_person_and_go_to_them_as_marketing(garden: Garden) -> None:
    garden.standard()
    people = [
        NewPerson(
            ref=1, given="Anna", family="Groß", language="de", emails=(ContactValue("a@b.example", "a@b.example"),)
        ),
        NewPerson(ref=2, given="Bea", language="pt"),
    ]
    ids = remember(people, actor=CLOCK, now=garden.now)
    opened = garden.open([garden.pursuit(ids[ref]) for ref in (1, 2)])
    garden.enrol([row(one.lead_id) for one in opened.values()])
    garden.after(days=1)
    german, english = Message.objects.order_by("id")
    assert german.text.startswith("Guten Tag Anna Groß,")
    assert english.text.startswith("Hello Bea,")
    assert "General" in german.text
    assert {one.purpose for one in (german, english)} == {"marketing"}
    assert german.html


def test_a_lead_that_left_nurturing_leaves_its_journey_at_its_next_step_at_the_latest(garden: Garden) -> None:
    garden.standard()
    taken, closed, told = garden.sown(3)
    garden.enrol([taken, closed, told])
    garden.move(taken.id, Stage.QUALIFIED)
    garden.move(closed.id, Stage.DISQUALIFIED, reason="junk")
    garden.move(told.id, Stage.QUALIFIED)
    assert services.leave([told.id], reason="sales_took_over", actor=CLOCK, now=garden.now) == [told.id]
    assert services.leave([told.id], reason="sales_took_over", actor=CLOCK, now=garden.now) == []

    garden.after(days=1)

    assert garden.mail() == []
    assert [garden.way(lead.id).reason for lead in (taken, closed, told)] == [
        "sales_took_over",
        "closed",
        "sales_took_over",
    ]
    assert garden.told(closed.id)[-1] == ("journey.left", "closed")


def test_a_lead_that_came_back_meanwhile_stays_on_its_journey(garden: Garden) -> None:
    garden.standard()
    (lead,) = garden.sown(1)
    garden.enrol([lead])
    assert services.leave([lead.id], reason=End.SALES_TOOK_OVER, actor=CLOCK, now=garden.now) == []
    assert garden.at(lead.id)[0] == "settle"


def test_who_is_taken_off_by_hand_is_looked_at_by_the_keeper(garden: Garden) -> None:
    garden.standard()
    (lead,) = garden.sown(1)
    garden.enrol([lead])
    services.leave([lead.id], reason=End.BY_HAND, actor=CLOCK, now=garden.now, although_nurturing=True)
    assert owed(lead.id).keys() == {"wake"}
    assert garden.way(lead.id).left_at == garden.now


def test_a_new_version_leaves_everybody_on_theirs(garden: Garden) -> None:
    garden.text("hello")
    first = garden.publish(SHORT)
    (old,) = garden.sown(1)
    garden.enrol([old], "spring")
    second = garden.publish(graph("sales", sales=HAND_OVER))
    (new,) = garden.sown(1)
    garden.enrol([new], "spring")

    assert garden.after(days=2) == 2

    assert (stage(new.id), stage(old.id)) == (Stage.QUALIFIED, Stage.NURTURING)
    assert garden.at(old.id)[0] == "rest"
    assert [garden.way(lead.id).journey_id for lead in (old, new)] == [first, second]
    assert queries.published() == {"spring": second}
    assert Journey.objects.get(id=first).retired_at is not None


def test_taking_along_moves_those_whose_node_is_still_there_and_does_the_same(garden: Garden) -> None:
    garden.text("hello")
    first = garden.publish(
        graph("one", one=wait("two"), two=wait("three"), three=wait("sales"), sales=HAND_OVER), key="spring"
    )
    staying, moving, changed = garden.sown(3)
    garden.enrol([staying], "spring")
    garden.after(days=1)
    garden.enrol([changed], "spring")
    garden.after(days=1)
    garden.enrol([moving], "spring")
    assert [garden.at(one.id)[0] for one in (staying, changed, moving)] == ["three", "two", "one"]
    due = garden.at(moving.id)[1]

    second = garden.draft(
        graph("one", one=wait("two", days=9), two=send("hello", "rest"), rest=wait("sales"), sales=HAND_OVER)
    )
    assert services.publish(second, **garden.acting, take_along=True) == 1

    assert [garden.way(one.id).journey_id for one in (staying, changed, moving)] == [first, first, second]
    assert garden.at(moving.id) == ("one", due)
    assert garden.told(moving.id)[-1] == ("journey.switched", "one")
    garden.after(days=1)
    assert garden.mail() == [(moving.id, "two", "hello")]


def test_a_published_version_never_changes_and_a_draft_is_written_over(garden: Garden) -> None:
    first = garden.draft(graph("sales", sales=HAND_OVER))
    assert garden.draft(graph("later", later=RECYCLE)) == first
    services.publish(first, **garden.acting)
    with pytest.raises(Conflict):
        services.publish(first, **garden.acting)
    second = garden.draft(graph("sales", sales=HAND_OVER))
    assert [(one.id, one.version) for one in queries.journeys()] == [(second, 2), (first, 1)]
    with pytest.raises(NotFound):
        services.publish(second + 1000, **garden.acting)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (graph("hi", hi=send("nothing-there", "sales"), sales=HAND_OVER), "nodes.hi"),
        (graph("later", later={**RECYCLE, "reason": "price"}), "nodes.later"),
        (
            graph("d", d=decide("s", "s", {"facet": "score.luck", "op": ">", "value": 1}), s=HAND_OVER),
            "nodes.d.when.facet",
        ),
        (
            graph("d", d=decide("s", "s", {"facet": "lead.stage", "op": "near", "value": 1}), s=HAND_OVER),
            "nodes.d.when.op",
        ),
        (graph("d", d=decide("s", "s", {"facet": "person.email", "op": "is_set"}), s=HAND_OVER), "nodes.d.when"),
    ],
)
def test_what_a_journey_needs_must_be_there_before_it_is_published(garden: Garden, given: Any, field: str) -> None:
    draft = garden.draft(given)
    with pytest.raises(Invalid) as no:
        services.publish(draft, **garden.acting)
    assert no.value.field == field
    assert no.value.mend
    assert queries.published() == {}


def test_without_a_version_in_force_nobody_enters(garden: Garden) -> None:
    garden.draft(graph("sales", sales=HAND_OVER))
    (lead,) = garden.sown(1)
    with pytest.raises(NotFound):
        garden.enrol([lead], "spring")
    assert services.enrol([], journey_key="spring", **garden.acting) == {}


def test_a_letter_may_hold_a_link_of_its_readers_own(garden: Garden) -> None:
    garden.text("hello", body="[More](https://leads.acme.example/f/web-form/for/{{person.key|anyone}})")
    garden.publish(SHORT)
    (lead,) = garden.sown(1)
    garden.enrol([lead], "spring")
    garden.after(days=2)
    (text,) = Message.objects.filter(lead_id=lead.id).values_list("text", flat=True)
    key = text.strip().rpartition("/for/")[2]
    assert read_key(key, now=garden.now) == lead.person_id


def test_installing_the_standard_journey_again_changes_nothing(garden: Garden) -> None:
    first = garden.standard()
    garden.text(standard.USEFUL, subject="Our own words")
    assert garden.standard() == first
    assert queries.published() == {"first-interest": first}


def test_a_lead_that_can_not_go_on_waits_and_its_keeper_hears_of_it(garden: Garden) -> None:
    garden.text("hello")
    journey = garden.publish(graph("d", d=decide("sales", "later"), sales=HAND_OVER, later=RECYCLE))
    stuck, fine = garden.sown(2)
    garden.enrol([stuck], "spring")
    garden.enrol([fine], "spring")
    broken = graph(
        "d", d=decide("sales", "later", {"facet": "lead.gone", "op": ">=", "value": 2}), sales=HAND_OVER, later=RECYCLE
    )
    other = Journey.objects.create(key="old", version=1, name="Old", graph=broken, owner_id=garden.user("tomas"))
    Enrolment.objects.filter(lead_id=stuck.id).update(journey_id=other.id)

    assert garden.tick() == 2

    assert garden.way(fine.id).journey_id == journey
    assert garden.way(fine.id).state == "done"
    assert garden.at(stuck.id) == ("d", garden.now + 6 * HOUR)
    assert garden.told(stuck.id)[-1] == ("journey.stuck", "d")
    garden.later(hours=1, minutes=1)
    assert [one.lead_id for one in break_due(limit=10, now=garden.now)] == [stuck.id]


def test_a_lead_nobody_could_take_over_is_tried_again_when_somebody_can(garden: Garden) -> None:
    garden.publish(graph("sales", sales=HAND_OVER))
    (lead,) = garden.sown(1)
    garden.enrol([lead], "spring")
    gone = User.objects.filter(id=garden.user("ines"))
    gone.update(is_active=False)
    garden.tick()
    assert stage(lead.id) is Stage.NURTURING
    assert garden.told(lead.id)[-1] == ("journey.stuck", "sales")
    gone.update(is_active=True)
    garden.after(hours=6)
    assert stage(lead.id) is Stage.QUALIFIED


def test_a_text_that_is_gone_sends_nothing_and_moves_nobody(garden: Garden, monkeypatch: pytest.MonkeyPatch) -> None:
    garden.text("hello")
    garden.publish(graph("hi", hi=send("hello", "sales"), sales=HAND_OVER))
    (lead,) = garden.sown(1)
    garden.enrol([lead], "spring")
    monkeypatch.setattr("leadloop.nurture.services.letters.templates", lambda wanted: {})
    garden.tick()
    assert (garden.mail(), stage(lead.id)) == ([], Stage.NURTURING)
    assert garden.told(lead.id)[-1] == ("journey.stuck", "hi")


def test_a_loop_with_a_wait_writes_once_however_often_it_is_passed(garden: Garden) -> None:
    garden.text("hello")
    garden.publish(graph("hi", hi=send("hello", "rest"), rest=wait("d"), d=decide("sales", "hi"), sales=HAND_OVER))
    (lead,) = garden.sown(1)
    garden.enrol([lead], "spring")
    garden.tick()
    for _ in range(3):
        garden.after(days=1)
    assert garden.mail() == [(lead.id, "hi", "hello")]
    assert garden.way(lead.id).steps == 10


def test_only_as_many_as_asked_go_on_and_the_longest_due_come_first(garden: Garden) -> None:
    garden.text("hello")
    garden.publish(SHORT)
    early = garden.sown(2)
    garden.enrol(early, "spring")
    garden.later(hours=1)
    late = garden.sown(2)
    garden.enrol(late, "spring")
    garden.later(days=3)
    assert garden.tick(limit=2) == 2
    assert [lead_id for lead_id, _, _ in garden.mail()] == [lead.id for lead in early]
    assert garden.tick(limit=10) == 2


def test_pages_see_who_stands_where(garden: Garden) -> None:
    garden.text("hello")
    journey = garden.publish(SHORT)
    first, second, third = garden.sown(3)
    garden.enrol([first, second, third], "spring")
    garden.move(third.id, Stage.DISQUALIFIED, reason="junk")
    services.leave([third.id], reason=End.CLOSED, actor=CLOCK, now=garden.now)
    assert queries.standing_at(journey) == {"pause": 2}
    (seen,) = queries.journeys()
    assert (seen.key, seen.version, seen.waiting, seen.ended) == ("spring", 1, 2, {"closed": 1})
    assert seen.graph.start == "pause"
    assert queries.on_journeys([first.id, third.id]).keys() == {first.id}
    on = {
        "all": [
            {"facet": "journey.is_on", "op": "is", "value": True},
            {"facet": "journey.node", "op": "=", "value": "pause"},
        ]
    }
    assert select_ids(on, "lead", garden.now) == [first.id, second.id]


def test_the_database_itself_holds_one_journey_per_lead(garden: Garden) -> None:
    garden.standard()
    (lead,) = garden.sown(1)
    garden.enrol([lead])
    kept = Enrolment.objects.get(lead_id=lead.id)
    again = {"journey_id": kept.journey_id, "lead_id": lead.id, "person_id": lead.person_id, "node": "settle"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(**again, due_at=garden.now, entered_at=garden.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(id=kept.id).update(due_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(id=kept.id).update(state="left", due_at=None)


@pytest.mark.parametrize("days", [(1,), (1, 5), (1, 5, 10)])
def test_five_hundred_take_no_more_queries_than_one(garden: Garden, days: tuple[int, ...]) -> None:
    garden.standard()
    one, *many = garden.sown(501)
    entering = counted(lambda: garden.enrol([one]))
    begun = garden.now
    *before, last = days
    for span in before:
        garden.after(days=span)
    garden.later(days=last)
    few = counted(garden.tick)
    garden.now = begun
    assert counted(lambda: garden.enrol(many)) == entering
    for span in before:
        assert garden.after(days=span) == 500
    garden.later(days=last)
    assert counted(garden.tick) == few
    assert len(garden.mail()) == 501 * (2 if len(days) > 1 else 1)


def test_leaving_takes_no_more_queries_for_many(garden: Garden) -> None:
    garden.standard()
    one, *many = garden.sown(30)
    garden.enrol([one, *many])
    for lead in (one, *many):
        garden.move(lead.id, Stage.QUALIFIED)
    few, more = (
        counted(
            lambda ids=[lead.id for lead in leads]: services.leave(ids, reason="closed", actor=CLOCK, now=garden.now)
        )
        for leads in ([one], many)
    )
    assert few == more


def test_reads_take_one_query_each(garden: Garden) -> None:
    garden.standard()
    leads = garden.sown(5)
    garden.enrol(leads)
    ids = [lead.id for lead in leads]
    for read in (
        queries.journeys,
        queries.published,
        lambda: queries.on_journeys(ids),
        lambda: queries.enrolments(ids),
    ):
        assert counted(read) == 1
