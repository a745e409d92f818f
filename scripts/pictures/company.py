"""The company that the pictures show: the demo at one moment, and what its history has no rows of."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection

from leadloop.capture import pages
from leadloop.capture.imports.contracts import Options
from leadloop.capture.pages import Block, Copy, Kind, PageIn
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user
from leadloop.ledger.epochs import begin_epoch
from leadloop.loop import imports, pump, unhurried
from leadloop.loop.simulator import simulate
from leadloop.platform.database.testing import shared
from leadloop.platform.queries import user_by_email
from leadloop.tracking.forecast.taking import take
from scripts.pictures import MOMENT
from tests.support.plugin import point_at

SEED = 7
DATABASE = "leadloop_pictures"
DOMAIN = "alder-finch.example"
BUYERS = """
select p.given_name, p.family_name, c.name, f.title, p.city, p.country, c.domain
  from leads_lead l join people_person p on p.id = l.person_id
  join people_facet_person f on f.person_id = p.id
  join people_facet_company c on c.company_id = l.company_id
 where l.stage = 'opportunity' and p.city <> '' and f.title <> '' order by p.id desc limit 6"""


@contextmanager
def company() -> Iterator[str]:
    """The company in a throwaway database, to which Django's connections lead. Yields its address."""
    cluster = shared()
    cluster.create_database(DATABASE)
    owner_url, url = cluster.url("owner", DATABASE), cluster.url("app", DATABASE)
    try:
        point_at(owner_url)
        call_command("migrate", verbosity=0)
        with psycopg.connect(owner_url, autocommit=True) as owner:
            begin_epoch(owner)
            simulate(seed=SEED, end=MOMENT)
            owner.execute("analyze")
        point_at(url)
        with clock.at(MOMENT):
            pump.prepare()
            _settle()
            _same_people_once_more()
            _landing_page()
            take(MOMENT)
            yield url
    finally:
        cluster.drop_database(DATABASE)


def rows(sql: str) -> list[Any]:
    """What a statement finds in the company."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def user_id(name: str) -> int:
    """The id of a colleague by what stands before the @ of their address."""
    return user_by_email(f"{name}@{DOMAIN}").id


def _settle() -> None:
    """See everything through that waits, also who looks like whom."""
    pump.drain()
    while unhurried.turn():
        pass


def _same_people_once_more() -> None:
    """A file of visiting cards, on which buyers whom we know write themselves a little differently."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "cards-of-the-fair.csv"
        with file.open("w", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow(("First name", "Last name", "E-mail", "Company", "Job title", "City", "Country"))
            for given, family, firm, title, city, country, domain in rows(BUYERS):
                address = f"{given[0].lower()}.{family.lower()}@{domain}"
                writer.writerow((given, family, address, firm, title, city, country))
        portal = imports.portal_named("trade-show")
        reading = imports.understand(file, portal, Options(basis="none"))
        actor = by_user(user_id("tomas"))
        imports.bring_in(file, reading, portal, actor=actor, now=MOMENT, on=lambda *_: None)
    _settle()


def _landing_page() -> None:
    """A page for a campaign, with the form of the water check."""
    portal_id = imports.portal_named("water-check").id
    blocks = (
        Block(
            kind=Kind.TEXT,
            text="One morning, one engineer, every pump on your site. You get **a list of what wears out first** and "
            "what it costs to wait.",
        ),
        Block(
            kind=Kind.POINTS,
            text="Flow, pressure and sound of up to forty pumps\nNothing has to be switched off\nThe report is yours, "
            "also if you buy elsewhere",
        ),
        Block(
            kind=Kind.QUOTE,
            text="We found the pump that ate a fifth of our power.",
            note="Ann Berg, head of works, Berg Ltd",
        ),
        Block(kind=Kind.FORM, portal_id=portal_id),
    )
    copy = Copy(
        title="A water check on your site", description="What wears out first, and what waiting costs.", blocks=blocks
    )
    page_id = pages.save_page(page=PageIn(slug="water-check", copy=copy), now=MOMENT)
    pages.publish(page_id=page_id, actor=by_user(user_id("tomas")), now=MOMENT)
