"""Notices: each fact tells whom it concerns once, what is settled waits no more, and old ones make room."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.capture.facts import ImportFinished
from leadloop.distribution.facts import AppealDecided, LeadAssigned, LeadPulledBack, RejectionAppealed
from leadloop.leads.contracts import Proof, Stage
from leadloop.leads.facts import PromiseBroken
from leadloop.leads.services import keep
from leadloop.leads.tests.world import World, owed
from leadloop.ledger.contracts import by_user
from leadloop.loop.models import Notice
from leadloop.loop.notices import writing
from leadloop.loop.notices.contracts import NoticeKind
from leadloop.loop.notices.reading import notices, waiting
from leadloop.loop.notices.writing import mark_read, prune, tell
from leadloop.loop.tests.told import facts
from leadloop.mailing.facts import MailingStopped


def assigned(office: World, lead: Any, name: str = "kim", number: int = 1) -> LeadAssigned:
    return LeadAssigned(
        happened_at=office.now, lead_id=lead.id, person_id=lead.person_id, assignment_id=number,
        user_id=office.user(name), from_user_id=office.user("mira"), how="rotation", rule="Everything",
    )  # fmt: skip


def test_a_hand_over_waits_until_it_is_accepted_or_read(office: World) -> None:
    first, second = office.leads_in(Stage.ASSIGNED, ["kim", "kim"])
    told = facts(assigned(office, first), assigned(office, second, number=2))
    tell(told), tell(told)  # a fact that comes twice tells once
    kim = office.user("kim")
    assert waiting(kim) == 2
    office.move(first.id, Stage.ACCEPTED)
    assert waiting(kim) == 1
    newest, settled = notices(kim)
    assert (newest.lead_id, newest.kind, newest.waits) == (second.id, NoticeKind.LEAD, True)
    assert (settled.waits, settled.read_at) == (False, None)
    assert mark_read(office.user("ola"), notice_id=newest.id, now=office.now) == 0  # not hers
    assert mark_read(kim, notice_id=newest.id, now=office.now) == 1
    assert mark_read(kim, notice_id=newest.id, now=office.now) == 0
    assert waiting(kim) == 0


def test_many_leads_at_once_are_told_together(office: World) -> None:
    leads = office.leads_in(Stage.ASSIGNED, ["kim"] * 6 + ["ola"])
    owners = ["kim"] * 6 + ["ola"]
    told = facts(*(assigned(office, lead, owners[n], n) for n, lead in enumerate(leads)))
    tell(told), tell(told)
    kim = office.user("kim")
    (row,) = notices(kim)
    assert (row.kind, row.detail, row.lead_id, row.waits) == (NoticeKind.LEADS, "6", None, True)
    assert [one.kind for one in notices(office.user("ola"))] == [NoticeKind.LEAD]
    for lead in leads[:5]:
        office.move(lead.id, Stage.ACCEPTED)
    assert waiting(kim) == 1
    office.move(leads[5].id, Stage.ACCEPTED)
    assert waiting(kim) == 0


def test_an_appeal_waits_until_somebody_decided_it(office: World) -> None:
    lead = office.lead_in(Stage.QUALIFIED)
    about = {
        "happened_at": office.now, "lead_id": lead.id, "person_id": lead.person_id,
        "agreement_version": office.terms.version, "appeal_id": 1, "user_id": office.user("kim"),
    }  # fmt: skip
    opened = [RejectionAppealed(**about, assignment_id=n, arbiter_id=office.user("ada")) for n in (7, 8)]
    tell(facts(*opened, actor=by_user(office.user("tomas"))))
    assert waiting(office.user("ada")) == 2
    decided = AppealDecided(**about, assignment_id=7, verdict="stands", made_by_id=office.user("tomas"))
    tell(facts(decided, actor=by_user(office.user("grace"))))  # the deputy
    assert [(row.subject_id, row.waits) for row in notices(office.user("ada"))] == [(8, True), (7, False)]
    for name in ("kim", "tomas"):
        assert [(row.kind, row.detail) for row in notices(office.user(name))] == [(NoticeKind.APPEAL, "stands")]


def test_a_broken_promise_waits_until_it_is_kept_late(office: World) -> None:
    lead = office.lead_in(Stage.ACCEPTED)
    promise = owed(lead.id)["contact"]
    broken = PromiseBroken(
        happened_at=office.now, lead_id=lead.id, promise_id=promise.id, promise="contact",
        owner_id=office.user("kim"), due_at="2026-03-02T12:00:00Z",
    )  # fmt: skip
    tell(facts(broken))
    assert [row.detail for row in notices(office.user("kim"))] == ["contact"]
    assert waiting(office.user("kim")) == 1
    keep([Proof(lead.id, "contact", "activity:1")], actor=office.by("kim"), now=office.now)
    assert waiting(office.user("kim")) == 0


def test_nobody_is_told_of_what_they_did_and_others_are(office: World) -> None:
    lead = office.lead_in(Stage.ASSIGNED)
    tell(facts(assigned(office, lead), actor=by_user(office.user("kim"))))
    tell(facts(LeadPulledBack(happened_at=office.now, lead_id=lead.id, assignment_id=1, user_id=office.user("ola"))))
    tell(facts(MailingStopped(happened_at=office.now, mailing_id=7, taken_back=1, unwritten=2)))  # nobody knows it
    assert waiting(office.user("kim")) == 0
    assert [row.kind for row in notices(office.user("ola"))] == [NoticeKind.BACK]
    assert Notice.objects.count() == 1


def test_an_import_tells_who_brought_it_in_when_rows_are_in_quarantine(
    office: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Run:
        id, started_by = 3, str(by_user(office.user("mira")))

    monkeypatch.setattr(writing, "import_runs", lambda ids, limit: [Run()])
    done = {
        "happened_at": office.now,
        "run_id": 3,
        "portal_id": 1,
        "rows": 9,
        "new": 5,
        "joined": 0,
        "other": 0,
        "known": 0,
    }
    tell(facts(ImportFinished(**done, quarantined=0)))
    assert notices(office.user("mira")) == []
    tell(facts(ImportFinished(**done, quarantined=4)))
    [row] = notices(office.user("mira"))
    assert (row.kind, row.subject_id, row.detail, row.waits) == (NoticeKind.IMPORT, 3, "4", True)


def test_only_the_newest_are_kept_and_paged(office: World) -> None:
    leads = office.leads_in(Stage.ASSIGNED, ["kim"] * 8)
    others = office.leads_in(Stage.ASSIGNED, ["ola"] * 2)
    for number, lead in enumerate([*leads, *others]):
        tell(facts(assigned(office, lead, "kim" if lead in leads else "ola", number)))
    kim = office.user("kim")
    assert [prune(), prune(5), prune(5)] == [0, 3, 0]
    assert len(notices(office.user("ola"))) == 2
    assert [row.lead_id for row in notices(kim)] == [lead.id for lead in reversed(leads[3:])]
    first = notices(kim, limit=2)
    assert [row.lead_id for row in notices(kim, before=first[-1].id, limit=2)] == [leads[5].id, leads[4].id]
    assert mark_read(kim, now=office.now) == 5
    assert waiting(kim) == 0
