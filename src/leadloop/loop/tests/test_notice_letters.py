"""Letters about notices: who gets which at once or gathered, and at which hour."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from leadloop.distribution.facts import LeadAssigned, LeadPulledBack
from leadloop.kernel import clock
from leadloop.kernel.clock import WorkCalendar, is_open, next_open
from leadloop.leads.contracts import Stage
from leadloop.leads.facts import PromiseBroken
from leadloop.leads.services import break_due
from leadloop.leads.tests.world import World, owed
from leadloop.ledger.contracts import Event, by_user
from leadloop.ledger.models import Event as Row
from leadloop.ledger.queries import events_by_id
from leadloop.loop import reactions
from leadloop.loop.models import NoticeChoice
from leadloop.loop.notices.choosing import choices, choose, post_of
from leadloop.loop.notices.contracts import Topic, Way
from leadloop.loop.notices.gathering import write_due
from leadloop.loop.notices.rules import ABOUT_TO_BREAK, leaves_at, usual_way
from leadloop.loop.notices.writing import mark_read
from leadloop.loop.tests.told import MACHINE, facts
from leadloop.outreach.models import Message
from leadloop.platform.models import User

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # three in the morning in Berlin
OPENS = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 7, 5, tzinfo=BERLIN)  # a Tuesday
MONDAY = datetime(2026, 3, 9, 7, 5, tzinfo=BERLIN)
SATURDAY = datetime(2026, 3, 7, 7, 5, tzinfo=BERLIN)


def pulled_back(office: World, name: str, number: int = 1) -> LeadPulledBack:
    lead = office.lead_in(Stage.ASSIGNED, "ola")
    return LeadPulledBack(
        happened_at=office.now, lead_id=lead.id, person_id=lead.person_id, assignment_id=number,
        user_id=office.user(name),
    )  # fmt: skip


def letters(office: World, name: str) -> list[Message]:
    return list(Message.objects.filter(user_id=office.user(name)).order_by("id"))


def wants(office: World, name: str, topic: Topic, way: Way, *, any_hour: bool = False) -> None:
    choose(office.user(name), {topic: way}, any_hour=any_hour, now=office.now)


def test_what_is_usual_holds_until_somebody_chooses_and_changes_with_their_role(office: World) -> None:
    kim = office.user("kim")
    assert choices([kim])[kim].ways == {
        Topic.LEAD: Way.MAIL, Topic.LATE: Way.PAGE, Topic.BACK: Way.PAGE, Topic.WATCH: Way.MAIL,
        Topic.APPEAL: Way.PAGE, Topic.MAILING: Way.PAGE, Topic.IMPORT: Way.PAGE, Topic.PORTAL: Way.MAIL,
        Topic.REPLY: Way.MAIL,
    }  # fmt: skip
    everything = choices([kim])[kim].ways
    choose(kim, {**everything, Topic.BACK: Way.WEEKLY}, any_hour=True, now=office.now)
    assert list(NoticeChoice.objects.values_list("topic", "way")) == [("back", "weekly")]  # the rest goes with the role
    assert (choices([kim])[kim].ways[Topic.BACK], choices([kim])[kim].any_hour) == (Way.WEEKLY, True)
    User.objects.filter(id=kim).update(roles=["partner"])
    assert (choices([kim])[kim].ways[Topic.LATE], choices([kim])[kim].ways[Topic.BACK]) == (Way.DAILY, Way.WEEKLY)
    choose(kim, {Topic.BACK: Way.DAILY}, any_hour=False, now=office.now)
    assert NoticeChoice.objects.count() == 0  # what is usual now
    assert not choices([kim])[kim].any_hour


def test_nobody_can_choose_what_there_is_not(office: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeChoice.objects.create(user_id=office.user("kim"), topic="lead", way="pigeon")


@pytest.mark.parametrize("role", ["partner", "agency"])
def test_who_is_outside_the_house_hears_of_what_runs_out_each_morning(role: str) -> None:
    assert usual_way(Topic.LATE, [role]) is usual_way(Topic.BACK, [role]) is Way.DAILY


def test_a_letter_at_once_names_nobody_and_comes_once(office: World) -> None:
    wants(office, "kim", Topic.BACK, Way.MAIL)
    told = facts(pulled_back(office, "kim"))
    reactions.tell(told), reactions.tell(told)
    (letter,) = letters(office, "kim")
    assert letter.subject == "Pulled back: a lead"
    assert "/notifications" in letter.text
    assert "/me/notices" in letter.text
    assert (letter.person_id, letter.about_person_id, letter.not_before) == (None, None, office.now)


def test_many_of_a_kind_make_one_letter(office: World) -> None:
    wants(office, "kim", Topic.BACK, Way.MAIL)
    reactions.tell(facts(*(pulled_back(office, "kim", number) for number in range(4))))
    assert [one.subject for one in letters(office, "kim")] == ["4 leads were pulled back from you"]


def test_who_wants_no_letter_gets_none_and_still_finds_it_on_the_page(office: World) -> None:
    wants(office, "kim", Topic.LEAD, Way.PAGE)
    reactions.notify_owner(facts(assigned(office, "kim"), assigned(office, "ola")))
    assert letters(office, "kim") == []
    assert len(letters(office, "ola")) == 1


def assigned(office: World, name: str) -> LeadAssigned:
    lead = office.lead_in(Stage.ASSIGNED, name)
    return LeadAssigned(
        happened_at=office.now, lead_id=lead.id, person_id=lead.person_id, assignment_id=lead.id,
        user_id=office.user(name), from_user_id=office.user("mira"), how="rotation", rule="Everything",
    )  # fmt: skip


def test_at_night_letters_wait_for_the_morning_unless_somebody_wants_them(office: World) -> None:
    wants(office, "ola", Topic.LEAD, Way.MAIL, any_hour=True)
    told = facts(assigned(office, "kim"), assigned(office, "ola"))
    with clock.at(NIGHT):
        reactions.notify_owner(told)
    assert [one.not_before for one in letters(office, "ola")] == [NIGHT]
    assert [one.not_before for one in letters(office, "kim")] == [OPENS]


OFFICE = WorkCalendar("Europe/Berlin", (((time(9), time(17, 30)),),) * 5 + ((), ()))
MOMENTS = st.integers(0, 334 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(MOMENTS, st.none() | MOMENTS)
def test_a_letter_goes_at_once_or_as_work_begins(ready: datetime, due_at: datetime | None) -> None:
    leaves, opens = leaves_at(ready, due_at=due_at, hours=OFFICE), next_open(ready, OFFICE)
    assert leaves in (ready, opens)
    breaks = due_at is not None and ready <= due_at < opens + ABOUT_TO_BREAK
    assert (leaves == ready) == (is_open(ready, OFFICE) or breaks)
    assert breaks or is_open(leaves, OFFICE)
    assert leaves_at(ready, due_at=due_at, hours=None) == ready


def test_what_is_about_to_break_does_not_wait_for_the_morning() -> None:
    assert leaves_at(NIGHT, due_at=OPENS + timedelta(minutes=30), hours=OFFICE) == NIGHT
    assert leaves_at(NIGHT, due_at=OPENS + timedelta(hours=2), hours=OFFICE) == OPENS
    assert leaves_at(NIGHT, due_at=NIGHT - timedelta(hours=2), hours=OFFICE) == OPENS  # broken already


def test_who_never_works_gets_letters_at_any_hour() -> None:
    assert leaves_at(NIGHT, hours=WorkCalendar("UTC", ((),) * 7)) == NIGHT


def test_the_letter_of_the_day_counts_what_still_waits_once(office: World) -> None:
    wants(office, "kim", Topic.BACK, Way.DAILY)
    wants(office, "ola", Topic.BACK, Way.WEEKLY)
    reactions.tell(facts(*(pulled_back(office, "kim", number) for number in range(2))))
    reactions.tell(facts(pulled_back(office, "ola")))
    assert letters(office, "kim") == []
    assert write_due(MORNING - timedelta(hours=1)) == 0  # too early
    assert write_due(SATURDAY) == 0
    assert write_due(MORNING) == 1
    assert write_due(MORNING + timedelta(minutes=15)) == 0
    (letter,) = letters(office, "kim")
    assert (letter.subject, letter.about_person_id) == ("Today: 2 leads were pulled back from you", None)
    assert write_due(MORNING + timedelta(days=1)) == 0  # told already
    assert write_due(MONDAY) == 1
    assert letters(office, "ola")[0].subject == "This week: 1 lead was pulled back from you"


def test_what_was_read_is_not_told_again(office: World) -> None:
    wants(office, "kim", Topic.BACK, Way.DAILY)
    reactions.tell(facts(pulled_back(office, "kim")))
    mark_read(office.user("kim"), now=office.now)
    assert write_due(MORNING) == 0


def test_several_things_stand_in_one_letter(office: World) -> None:
    wants(office, "kim", Topic.BACK, Way.DAILY)
    wants(office, "kim", Topic.LATE, Way.DAILY)
    lead = office.lead_in(Stage.ACCEPTED)
    promise = owed(lead.id)["contact"]
    broken = PromiseBroken(
        happened_at=office.now, lead_id=lead.id, promise_id=promise.id, promise="contact",
        owner_id=office.user("kim"), due_at="2026-03-02T12:00:00Z",
    )  # fmt: skip
    reactions.tell(facts(broken, pulled_back(office, "kim")))
    assert write_due(MORNING) == 1
    (letter,) = letters(office, "kim")
    assert letter.subject == "Today: what waits for you"
    assert "- 1 lead was pulled back from you\n- 1 promise of yours was not kept in time" in letter.text


def test_keepers_may_have_what_is_late_gathered(office: World) -> None:
    wants(office, "grace", Topic.WATCH, Way.DAILY)
    office.lead_in(Stage.ACCEPTED, "kim")
    later = MORNING + timedelta(days=7)
    break_due(limit=10, actor=MACHINE, now=later)
    with clock.at(later):
        broken = [event for event in all_facts() if event.kind == "promise.broken"]
        reactions.escalate(broken)
        assert [one for one in letters(office, "grace") if one.template_key == "late"] == []
        assert write_due(later) == 1
    assert letters(office, "grace")[0].subject == "Today: 1 lead is late in the stages you answer for"


def all_facts() -> list[Event]:
    return events_by_id(list(Row.objects.values_list("id", flat=True)))


def test_the_number_of_queries_does_not_depend_on_how_many_are_told(office: World) -> None:
    counts = []
    for names in (["kim"], ["kim", "ola", "sam", "dara", "ruth"]):
        for name in names:
            wants(office, name, Topic.BACK, Way.DAILY)
        reactions.tell(facts(*(pulled_back(office, name, number) for number, name in enumerate(names))))
        with CaptureQueriesContext(connection) as queries:
            assert write_due(MORNING + timedelta(days=len(counts))) == len(names)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nobody_is_written_to_of_what_they_did(office: World) -> None:
    wants(office, "kim", Topic.BACK, Way.MAIL)
    reactions.tell(facts(pulled_back(office, "kim"), actor=by_user(office.user("kim"))))
    assert letters(office, "kim") == []


def test_post_of_nobody_takes_no_query(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert post_of([]) == {}
    assert len(queries) == 0
