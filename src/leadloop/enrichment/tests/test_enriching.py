"""Firms get facts from the company's own files: by policy, with where each came from, and taken back as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.enrichment.contracts import AccountIn, Asked, Finding, Overwrite, Policy
from leadloop.enrichment.providers.own_files import OwnFiles
from leadloop.enrichment.queries import policies, provenance, runs, switched_on
from leadloop.enrichment.services import (
    begin_run,
    enrich,
    keep_file,
    run_of_day,
    save_policies,
    switch_on,
    undo_run,
)
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.kernel.text import company_key
from leadloop.ledger.contracts import by_user
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import NewCompany
from leadloop.people.queries import companies
from leadloop.people.services import change_company, remember_companies
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
ACTOR = by_user(1)


def firm(name: str, domain: str | None = None, **told: Any) -> int:
    new = NewCompany(ref=1, name=name, name_key=company_key(name), domain=domain, **told)
    return remember_companies([new], actor=ACTOR, now=MONDAY)[1]


def account(name: str, domain: str | None = None, place: str = "row 2", country: str = "", **values: Any) -> AccountIn:
    return AccountIn(place=place, name=name, domain=domain, country=country, values=values)


def keep(*rows: AccountIn, name: str = "accounts-2026.xlsx", now: Any = MONDAY) -> int:
    return keep_file(name=name, digest=f"{name}{rows}", rows=rows, actor=ACTOR, now=now)


def ask(*company_ids: int, now: Any = MONDAY) -> int:
    run_id = begin_run(why="hand", actor=ACTOR, now=now)
    enrich(company_ids, run_id=run_id, actor=ACTOR, now=now)
    return run_id


def allow(**changed: Any) -> None:
    save_policies(wanted=[Policy(**{"field": "employees", **changed})], actor=ACTOR, now=MONDAY)


def test_a_gap_is_filled_with_where_it_comes_from() -> None:
    acme = firm("Acme Pumps GmbH", "acme.example")
    keep(account("Acme Pumps", "acme.example", place="row 12", employees=250, industry="Pumps",
                 **{"attributes.revenue": "40 M EUR"}))  # fmt: skip
    ask(acme)
    stands = companies([acme])[acme]
    assert (stands.employees, stands.industry, stands.attributes) == (250, "Pumps", {"revenue": "40 M EUR"})
    told = provenance([acme])[acme, "employees"]
    assert (told.origin, told.place, told.provider, told.value) == ("accounts-2026.xlsx", "row 12", "own_files", "250")
    (run,) = runs()
    assert (run.asked, run.found, run.changed, run.refused) == (1, 3, 3, {})
    history = fetch("select field, old, new, source from people_fieldhistory where subject = 'company' order by field")
    assert ("employees", "", "250", "enrichment") in history


def test_the_domain_counts_before_the_name_and_the_newest_file_first() -> None:
    acme, other = firm("Acme Pumps", "acme.example"), firm("Alder Ltd")
    keep(account("Somebody Else", "acme.example", employees=1), account("Acme Pumps GmbH", employees=9), name="old.csv")
    keep(account("Acme", "acme.example", employees=300), account("ALDER Limited", city="Leeds"),
         now=MONDAY + timedelta(days=1))  # fmt: skip
    ask(acme, other)
    assert companies([acme])[acme].employees == 300
    assert companies([other])[other].city == "Leeds"


def test_two_firms_of_one_name_lend_each_other_nothing() -> None:
    here, there, bare = firm("Acme", "acme.example", country="DE"), firm("Acme", country="US"), firm("Nord")
    keep(
        account("Acme", "acme-two.example", employees=1),
        account("Acme", country="DE", employees=2),
        account("Nord", "nord-a.example", employees=3),
        account("Nord", "nord-b.example", employees=4),
    )
    ask(here, there, bare)
    assert companies([here])[here].employees == 2
    assert [companies([one])[one].employees for one in (there, bare)] == [1, None]


def test_what_people_said_stands_unless_the_policy_says_otherwise() -> None:
    acme = firm("Acme", "acme.example", employees=10)
    keep(account("Acme", "acme.example", employees=250))
    allow(overwrite=Overwrite.ALWAYS)
    ask(acme)
    assert companies([acme])[acme].employees == 10
    change_company(company_id=acme, changes={"employees": 11}, actor=ACTOR, now=MONDAY)
    ask(acme)
    assert companies([acme])[acme].employees == 11
    assert runs()[0].refused == {"said_by_people": 1}
    allow(overwrite=Overwrite.ALWAYS, over_people=True)
    ask(acme)
    assert companies([acme])[acme].employees == 250


def test_a_providers_value_gives_way_by_age_and_by_hand_for_good() -> None:
    acme = firm("Acme", "acme.example")
    keep(account("Acme", "acme.example", employees=250))
    ask(acme)
    keep(account("Acme", "acme.example", employees=300), name="newer.csv", now=MONDAY + timedelta(days=1))
    allow(overwrite=Overwrite.OLDER, days=30)
    ask(acme, now=MONDAY + timedelta(days=10))
    assert (companies([acme])[acme].employees, runs()[0].refused) == (250, {"young": 1})
    ask(acme, now=MONDAY + timedelta(days=31))
    assert companies([acme])[acme].employees == 300
    change_company(company_id=acme, changes={"employees": 12}, actor=ACTOR, now=MONDAY)
    ask(acme, now=MONDAY + timedelta(days=90))
    assert companies([acme])[acme].employees == 12


def test_asking_again_changes_nothing_more() -> None:
    acme = firm("Acme", "acme.example")
    keep(account("Acme", "acme.example", employees=250))
    ask(acme)
    ask(acme)
    assert (runs()[0].changed, runs()[0].refused) == (0, {"same": 1})
    assert fetch("select count(*) from enrichment_change") == [(1,)]


def test_a_run_is_taken_back_as_far_as_it_still_stands() -> None:
    acme, bolt = firm("Acme", "acme.example"), firm("Bolt", "bolt.example", city="Oslo")
    keep(account("Acme", "acme.example", employees=250, industry="Pumps", **{"attributes.revenue": "40"}),
         account("Bolt", "bolt.example", employees=5, city="Bergen"))  # fmt: skip
    save_policies(wanted=[Policy(field="city", overwrite=Overwrite.ALWAYS, over_people=True)], actor=ACTOR, now=MONDAY)
    run_id = ask(acme, bolt)
    change_company(company_id=acme, changes={"industry": "Valves"}, actor=ACTOR, now=MONDAY)
    done = undo_run(run_id=run_id, actor=ACTOR, now=MONDAY)
    assert (done.changes, done.kept) == (4, 1)
    after = companies([acme, bolt])
    assert (after[acme].employees, after[acme].industry, after[acme].attributes) == (None, "Valves", {})
    assert (after[bolt].employees, after[bolt].city) == (None, "Oslo")
    assert [field for _, field in provenance([acme, bolt])] == ["industry"]
    with pytest.raises(Conflict, match="taken back already"):
        undo_run(run_id=run_id, actor=ACTOR, now=MONDAY)
    with pytest.raises(NotFound):
        undo_run(run_id=0, actor=ACTOR, now=MONDAY)


def test_what_comes_in_by_itself_is_one_run_a_day_that_adds_up() -> None:
    acme, bolt = firm("Acme", "acme.example"), firm("Bolt", "bolt.example", employees=4)
    keep(account("Acme", "acme.example", employees=250), account("Bolt", "bolt.example", employees=5))
    for one in (acme, bolt):
        run_id = run_of_day(actor=ACTOR, now=MONDAY)
        enrich([one], run_id=run_id, actor=ACTOR, now=MONDAY)
    (run,) = runs()
    assert (run.why, run.asked, run.found, run.changed, run.refused) == ("inquiry", 2, 2, 1, {"said_by_people": 1})
    assert run_of_day(actor=ACTOR, now=MONDAY + timedelta(days=1)) != run.id


def test_a_file_is_kept_once_and_must_say_something() -> None:
    assert keep(account("Acme", employees=1)) == keep(account("Acme", employees=1))
    with pytest.raises(Invalid, match="no row names a company"):
        keep(account("", employees=1), account("Acme"))


def test_policies_and_switches_are_kept(cast: Cast) -> None:
    assert policies()["city"].overwrite is Overwrite.EMPTY
    allow(overwrite=Overwrite.OLDER, days=90)
    assert (policies()["employees"].days, policies()["city"].days) == (90, 180)
    with pytest.raises(Invalid, match="no such field"):
        allow(field="name")
    with pytest.raises(Invalid, match="number of days"):
        allow(days=0)
    switch_on(portals=[3, 1], actor=ACTOR, now=MONDAY)
    switch_on(portals=[3], actor=ACTOR, now=MONDAY)
    assert switched_on() == {3}


def test_the_number_of_queries_does_not_depend_on_how_many_firms_are_asked_about() -> None:
    firms = [firm(f"Firm {n}", f"firm{n}.example") for n in range(60)]
    keep(*(account(f"Firm {n}", f"firm{n}.example", employees=n + 1, city="Oslo") for n in range(60)))

    def counted(some: list[int]) -> int:
        run_id = begin_run(why="hand", actor=ACTOR, now=MONDAY)
        with CaptureQueriesContext(connection) as told:
            enrich(some, run_id=run_id, actor=ACTOR, now=MONDAY)
            undone = undo_run(run_id=run_id, actor=ACTOR, now=MONDAY)
        assert undone.changes == 2 * len(some)
        return len(told.captured_queries)

    assert counted(firms[:1]) == counted(firms[1:])


class Register:
    """A provider that knows one firm."""

    key, label, fields = "register", "A register", ("employees", "city")

    def __init__(self, company_id: int) -> None:
        self.company_id = company_id

    def look_up(self, asked: Sequence[Asked]) -> list[Finding]:
        known = [one.company_id for one in asked if one.company_id == self.company_id]
        return [Finding(one, "employees", 99, "record 7", "") for one in known]


def test_of_two_providers_the_first_counts_and_the_second_fills_the_rest() -> None:
    acme = firm("Acme", "acme.example")
    keep(account("Acme", "acme.example", employees=250, industry="Pumps"))
    run_id = begin_run(why="hand", actor=ACTOR, now=MONDAY)
    enrich([acme], run_id=run_id, actor=ACTOR, now=MONDAY, providers=(Register(acme), OwnFiles()))
    stands, told = companies([acme])[acme], provenance([acme])
    assert (stands.employees, stands.industry) == (99, "Pumps")
    assert [told[acme, field].provider for field in ("employees", "industry")] == ["register", "own_files"]
    assert [told[acme, field].origin for field in ("employees", "industry")] == ["record 7", "accounts-2026.xlsx"]
