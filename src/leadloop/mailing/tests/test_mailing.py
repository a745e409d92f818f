"""A letter to a segment: counted, looked at, confirmed, held, sent through a real mail server, and left again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leadloop.agreement.queries import in_force
from leadloop.content.services import save_template
from leadloop.identity import services as identity
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid, NotFound, Refused
from leadloop.leads import services as leads
from leadloop.leads.contracts import Pursuit
from leadloop.ledger.contracts import by_system, by_user
from leadloop.ledger.models import Event
from leadloop.loop import check
from leadloop.mailing import audience, queries, services
from leadloop.mailing.contracts import Counted, Recipient, State
from leadloop.mailing.models import Recipient as Row
from leadloop.outreach import queries as outbox
from leadloop.outreach import services as outreach
from leadloop.outreach.contracts import Contact, Purpose
from leadloop.outreach.tests.post import BY, PostOffice, draft, person, post_office, put
from leadloop.people import services as people
from leadloop.people.contracts import Channel, ConsentWord, Suppress
from leadloop.people.links import read_key
from leadloop.segments import services as segments
from leadloop.segments.contracts import NewSegment, SegmentRow, Subject
from leadloop.segments.queries import segment
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CLOCK = by_system("clock")
BODY = "Dear {{ person.given_name | friend }},\n\nnew pumps are here.\n\n{{ owner.name | We }}"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as one:
        yield one


@pytest.fixture(autouse=True)
def spring(cast: Cast) -> None:
    text: dict[str, Any] = {"key": "spring", "owner_id": cast.user["tomas"], "now": MONDAY}
    by = by_user(cast.user["tomas"])
    save_template(language="en", subject="New pumps", body=BODY, actor=by, **text)
    save_template(language="de", subject="Neue Pumpen", body="Guten Tag {{ person.name | zusammen }}", actor=by, **text)


def everybody(cast: Cast, subject: Subject = Subject.PERSON) -> SegmentRow:
    facet = "person.email_domain"
    ast = {"all": [{"facet": facet, "op": "=", "value": "acme.example"}]}
    new = NewSegment(name=f"Acme {subject}", subject=subject, criteria=ast, owner_id=cast.user["tomas"])
    return segment(segments.save(segment=new, actor=CLOCK, now=MONDAY))


def drafted(cast: Cast, subject: Subject = Subject.PERSON) -> int:
    row = everybody(cast, subject)
    return services.save(
        name="Spring", segment_id=row.id, template_key="spring", user_id=cast.user["tomas"], now=MONDAY
    )


def confirmed(cast: Cast, typed: int | None = None, subject: Subject = Subject.PERSON) -> int:
    mailing_id = drafted(cast, subject)
    services.confirm(mailing_id=mailing_id, typed=typed, user_id=cast.user["tomas"], now=MONDAY)
    return mailing_id


def write(limit: int = 100) -> int:
    return services.write_due(limit=limit, actor=CLOCK, now=MONDAY)


def send(office: PostOffice, now: datetime = MONDAY + MINUTE) -> Any:
    return outreach.deliver(limit=500, now=now, sender=office.sender)


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="mailing").order_by("id").values_list("kind", flat=True))


def breaches() -> list[Any]:
    return [b for b in check.run() if b.promise in (7, 10)]


def people_of_every_kind(cast: Cast) -> dict[str, int]:
    """One who gets it, and one for every reason not to."""
    found = {
        "ana": person("ana@acme.example"),
        "no_consent": person("ben@acme.example", consent=False),
        "consent_withdrawn": person("cleo@acme.example"),
        "suppressed": person("dan@acme.example"),
        "daily_limit": person("eve@acme.example"),
        "quiet_hours": person("fay@acme.example", zone="Pacific/Auckland", country="NZ"),
    }
    word = ConsentWord(person_id=found["consent_withdrawn"], channel=Channel.EMAIL, purpose="marketing")
    people.withdraw_consent([word], **BY)
    people.suppress([Suppress(channel=Channel.EMAIL, norm="dan@acme.example", reason="complained")], **BY)
    call = Contact(
        occasion="call:1", channel=Channel.CALL, purpose=Purpose.MARKETING, person_id=found["daily_limit"], at=MONDAY
    )
    outreach.note([call], now=MONDAY)
    return found


def test_who_gets_it_and_who_does_not_and_why(cast: Cast) -> None:
    people_of_every_kind(cast)
    counted = audience.count(everybody(cast), MONDAY)
    never = {"no_consent": 1, "consent_withdrawn": 1, "suppressed": 1}
    assert counted == Counted(1, {"daily_limit": 1, "quiet_hours": 1}, never)
    assert (counted.wanted, counted.left_out) == (3, 3)


def test_a_person_with_several_leads_gets_one_letter_about_the_newest(cast: Cast) -> None:
    ana = person("ana@acme.example")
    opened = [
        leads.open_or_join(
            [Pursuit(ref=0, person_id=ana, interest_id=cast.interest[interest], happened_at=MONDAY)],
            terms=in_force(),
            **BY,
        )[0].lead_id
        for interest in ("pumps", "service")
    ]
    assert audience.recipients(everybody(cast, Subject.LEAD), MONDAY) == [Recipient(ana, max(opened))]


def test_a_letter_goes_out_once_confirmed_and_the_hold_is_over(cast: Cast, office: PostOffice) -> None:
    people_of_every_kind(cast)
    mailing_id = confirmed(cast)
    assert write() == 3
    assert write() == 0
    assert queries.mailing(mailing_id).state is State.WRITTEN
    assert send(office, MONDAY + 0.9 * MINUTE).sent == 0
    assert send(office).sent == 1
    [letter] = office.letters
    assert (letter["To"], letter["Subject"]) == ("ana@acme.example", "New pumps")
    assert letter["Reply-To"] == "tomas@alder-finch.example"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Dear Ana" in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert send(office).sent == 0
    assert queries.left_out(mailing_id) == {"consent_withdrawn": 1, "no_consent": 1, "suppressed": 1}
    assert kinds() == ["mailing.saved", "mailing.confirmed", "mailing.written"]
    assert breaches() == []


def test_everybody_reads_it_in_their_own_language_as_it_stood_when_confirmed(cast: Cast, office: PostOffice) -> None:
    person("ana@acme.example"), person("uwe@acme.example", language="de-AT"), person("yann@acme.example", language="fr")
    confirmed(cast)
    save_template(
        key="spring", language="en", subject="Too late", body="x", owner_id=cast.user["tomas"],
        actor=by_user(cast.user["tomas"]), now=MONDAY,
    )  # fmt: skip
    write()
    send(office)
    subjects = {letter["To"]: letter["Subject"] for letter in office.letters}
    assert subjects == {
        "ana@acme.example": "New pumps", "uwe@acme.example": "Neue Pumpen", "yann@acme.example": "New pumps",
    }  # fmt: skip


def test_each_recipient_has_a_link_of_their_own_to_a_form(cast: Cast, office: PostOffice) -> None:
    who = {f"{name}@acme.example": person(f"{name}@acme.example") for name in ("ana", "uwe")}
    body = "[Tell us more](https://leads.acme.example/f/web-form/for/{{person.key|anyone}})"
    text = {"key": "spring", "language": "en", "owner_id": cast.user["tomas"]}
    save_template(subject="More", body=body, actor=CLOCK, now=MONDAY, **text)  # type: ignore[arg-type]  # texts and an id
    confirmed(cast)
    write()
    send(office)
    found = {}
    for letter in office.letters:
        page = letter.get_body(("html",)).get_content()  # type: ignore[union-attr]  # it has one
        key = re.search(r'href="https://leads.acme.example/f/web-form/for/([^"]+)"', page)
        assert key
        found[letter["To"]] = read_key(key[1], now=MONDAY)
    assert found == who


def test_who_says_no_after_it_was_written_gets_none(cast: Cast, office: PostOffice) -> None:
    ana = person("ana@acme.example")
    mailing_id = confirmed(cast)
    write()
    people.withdraw_consent([ConsentWord(person_id=ana, channel=Channel.EMAIL, purpose="marketing")], **BY)
    assert send(office).refused == 1
    [outcome] = outbox.outcomes(queries.occasion(mailing_id))
    assert (outcome.state, outcome.detail, outcome.count) == ("refused", "consent_withdrawn", 1)
    assert office.letters == []


def test_unsubscribing_by_one_click_is_told_of_the_mailing(cast: Cast, office: PostOffice) -> None:
    ana = person("ana@acme.example")
    mailing_id = confirmed(cast)
    write()
    send(office)
    later = put(draft(ana, Purpose.MARKETING))
    link = office.letters[0]["List-Unsubscribe"].strip("<>")
    path = link[link.index("/unsubscribe/") :]
    with clock.at(MONDAY + MINUTE):
        assert Client().get(path).status_code == 200
        assert outbox.outcomes(queries.occasion(mailing_id))[0].unsubscribed == 0
        for _ in range(2):
            assert Client().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    [outcome] = outbox.outcomes(queries.occasion(mailing_id))
    assert (outcome.count, outcome.unsubscribed) == (1, 1)
    [row] = outbox.of_occasion(queries.occasion(mailing_id), unsubscribed=True)
    assert row.person_id == ana
    assert Event.objects.filter(kind="message.unsubscribed").count() == 1
    assert (
        people.suppress(
            [Suppress(channel=Channel.EMAIL, norm="ana@acme.example", reason="x", purpose="marketing")], **BY
        )
        == 0
    )
    assert outbox.message(later[0]).state == "refused"  # type: ignore[union-attr]  # it is there
    assert audience.count(everybody(cast, Subject.LEAD), MONDAY).wanted == 0


def test_within_the_hold_all_of_it_is_stopped(cast: Cast, office: PostOffice) -> None:
    for number in range(5):
        person(f"p{number}@acme.example")
    mailing_id = confirmed(cast)
    assert write(limit=2) == 2
    stopper = {"mailing_id": mailing_id, "user_id": cast.user["ines"], "now": MONDAY + 0.5 * MINUTE}
    assert services.stop(**stopper) == 5
    assert services.stop(**stopper) == 0
    assert write() == 0
    assert send(office).sent == 0
    row = queries.mailing(mailing_id)
    assert (row.state, row.wanted, row.left_out, row.stopped_by_id) == (State.STOPPED, 2, 3, cast.user["ines"])
    assert kinds()[-1] == "mailing.stopped"
    assert breaches() == []


def test_stopping_later_takes_back_what_has_not_gone(cast: Cast, office: PostOffice) -> None:
    person("ana@acme.example"), person("fay@acme.example", zone="Pacific/Auckland", country="NZ")
    mailing_id = confirmed(cast)
    write()
    send(office)
    assert services.stop(mailing_id=mailing_id, user_id=cast.user["tomas"], now=MONDAY + 2 * MINUTE) == 1
    assert outbox.counts(queries.occasion(mailing_id))["sent"] == 1


def test_what_has_all_gone_out_can_not_be_stopped(cast: Cast, office: PostOffice) -> None:
    person("ana@acme.example")
    mailing_id = confirmed(cast)
    write()
    send(office)
    with pytest.raises(Conflict):
        services.stop(mailing_id=mailing_id, user_id=cast.user["tomas"], now=MONDAY + 2 * MINUTE)
    assert queries.mailing(mailing_id).state is State.WRITTEN


def test_confirming_twice_writes_once(cast: Cast) -> None:
    person("ana@acme.example")
    mailing_id = confirmed(cast)
    with pytest.raises(Conflict):
        services.confirm(mailing_id=mailing_id, typed=None, user_id=cast.user["tomas"], now=MONDAY)
    assert Row.objects.count() == 1


def test_above_a_hundred_the_number_is_typed(cast: Cast) -> None:
    for number in range(101):
        person(f"p{number}@acme.example")
    mailing_id = drafted(cast)
    for typed in (None, 100, 102):
        with pytest.raises(Invalid) as wrong:
            services.confirm(mailing_id=mailing_id, typed=typed, user_id=cast.user["tomas"], now=MONDAY)
        assert wrong.value.field == "typed"
    assert services.confirm(mailing_id=mailing_id, typed=101, user_id=cast.user["tomas"], now=MONDAY).wanted == 101


def test_what_can_not_be_sent_is_refused(cast: Cast) -> None:
    person("ben@acme.example", consent=False)
    mailing_id = drafted(cast)
    with pytest.raises(Refused):
        services.confirm(mailing_id=mailing_id, typed=None, user_id=cast.user["tomas"], now=MONDAY)
    with pytest.raises(Refused):
        services.stop(mailing_id=mailing_id, user_id=cast.user["tomas"], now=MONDAY)
    row = queries.mailing(mailing_id)
    given: dict[str, Any] = {"user_id": cast.user["tomas"], "now": MONDAY}
    for changes, error in (
        ({"name": " "}, Invalid),
        ({"template_key": "none"}, NotFound),
        ({"segment_id": 0}, NotFound),
    ):
        wanted = {"name": "Again", "segment_id": row.segment_id, "template_key": "spring"} | changes
        with pytest.raises(error):
            services.save(**wanted, **given)
    segments.archive(segment_id=row.segment_id, actor=CLOCK, now=MONDAY)
    with pytest.raises(Invalid):
        services.save(name="Again", segment_id=row.segment_id, template_key="spring", **given)


def test_a_test_goes_to_oneself_and_to_nobody_else(cast: Cast, office: PostOffice) -> None:
    ana = person("ana@acme.example")
    mailing_id = drafted(cast)
    tomas = cast.user["tomas"]
    services.try_out(mailing_id=mailing_id, like=Recipient(ana, None), user_id=tomas, actor=by_user(tomas), now=MONDAY)
    send(office)
    assert office.recipients == ["tomas@alder-finch.example"]
    assert office.letters[0]["Subject"] == "Test: New pumps"
    assert queries.mailing(mailing_id).state is State.DRAFT


def test_one_who_was_merged_meanwhile_gets_one_letter(cast: Cast, office: PostOffice) -> None:
    ana, twin = person("ana@acme.example"), person("ana.ruiz@acme.example")
    mailing_id = confirmed(cast)
    identity.merge(survivor_id=ana, loser_id=twin, **BY)
    write()
    send(office)
    assert len(office.letters) == 1
    assert queries.left_out(mailing_id) == {"merged": 1}
    assert breaches() == []


def test_writing_asks_the_same_however_many_letters(cast: Cast) -> None:
    for number in range(30):
        person(f"p{number}@acme.example")
    confirmed(cast)
    asked = []
    for limit in (1, 1, 25):
        with CaptureQueriesContext(connection) as log:
            write(limit)
        asked.append(len(log))
    assert asked[1] == asked[2]


def test_a_broken_promise_is_found(cast: Cast) -> None:
    people_of_every_kind(cast)
    mailing_id = confirmed(cast)
    write()
    Row.objects.filter(mailing_id=mailing_id, reason="").update(reason="no_consent")
    with connection.cursor() as cursor:
        cursor.execute("update mailing_mailing set wanted = wanted + 1")
    assert {b.name for b in breaches()} == {
        "a letter of a mailing to somebody it left out",
        "a mailing whose figures are not its letters",
    }
